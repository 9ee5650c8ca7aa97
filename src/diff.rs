//! What changes between two sets of objects, and what that means for what runs.
//!
//! Objects are the same by kind, namespace and name; items of lists by Kubernetes' own keys. The component does not
//! export this: it is for tools in Rust, which link it.

use crate::document;
use crate::kubernetes::Kind;
use crate::kubernetes::schema::{Field, Object};
use crate::merge::positions;
use crate::node::{Map, Node, Origin, Source, Value};
use crate::output::json;
use crate::patch::identity;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// What a change means, the gravest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Consequence {
    /// Labels, annotations: nothing that runs notices.
    MetadataOnly,
    /// The text means the same.
    SameMeaning,
    /// How later rollouts go; pods stay.
    Rollout,
    /// The configuration in a `ConfigMap`; pods read it when they start.
    ConfigMap,
    /// The number of pods.
    Scale,
    /// An object that is new.
    Created,
    /// An object that is no more.
    Gone,
    /// The pod template: every pod is replaced.
    Restart,
    /// Kubernetes refuses it.
    Refused,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The place in the object; items of keyed lists by their key: `containers[consumer].image`.
    pub path: String,
    /// The value before as JSON text; none where there was none.
    pub old: Option<String>,
    /// The value now.
    pub new: Option<String>,
    /// What it means.
    pub consequence: Consequence,
}

/// An object that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectDiff {
    /// Its kind.
    pub kind: String,
    /// Its namespace, where it has one.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// What changes in it; one change without a path where the object is new or gone.
    pub changes: Vec<Change>,
}

impl Consequence {
    /// Its name, for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::MetadataOnly => "metadata-only",
            Self::SameMeaning => "same-meaning",
            Self::Rollout => "rollout-settings",
            Self::ConfigMap => "config-map",
            Self::Scale => "scale",
            Self::Created => "created",
            Self::Gone => "gone",
            Self::Restart => "pods-restart",
            Self::Refused => "refused",
        }
    }

    /// What happens, in a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::MetadataOnly => "metadata only: nothing restarts",
            Self::SameMeaning => "the same, written otherwise: nothing restarts",
            Self::Rollout => "settings for later rollouts: nothing restarts",
            Self::ConfigMap => {
                "the configuration: pods read it when they start, which a new configVersion makes them do"
            }
            Self::Scale => "the number of pods: some start or stop, and none restarts for it",
            Self::Created => "it is created",
            Self::Gone => "it is no longer rendered: what runs stays until somebody deletes it",
            Self::Restart => "the pod template changes: all pods restart",
            Self::Refused => {
                "Kubernetes refuses this: selectors cannot change; delete the Deployment first, or give it another name"
            }
        }
    }
}

impl ObjectDiff {
    /// What people call the object: `Deployment profiling/profiles-0`.
    pub fn title(&self) -> String {
        let namespace = self.namespace.as_deref().map(|namespace| format!("{namespace}/")).unwrap_or_default();
        format!("{} {namespace}{}", self.kind, self.name)
    }

    /// What the changes mean, the gravest first, each once.
    pub fn consequences(&self) -> Vec<Consequence> {
        let mut all: Vec<Consequence> = self.changes.iter().map(|change| change.consequence).collect();
        all.sort_unstable();
        all.dedup();
        all.reverse();
        all
    }
}

/// The objects that differ, in the order of the old ones, then of the new.
pub fn diff(old: &[Node<'_>], new: &[Node<'_>]) -> Vec<ObjectDiff> {
    let by_identity: BTreeMap<_, _> = new.iter().map(|object| (object_identity(object), object)).collect();
    let known: BTreeSet<_> = old.iter().map(object_identity).collect();
    let mut diffs = Vec::new();
    for object in old {
        let id = object_identity(object);
        let changes = match by_identity.get(&id) {
            Some(new) => changes(object, new),
            None => vec![whole(Some(object), None, Consequence::Gone)],
        };
        diffs.push((id, changes));
    }
    for object in new {
        let id = object_identity(object);
        if !known.contains(&id) {
            diffs.push((id, vec![whole(None, Some(object), Consequence::Created)]));
        }
    }
    diffs.retain(|(_, changes)| !changes.is_empty());
    let object_diff = |(id, changes): (Identity, Vec<Change>)| {
        let (kind, namespace, name) = id;
        ObjectDiff { kind, namespace: Some(namespace).filter(|namespace| !namespace.is_empty()), name, changes }
    };
    diffs.into_iter().map(object_diff).collect()
}

/// Kind, namespace and name.
type Identity = (String, String, String);

fn object_identity(object: &Node<'_>) -> Identity {
    let text = |keys: &[&str]| object.at(keys).and_then(Node::as_str).unwrap_or_default().to_owned();
    (text(&["kind"]), text(&["metadata", "namespace"]), text(&["metadata", "name"]))
}

fn whole(old: Option<&Node<'_>>, new: Option<&Node<'_>>, consequence: Consequence) -> Change {
    Change { path: String::new(), old: old.map(json), new: new.map(json), consequence }
}

fn changes(old: &Node<'_>, new: &Node<'_>) -> Vec<Change> {
    let kind = match old.get("kind").and_then(Node::as_str) {
        Some("ConfigMap") => Some(Kind::ConfigMap),
        Some("Deployment") => Some(Kind::Deployment),
        _ => None,
    };
    let mut differ = Differ { is_config_map: kind == Some(Kind::ConfigMap), path: String::new(), changes: Vec::new() };
    differ.node(old, new, kind.map(Object::of), None);
    differ.changes
}

struct Differ {
    is_config_map: bool,
    path: String,
    changes: Vec<Change>,
}

impl Differ {
    fn node(&mut self, old: &Node<'_>, new: &Node<'_>, object: Option<&'static Object>, field: Option<&'static Field>) {
        match (&old.value, &new.value) {
            (Value::Map(old), Value::Map(new)) => self.map(old, new, object),
            (Value::List(old), Value::List(new)) => self.list(old, new, field),
            (Value::String(a), Value::String(b)) if a != b && self.is_config_map && self.path.starts_with("data") => {
                self.document(a, b);
            }
            _ if old != new => self.change(Some(old), Some(new)),
            _ => {}
        }
    }

    fn map(&mut self, old: &Map<'_>, new: &Map<'_>, object: Option<&'static Object>) {
        for ((key, node), at) in old.iter().zip(positions(new, old)) {
            let field = object.and_then(|object| object.field(&key.text));
            let other = at.and_then(|at| new.entries().get(at));
            self.at(&step(&key.text), |differ| match other {
                Some((_, other)) => differ.node(node, other, field.and_then(Field::object), field),
                None => differ.change(Some(node), None),
            });
        }
        for ((key, node), at) in new.iter().zip(positions(old, new)) {
            if at.is_none() {
                self.at(&step(&key.text), |differ| differ.change(None, Some(node)));
            }
        }
    }

    fn list(&mut self, old: &[Node<'_>], new: &[Node<'_>], field: Option<&'static Field>) {
        let keys = field.map_or(&[][..], |field| field.merge_keys);
        let object = field.and_then(Field::object);
        if let (Some(in_old), Some(in_new)) = (identities(old, keys), identities(new, keys)) {
            self.keyed((old, &in_old), (new, &in_new), object);
        } else {
            self.by_position(old, new, object);
        }
    }

    fn keyed(
        &mut self,
        (old, in_old): (&[Node<'_>], &[String]),
        (new, in_new): (&[Node<'_>], &[String]),
        object: Option<&'static Object>,
    ) {
        let index = |ids: &[String]| -> BTreeMap<String, usize> {
            ids.iter().enumerate().map(|(at, id)| (id.clone(), at)).collect()
        };
        let (known_old, known_new) = (index(in_old), index(in_new));
        for (id, node) in in_old.iter().zip(old) {
            let other = known_new.get(id).and_then(|at| new.get(*at));
            self.at(&format!("[{id}]"), |differ| match other {
                Some(other) => differ.node(node, other, object, None),
                None => differ.change(Some(node), None),
            });
        }
        for (id, node) in in_new.iter().zip(new).filter(|(id, _)| !known_old.contains_key(*id)) {
            self.at(&format!("[{id}]"), |differ| differ.change(None, Some(node)));
        }
        let common = |ids: &[String], other: &BTreeMap<String, usize>| -> Vec<String> {
            ids.iter().filter(|id| other.contains_key(*id)).cloned().collect()
        };
        let (before, after) = (common(in_old, &known_new), common(in_new, &known_old));
        if before != after {
            // Kubernetes compares lists in order.
            let text = |ids: &[String]| Some(format!("in the order {}", ids.join(", ")));
            self.push(text(&before), text(&after));
        }
    }

    /// What stands at both ends stays; the rest has changed place by place.
    fn by_position(&mut self, old: &[Node<'_>], new: &[Node<'_>], object: Option<&'static Object>) {
        let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let rest = |items: &[Node<'_>]| items.len().saturating_sub(start);
        let most = rest(old).min(rest(new));
        let end = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
        let (old_end, new_end) = (old.len().saturating_sub(end), new.len().saturating_sub(end));
        for at in start..old_end.max(new_end) {
            let (before, after) = (old.get(at).filter(|_| at < old_end), new.get(at).filter(|_| at < new_end));
            self.at(&format!("[{at}]"), |differ| match (before, after) {
                (Some(before), Some(after)) => differ.node(before, after, object, None),
                (before, after) => differ.change(before, after),
            });
        }
    }

    /// Text of a `ConfigMap` that is a document of its own: what changes in it.
    fn document(&mut self, old: &str, new: &str) {
        let read = |text| document::read_yaml(text, Source::Context).map(|document| document.root);
        let before = self.changes.len();
        if let (Ok(old_root), Ok(new_root)) = (read(old), read(new))
            && old_root.as_map().is_some()
            && new_root.as_map().is_some()
        {
            self.at(":", |differ| {
                let is_config_map = std::mem::replace(&mut differ.is_config_map, false);
                differ.node(&old_root, &new_root, None, None);
                differ.is_config_map = is_config_map;
            });
            for change in self.changes.iter_mut().skip(before) {
                change.consequence = Consequence::ConfigMap;
            }
        }
        if self.changes.len() == before {
            let quoted = |text: &str| json(&Node::string(text, Origin::MACRO));
            self.push(Some(quoted(old)), Some(quoted(new)));
            let is_same = matches!((read(old), read(new)), (Ok(old), Ok(new)) if old == new);
            if let Some(change) = self.changes.last_mut().filter(|_| is_same) {
                change.consequence = Consequence::SameMeaning;
            }
        }
    }

    fn at(&mut self, step: &str, inside: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push_str(if length == 0 { step.trim_start_matches('.') } else { step });
        inside(self);
        self.path.truncate(length);
    }

    fn change(&mut self, old: Option<&Node<'_>>, new: Option<&Node<'_>>) {
        self.push(old.map(json), new.map(json));
    }

    fn push(&mut self, old: Option<String>, new: Option<String>) {
        let consequence = self.consequence();
        self.changes.push(Change { path: self.path.clone(), old, new, consequence });
    }

    fn consequence(&self) -> Consequence {
        let is_below = |place: &str| {
            self.path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', ':']))
        };
        if self.is_config_map {
            return if is_below("metadata") { Consequence::MetadataOnly } else { Consequence::ConfigMap };
        }
        match () {
            () if is_below("spec.selector") => Consequence::Refused,
            () if is_below("spec.template") => Consequence::Restart,
            () if is_below("spec.replicas") => Consequence::Scale,
            () if is_below("metadata") => Consequence::MetadataOnly,
            () => Consequence::Rollout,
        }
    }
}

/// A key as paths have it.
fn step(key: &str) -> String {
    let path = crate::problem::Path::field(key).to_string();
    if path.starts_with('[') { path } else { format!(".{path}") }
}

/// What tells the items apart; none where they cannot be told apart.
fn identities(items: &[Node<'_>], keys: &[&str]) -> Option<Vec<String>> {
    let mut identities = Vec::with_capacity(items.len());
    let mut seen = BTreeSet::new();
    for item in items {
        let mut text = String::new();
        for (at, part) in identity(item, keys)?.split('\0').enumerate() {
            let _ = write!(text, "{}{part}", if at == 0 { "" } else { "/" });
        }
        if !seen.insert(text.clone()) {
            return None;
        }
        identities.push(text);
    }
    Some(identities)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(old: &str, new: &str) -> Vec<String> {
        let read = |text: &'static str| document::read_yaml(text, Source::Context).unwrap().root;
        let (old, new) = (read(old.to_owned().leak()), read(new.to_owned().leak()));
        let tell = |object: &ObjectDiff| {
            let title = object.title();
            let lines = object.changes.iter().map(move |change| {
                let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
                format!(
                    "{title} {} {} {} {}",
                    change.path,
                    shown(&change.old),
                    shown(&change.new),
                    change.consequence.code()
                )
            });
            lines.collect::<Vec<_>>()
        };
        diff(&[old], &[new]).iter().flat_map(tell).collect()
    }

    fn deployment(spec: &str) -> String {
        format!("{{kind: Deployment, metadata: {{name: a}}, spec: {spec}}}")
    }

    #[track_caller]
    fn assert_spec(old: &str, new: &str, expected: &[&str]) {
        let expected: Vec<String> = expected.iter().map(|line| format!("Deployment a {line}")).collect();
        assert_eq!(told(&deployment(old), &deployment(new)), expected);
    }

    #[test]
    fn each_change_has_its_consequence() {
        assert_spec("{replicas: 1}", "{replicas: 2}", &["spec.replicas 1 2 scale"]);
        assert_spec("{selector: {a: b}}", "{selector: {a: c}}", &[r#"spec.selector.a "b" "c" refused"#]);
        assert_spec("{paused: true}", "{}", &["spec.paused true - rollout-settings"]);
        assert_spec("{selectors: 1}", "{selectors: 2}", &["spec.selectors 1 2 rollout-settings"]);
        assert_spec(
            "{template: {metadata: {annotations: {configVersion: x}}}}",
            "{template: {metadata: {annotations: {configVersion: y}}}}",
            &[r#"spec.template.metadata.annotations.configVersion "x" "y" pods-restart"#],
        );
        assert_spec("{a: 1, b: [2]}", "{b: [2], a: 1}", &[]);
    }

    #[test]
    fn items_of_keyed_lists_meet_by_their_keys() {
        let pod = |containers: &str| format!("{{template: {{spec: {{containers: [{containers}]}}}}}}");
        assert_spec(
            &pod("{name: a, image: x}, {name: b, image: y}"),
            &pod("{name: b, image: z}, {name: c}"),
            &[
                r#"spec.template.spec.containers[a] {"name":"a","image":"x"} - pods-restart"#,
                r#"spec.template.spec.containers[b].image "y" "z" pods-restart"#,
                r#"spec.template.spec.containers[c] - {"name":"c"} pods-restart"#,
            ],
        );
        assert_spec(
            &pod("{name: a}, {name: b}"),
            &pod("{name: b}, {name: a}"),
            &["spec.template.spec.containers in the order a, b in the order b, a pods-restart"],
        );
        assert_spec(
            &pod("{name: a, ports: [{containerPort: 53, protocol: UDP}, {containerPort: 53}]}"),
            &pod("{name: a, ports: [{containerPort: 53, protocol: UDP}, {containerPort: 53, name: dns}]}"),
            &[r#"spec.template.spec.containers[a].ports[53/TCP].name - "dns" pods-restart"#],
        );
        assert_spec(
            &pod("{name: a, args: [x, y, z]}"),
            &pod("{name: a, args: [x, z]}"),
            &[r#"spec.template.spec.containers[a].args[1] "y" - pods-restart"#],
        );
    }

    #[test]
    fn config_maps_are_read() {
        let map = |text: &str| format!("{{kind: ConfigMap, metadata: {{name: c}}, data: {{c.yaml: {text:?}}}}}");
        assert_eq!(
            told(&map("{\"a\": {\"b\": 1}}"), &map("{\"a\": {\"b\": 2}}")),
            [r#"ConfigMap c data["c.yaml"]:.a.b 1 2 config-map"#]
        );
        assert_eq!(
            told(&map("{\"a\": 1}"), &map("{\"a\":  1}")),
            [r#"ConfigMap c data["c.yaml"] "{\"a\": 1}" "{\"a\":  1}" same-meaning"#]
        );
        assert_eq!(told(&map("a"), &map("b")), [r#"ConfigMap c data["c.yaml"] "a" "b" config-map"#]);
    }

    #[test]
    fn objects_come_and_go() {
        let old = deployment("{}");
        let new = "{kind: Deployment, metadata: {name: b, namespace: n}}";
        let codes: Vec<String> =
            told(&old, new).iter().map(|line| line.rsplit(' ').next().unwrap().to_owned()).collect();
        assert_eq!(codes, ["gone", "created"]);
    }
}
