//! The changes between two versions of an object. Items of lists are the same by Kubernetes' own keys.

use super::change::{Change, Consequence};
use super::secret::{is_secret_key, names_one};
use super::{defaults, quantity};
use sentry_streams_k8s::kubernetes::Kind;
use sentry_streams_k8s::kubernetes::schema::{Object, Shape, Type, merge_key_default};
use sentry_streams_k8s::read as document;
use sentry_streams_k8s::value::Path;
use sentry_streams_k8s::value::{Map, Node, Origin, Source, Value};
use sentry_streams_k8s::write::json;
use std::collections::{BTreeMap, BTreeSet};

/// All changes from one to the other.
pub(super) fn changes(old: &Node<'_>, new: &Node<'_>) -> Vec<Change> {
    let kind = match old.get("kind").and_then(Node::as_str) {
        Some("ConfigMap") => Some(Kind::ConfigMap),
        Some("Deployment") => Some(Kind::Deployment),
        _ => None,
    };
    let says = |object: &Node<'_>| object.at(&["metadata", "namespace"]).is_some();
    let in_one_namespace = says(old) == says(new);
    let mut differ = Differ {
        is_config_map: kind == Some(Kind::ConfigMap),
        path: String::new(),
        is_secret: false,
        changes: Vec::new(),
    };
    differ.node(old, new, kind.map(|kind| Shape::One(Type::Object(Object::of(kind)))), &[]);
    // The objects were found to be one; whoever applies the one without a namespace gives it that of the other.
    differ.changes.retain(|change| in_one_namespace || change.path != "metadata.namespace");
    differ.changes
}

struct Differ {
    is_config_map: bool,
    path: String,
    /// Whether names on the way say that what is here is a secret.
    is_secret: bool,
    changes: Vec<Change>,
}

impl Differ {
    fn node(&mut self, old: &Node<'_>, new: &Node<'_>, shape: Option<Shape>, merge_keys: &[&str]) {
        match (&old.value, &new.value) {
            (Value::Map(old), Value::Map(new)) => self.map(old, new, shape),
            (Value::List(old), Value::List(new)) => self.list(old, new, shape, merge_keys),
            (Value::String(a), Value::String(b))
                if a != b && self.is_config_map && self.path.starts_with("data") =>
            {
                self.document(a, b);
            }
            _ if matches!(shape, Some(Shape::One(Type::Quantity)))
                && quantity::is_same(old, new) => {}
            _ if old != new => self.change(Some(old), Some(new)),
            _ => {}
        }
    }

    fn map(&mut self, old: &Map<'_>, new: &Map<'_>, shape: Option<Shape>) {
        let object = match shape {
            Some(Shape::One(Type::Object(object))) => Some(object),
            _ => None,
        };
        let shape = |key: &str| match shape {
            Some(Shape::Map(of)) => (Some(Shape::One(of)), &[][..]),
            _ => object
                .and_then(|object| object.field(key))
                .map_or((None, &[][..]), |field| (Some(field.shape), field.merge_keys)),
        };
        // Keys meet by their text, as they will in JSON.
        let (in_old, in_new) = (by_text(old), by_text(new));
        for (key, node) in old.iter() {
            let (shape, merge_keys) = shape(&key.text);
            let other = in_new.get(&*key.text).copied();
            let is_secret = is_secret_key(&key.text, old) || is_secret_key(&key.text, new);
            self.at(&step(&key.text), is_secret, |differ| match other {
                Some(other) => {
                    differ.entry((node, old), (other, new), object, &key.text, (shape, merge_keys));
                }
                None if is_as_absent(object, &key.text, node, old) => {}
                None if is_free_map(node, shape) => differ.node(node, &empty(), shape, &[]),
                None => differ.change(Some(node), None),
            });
        }
        for (key, node) in new.iter().filter(|(key, _)| !in_old.contains_key(&*key.text)) {
            let (shape, _) = shape(&key.text);
            self.at(&step(&key.text), is_secret_key(&key.text, new), |differ| match () {
                () if is_as_absent(object, &key.text, node, new) => {}
                () if is_free_map(node, shape) => differ.node(&empty(), node, shape, &[]),
                () => differ.change(None, Some(node)),
            });
        }
    }

    /// A field that both have; one of them may say no more than if it were not there.
    fn entry(
        &mut self,
        (old, in_old): (&Node<'_>, &Map<'_>),
        (new, in_new): (&Node<'_>, &Map<'_>),
        object: Option<&'static Object>,
        key: &str,
        (shape, merge_keys): (Option<Shape>, &[&str]),
    ) {
        let is_nothing = |node, siblings| is_as_absent(object, key, node, siblings);
        if !(is_nothing(old, in_old) && is_nothing(new, in_new)) {
            self.node(old, new, shape, merge_keys);
        }
    }

    fn list(
        &mut self,
        old: &[Node<'_>],
        new: &[Node<'_>],
        shape: Option<Shape>,
        merge_keys: &[&str],
    ) {
        let item = match shape {
            Some(Shape::List(of)) => Some(Shape::One(of)),
            _ => None,
        };
        if let (Some(in_old), Some(in_new)) =
            (identities(old, merge_keys), identities(new, merge_keys))
        {
            self.keyed((old, &in_old), (new, &in_new), item);
        } else {
            self.by_position(old, new, item);
        }
    }

    fn keyed(
        &mut self,
        (old, in_old): (&[Node<'_>], &[String]),
        (new, in_new): (&[Node<'_>], &[String]),
        item: Option<Shape>,
    ) {
        let index = |ids: &[String]| -> BTreeMap<String, usize> {
            ids.iter().enumerate().map(|(at, id)| (id.clone(), at)).collect()
        };
        let (known_old, known_new) = (index(in_old), index(in_new));
        for (id, node) in in_old.iter().zip(old) {
            let other = known_new.get(id).and_then(|at| new.get(*at));
            self.at(&format!("[{id}]"), false, |differ| match other {
                Some(other) => differ.node(node, other, item, &[]),
                None => differ.change(Some(node), None),
            });
        }
        for (id, node) in in_new.iter().zip(new).filter(|(id, _)| !known_old.contains_key(*id)) {
            self.at(&format!("[{id}]"), false, |differ| differ.change(None, Some(node)));
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
    fn by_position(&mut self, old: &[Node<'_>], new: &[Node<'_>], item: Option<Shape>) {
        let is_secret = names_one(old) || names_one(new);
        let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let rest = |items: &[Node<'_>]| items.len().saturating_sub(start);
        let most = rest(old).min(rest(new));
        let end =
            old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
        let (old_end, new_end) = (old.len().saturating_sub(end), new.len().saturating_sub(end));
        for at in start..old_end.max(new_end) {
            let (before, after) =
                (old.get(at).filter(|_| at < old_end), new.get(at).filter(|_| at < new_end));
            self.at(&format!("[{at}]"), is_secret, |differ| match (before, after) {
                (Some(before), Some(after)) => differ.node(before, after, item, &[]),
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
            self.at(":", false, |differ| {
                let is_config_map = std::mem::replace(&mut differ.is_config_map, false);
                differ.node(&old_root, &new_root, None, &[]);
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

    fn at(&mut self, step: &str, is_secret: bool, inside: impl FnOnce(&mut Self)) {
        let (length, outside) = (self.path.len(), self.is_secret);
        self.path.push_str(if length == 0 { step.trim_start_matches('.') } else { step });
        self.is_secret |= is_secret;
        inside(self);
        self.is_secret = outside;
        self.path.truncate(length);
    }

    fn change(&mut self, old: Option<&Node<'_>>, new: Option<&Node<'_>>) {
        self.push(old.map(json), new.map(json));
    }

    fn push(&mut self, old: Option<String>, new: Option<String>) {
        if defaults::is_of_server(&self.path) {
            return;
        }
        let consequence = self.consequence();
        self.changes.push(Change {
            path: self.path.clone(),
            old,
            new,
            consequence,
            is_secret: self.is_secret,
        });
    }

    fn consequence(&self) -> Consequence {
        let is_below = |place: &str| {
            self.path
                .strip_prefix(place)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', ':']))
        };
        if self.is_config_map {
            return if is_below("metadata") {
                Consequence::MetadataOnly
            } else {
                Consequence::ConfigMap
            };
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

/// Whether a field says no more than if it were not there.
fn is_as_absent(object: Option<&Object>, key: &str, node: &Node<'_>, siblings: &Map<'_>) -> bool {
    object.is_some_and(|object| defaults::is_as_absent(object, key, node, siblings))
}

/// Whether a value is a mapping with free keys: an empty one is as good as none.
fn is_free_map(node: &Node<'_>, shape: Option<Shape>) -> bool {
    node.as_map().is_some() && matches!(shape, Some(Shape::Map(_)))
}

fn empty() -> Node<'static> {
    Node::new(Value::Map(Map::EMPTY), Origin::MACRO)
}

/// The values of a mapping by the texts of their keys.
fn by_text<'m>(map: &'m Map<'_>) -> BTreeMap<&'m str, &'m Node<'m>> {
    map.iter().map(|(key, node)| (&*key.text, node)).collect()
}

/// A key as paths have it.
fn step(key: &str) -> String {
    let path = Path::field(key).to_string();
    if path.starts_with('[') { path } else { format!(".{path}") }
}

/// The identity of each item; none where two have the same, or one has none.
fn identities(items: &[Node<'_>], keys: &[&str]) -> Option<Vec<String>> {
    let mut identities = Vec::with_capacity(items.len());
    let mut seen = BTreeSet::new();
    for item in items {
        let identity = identity(item, keys)?;
        if !seen.insert(identity.clone()) {
            return None;
        }
        identities.push(identity);
    }
    Some(identities)
}

/// The identity of an item: the values of its keys.
fn identity(item: &Node<'_>, keys: &[&str]) -> Option<String> {
    let value = |key: &str| match item.get(key).map(|node| &node.value) {
        Some(Value::String(text) | Value::Integer(text)) => Some(text.to_string()),
        _ => None,
    };
    let first = value(keys.first()?)?;
    let rest = keys
        .iter()
        .skip(1)
        .map(|key| value(key).or_else(|| merge_key_default(key).map(str::to_owned)));
    let values: Option<Vec<String>> = std::iter::once(Some(first)).chain(rest).collect();
    Some(values?.join("/"))
}
