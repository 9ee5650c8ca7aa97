//! Which objects come, go, or change. Objects are the same by kind, namespace and name.

use super::change::{Change, Consequence, ObjectDiff};
use super::differ;
use sentry_streams_k8s::node::Node;
use sentry_streams_k8s::output::json;
use std::collections::{BTreeMap, BTreeSet};

/// The objects that differ, in the order of the old ones, then of the new.
pub(crate) fn compare(old: &[Node<'_>], new: &[Node<'_>]) -> Vec<ObjectDiff> {
    let by_identity: BTreeMap<_, _> = new.iter().map(|object| (object_identity(object), object)).collect();
    let known: BTreeSet<_> = old.iter().map(object_identity).collect();
    let mut diffs = Vec::new();
    for object in old {
        let id = object_identity(object);
        let changes = match by_identity.get(&id) {
            Some(new) => differ::changes(object, new),
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

#[cfg(test)]
mod tests;
