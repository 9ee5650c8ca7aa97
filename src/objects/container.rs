//! The managed container: base, then the container template, then what the macro adds.

use super::templates;
use super::volumes::{CONFIG_FILE, HEALTH_FILE, ManagedVolume};
use crate::context::Context;
use crate::layers::{Merge, Stage, Written, present};
use crate::problem::{Code, Cure, Problem, Report};
use crate::value::{Node, Origin, Path, Source, Trail, Value};

/// Builds the container. `watch` sees it before the template, and before what the macro adds.
pub(crate) fn build<'a>(
    context: &Context<'a>,
    place: &Path,
    report: &mut Report,
    watch: &mut dyn FnMut(Stage, &mut Node<'a>),
) -> Node<'a> {
    let managed = managed(context);
    let mut container = templates::CONTAINER.node(Source::Base);
    let template = present(context.container_template.node, &[&container, &managed]);
    check_managed(context, &template, &managed, place, report);
    let problems = &mut report.problems;

    watch(Stage::ContainerBase, &mut container);

    Merge { root: place, written: Written::Above, other: "the base template has", problems }.apply(
        &mut container,
        &template,
        &Trail::ROOT,
    );
    watch(Stage::ContainerTemplate, &mut container);

    Merge { root: place, written: Written::Below, other: "the macro adds", problems }.apply(
        &mut container,
        &managed,
        &Trail::ROOT,
    );
    container
}

/// What the macro sets, in the reference's order.
fn managed<'a>(context: &Context<'a>) -> Node<'a> {
    let text = |text: &'static str| Node::string(text, Origin::MACRO);
    let number = |digits: &'static str| Node::new(Value::Integer(digits.into()), Origin::MACRO);
    let map = |entries: Vec<(&'static str, Node<'a>)>| Node::map(entries, Origin::MACRO);
    let list = |items: Vec<Node<'a>>| Node::list(items, Origin::MACRO);

    let mounts = ManagedVolume::of(context).into_iter().map(|volume| {
        let mut mount =
            vec![("name", text(volume.name())), ("mountPath", text(volume.mount_path()))];
        if volume == ManagedVolume::Config {
            mount.push(("readOnly", Node::new(Value::Bool(true), Origin::MACRO)));
        }
        map(mount)
    });

    let mut entries = vec![
        ("name", context.container_name.node()),
        ("image", context.image_name.node()),
        ("command", list(vec![text("python"), text("-m"), text("sentry_streams.runner")])),
        (
            "args",
            list(vec![
                text("-n"),
                context.pipeline_name.node(),
                text("--log-level"),
                context.log_level.node(),
                text("--adapter"),
                text("rust_arroyo"),
                text("--segment-id"),
                context.segment_id.node(),
                text("--config"),
                text(CONFIG_FILE),
                context.pipeline_module.node(),
            ]),
        ),
        (
            "resources",
            map(vec![
                (
                    "requests",
                    map(vec![("cpu", context.cpu.node()), ("memory", context.memory.node())]),
                ),
                ("limits", map(vec![("memory", context.memory.node())])),
            ]),
        ),
        ("volumeMounts", list(mounts.collect())),
    ];
    if context.enable_liveness_probe {
        let command = list(vec![text("rm"), text(HEALTH_FILE)]);
        entries.push((
            "livenessProbe",
            map(vec![
                ("exec", map(vec![("command", command)])),
                ("failureThreshold", number("31")),
                ("periodSeconds", number("10")),
            ]),
        ));
    }
    map(entries)
}

/// Finds template values that the macro sets itself, which the reference replaces without a word or repeats.
fn check_managed(
    context: &Context<'_>,
    template: &Node<'_>,
    managed: &Node<'_>,
    place: &Path,
    report: &mut Report,
) {
    ignored_fields(template, managed, place, report);
    managed_resources(template, managed, place, report);
    managed_probe(context, template, place, report);
    managed_mounts(context, template, place, report);
}

fn ignored_fields(template: &Node<'_>, managed: &Node<'_>, place: &Path, report: &mut Report) {
    for (field, option) in [("name", "container_name"), ("image", "image_name")] {
        let (Some(given), Some(set)) = (template.get(field), managed.get(field)) else { continue };

        if given.as_str().is_some() && given != set {
            let message = format!(
                "the macro sets the managed container's {field}, so this value is not used"
            );
            let help = format!("remove it, and set `{option}` in the context");
            let problem = Problem::new(Code::IgnoredField, place.key(field), message).help(help);
            report.warnings.add(problem.origin(given.origin).cure(Cure::Remove));
        }
    }
}

fn managed_resources(template: &Node<'_>, managed: &Node<'_>, place: &Path, report: &mut Report) {
    for (kind, resource, option) in [
        ("requests", "cpu", "cpu_per_process"),
        ("requests", "memory", "memory_per_process"),
        ("limits", "memory", "memory_per_process"),
    ] {
        let keys = ["resources", kind, resource];
        let (Some(given), Some(set)) = (template.at(&keys), managed.at(&keys)) else { continue };

        if given.as_str().is_some() && given != set {
            let place = place.key("resources").key(kind).key(resource);
            let message =
                format!("the macro sets {kind} of {resource}, so this value would not be used");
            let help = format!("remove it, and set `{option}` in the context");
            let problem = Problem::new(Code::ManagedResources, place, message).help(help);
            report.problems.add(problem.origin(given.origin).cure(Cure::Remove));
        }
    }
}

fn managed_probe(context: &Context<'_>, template: &Node<'_>, place: &Path, report: &mut Report) {
    let probe = template
        .get("livenessProbe")
        .filter(|probe| context.enable_liveness_probe && probe.is_truthy());

    if let Some(probe) = probe {
        let message = "the macro sets the liveness probe itself";
        let help = "remove it, or set `enable_liveness_probe: false` in the context to keep yours";
        let problem =
            Problem::new(Code::ManagedField, place.key("livenessProbe"), message).help(help);
        report.problems.add(problem.origin(probe.origin).cure(Cure::Remove));
    }
}

fn managed_mounts(context: &Context<'_>, template: &Node<'_>, place: &Path, report: &mut Report) {
    let volumes = ManagedVolume::of(context);
    let mounts = template.get("volumeMounts").and_then(Node::as_list).unwrap_or_default();

    for (index, mount) in mounts.iter().enumerate() {
        let Some(node) = mount.get("mountPath") else { continue };
        let Some(volume) = volumes.iter().find(|volume| node.as_str() == Some(volume.mount_path()))
        else {
            continue;
        };

        let remove = || without_mount(template, mounts.len(), mount);
        let (help, cure) = match volume {
            ManagedVolume::Health if context.processes <= 1 => (
                "mount yours elsewhere, or set `enable_liveness_probe: false` in the context",
                None,
            ),
            ManagedVolume::Health => (
                "the volume is there for your files too: remove this mount, or mount yours elsewhere",
                remove(),
            ),
            ManagedVolume::Config | ManagedVolume::SharedMemory => {
                ("remove this mount, or mount yours elsewhere", remove())
            }
        };
        let place = place.key("volumeMounts").index(index).key("mountPath");
        let message =
            format!("the macro mounts its volume {} at {}", volume.name(), volume.mount_path());
        let problem = Problem::new(Code::ManagedField, place, message).help(help);
        report.problems.add(problem.origin(node.origin).cure(cure));
    }
}

/// Takes a mount out of a template's list, or the list where it is the only one.
fn without_mount(template: &Node<'_>, mounts: usize, mount: &Node<'_>) -> Option<Cure> {
    if mounts > 1 {
        return Some(Cure::RemoveItem(mount.origin));
    }
    let (key, list) = template.as_map()?.entry("volumeMounts")?;
    // What an alias gives stands elsewhere.
    let is_beside = list.origin.offset >= key.origin.end;
    is_beside.then_some(Cure::RemoveRange(Origin { end: list.origin.end, ..key.origin }))
}
