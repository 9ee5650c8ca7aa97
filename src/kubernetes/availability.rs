//! What the cluster's version makes of fields and values that the newest version knows: those that are too new for it,
//! and those whose feature is off in it.

use super::finding::Findings;
use super::place::Place;
use super::schema::Object;
use super::versions::{self, Cluster, Gate, KnownField, KnownValue};
use crate::problem::{Code, Problem};
use crate::value::{Node, Path, Step, Value};

/// Whether the cluster's version knows a field. What is said where it does not, or drops it, or does not know its value.
pub(super) fn knows(
    place: &Place<'_>,
    object: &'static Object,
    field: &str,
    findings: &mut Findings,
) -> bool {
    if let Some(known) = versions::field(object.name, field) {
        if known.since > findings.cluster.minor() {
            let problem = unknown(place, known, findings.cluster);
            drop_field(place, problem, findings);
            return false;
        }
        if let Some(gate) = known.gate
            && is_off(gate, place, known, findings.cluster)
        {
            if is_empty(place.node) {
                findings.dropped.push(place.path());
            } else {
                let problem = off(place, object.name, field, gate, findings.cluster);
                drop_field(place, problem, findings);
            }
            return true;
        }
    }
    if let Some(text) = place.text()
        && let Some(known) = versions::value(object.name, field, text)
    {
        value(place, known, findings);
    }
    true
}

/// Whether the cluster's version has a field that the newest does not have any more. What it holds is not checked.
pub(super) fn had(
    place: &Place<'_>,
    object: &'static Object,
    field: &str,
    findings: &mut Findings,
) -> bool {
    let minor = findings.cluster.minor();
    let Some(known) = versions::removed(object.name, field)
        .filter(|known| (known.since..=known.until).contains(&minor))
    else {
        return false;
    };

    if let Some(gate) = known.gate.filter(|gate| !findings.cluster.has(*gate)) {
        let problem = off(place, object.name, field, gate, findings.cluster);
        drop_field(place, problem, findings);
    }
    true
}

/// An object without the fields that a server drops: what its validation sees.
pub(super) fn kept<'a>(object: &Node<'a>, dropped: &[Path]) -> Option<Node<'a>> {
    if dropped.is_empty() {
        return None;
    }
    let is_image = |path: &&Path| path.steps().last().and_then(Step::key) == Some("image");
    let mut object = object.clone();
    let fields = dropped.iter().filter(|path| !is_image(path));
    fields.for_each(|path| remove(&mut object, path.steps()));

    if dropped.iter().any(|path| is_image(&path)) {
        remove_image_volumes(&mut object);
    }
    Some(object)
}

/// A server that drops the image of a volume drops the volume, and its mounts: `dropImageVolumes`.
fn remove_image_volumes(object: &mut Node<'_>) {
    let pod = ["spec", "template", "spec"]
        .iter()
        .try_fold(object, |node, key| node.as_map_mut()?.get_mut(key));
    let Some(pod) = pod.and_then(Node::as_map_mut) else { return };
    let mut names = Vec::new();

    let name = |node: &Node<'_>| node.get("name").and_then(Node::as_str).map(str::to_owned);
    if let Some(Value::List(volumes)) = pod.get_mut("volumes").map(|node| &mut node.value) {
        volumes.retain(|volume| {
            let is_gone = volume.get("image").is_some();
            names.extend(name(volume).filter(|_| is_gone));
            !is_gone
        });
    }
    for list in ["containers", "initContainers"] {
        let Some(Value::List(list)) = pod.get_mut(list).map(|node| &mut node.value) else {
            continue;
        };
        for container in list.iter_mut().filter_map(Node::as_map_mut) {
            if let Some(Value::List(mounts)) =
                container.get_mut("volumeMounts").map(|node| &mut node.value)
            {
                mounts.retain(|mount| name(mount).is_none_or(|name| !names.contains(&name)));
            }
        }
    }
}

fn remove(node: &mut Node<'_>, path: &[Step]) {
    match (path, &mut node.value) {
        ([Step::Key(key)], Value::Map(map)) => {
            map.entries_mut().retain(|(name, _)| name.text.as_ref() != key);
        }
        ([Step::Key(key), rest @ ..], Value::Map(map)) => {
            if let Some(node) = map.get_mut(key) {
                remove(node, rest);
            }
        }
        ([Step::Index(at), rest @ ..], Value::List(items)) => {
            if let Some(node) = items.get_mut(*at) {
                remove(node, rest);
            }
        }
        _ => {}
    }
}

/// Reports a field that a server drops.
fn drop_field(place: &Place<'_>, problem: Problem, findings: &mut Findings) {
    findings.dropped.push(place.path());
    findings.push_problem(problem);
}

/// Whether nothing is lost with a value.
fn is_empty(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Null => true,
        Value::List(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
        _ => false,
    }
}

/// A field that is newer than the cluster.
fn unknown(place: &Place<'_>, known: &KnownField, cluster: Cluster) -> Problem {
    let (field, object, since) = (known.field, known.object, known.since);
    let message = format!(
        "`{field}` of {object} is known since Kubernetes 1.{since}; this cluster is 1.{}: the server would drop it",
        cluster.minor()
    );
    let help = format!("remove it, until the cluster has Kubernetes 1.{since}");
    place.problem(Code::UnknownField, &message).help(help).origin(place.key_origin())
}

/// Whether a feature is off, and a field is dropped for it.
fn is_off(gate: Gate, place: &Place<'_>, known: &KnownField, cluster: Cluster) -> bool {
    // Of other containers it is refused: `rules::container`.
    let is_dropped = match known.field {
        "restartPolicy" => place.is_in("initContainers"),
        // What a server sets instead.
        "procMount" => place.text() != Some("Default"),
        _ => true,
    };
    is_dropped && !cluster.has(gate)
}

/// A field whose feature is off.
fn off(place: &Place<'_>, object: &str, field: &str, gate: Gate, cluster: Cluster) -> Problem {
    let message = format!(
        "a server of Kubernetes 1.{} drops `{field}` of {object}: {}",
        cluster.minor(),
        off_by_default(gate, cluster)
    );
    place.problem(Code::FeatureOff, &message).help(cure(gate)).origin(place.key_origin())
}

/// A value that is newer than the cluster, or whose feature is off.
fn value(place: &Place<'_>, known: &KnownValue, findings: &mut Findings) {
    let (cluster, value) = (findings.cluster, known.value);

    if known.since > cluster.minor() {
        let since = known.since;
        let message = format!(
            "`{value}` is known since Kubernetes 1.{since}; this cluster is 1.{}: the server refuses it",
            cluster.minor()
        );
        let help =
            format!("use another value, or none, until the cluster has Kubernetes 1.{since}");
        findings.add_with_help(Code::UnsupportedValue, place, message, help);
    } else if let Some(gate) = known.gate.filter(|gate| !cluster.has(*gate)) {
        let message = format!(
            "a server of Kubernetes 1.{} refuses `{value}`: {}",
            cluster.minor(),
            off_by_default(gate, cluster)
        );
        findings.add_with_help(Code::UnsupportedValue, place, message, cure(gate));
    }
}

/// That a feature is off, its stage and since when.
fn off_by_default(gate: Gate, cluster: Cluster) -> String {
    let mut stages = gate.stages().iter().rev();
    match stages.find(|stage| stage.since <= cluster.minor()) {
        Some(stage) => format!(
            "its feature gate {} is {} since 1.{} and off by default",
            gate.name(),
            stage.level.name(),
            stage.since
        ),
        None => format!("it has no feature gate {} yet", gate.name()),
    }
}

/// What to do about a feature that is off.
fn cure(gate: Gate) -> String {
    let name = gate.name();
    let here = format!(
        "if the cluster has it on, say so: `feature_gates: [{name}]`; else remove the field"
    );
    match gate.stages().iter().find(|stage| stage.is_on) {
        Some(stage) => format!("{here}; it is on by default since Kubernetes 1.{}", stage.since),
        None => here,
    }
}

#[cfg(test)]
mod tests;
