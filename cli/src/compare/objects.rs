//! Which objects come, go, or change. Objects are the same by kind, namespace and name.

use super::change::{Change, Consequence, ObjectDiff};
use super::differ;
use sentry_streams_k8s::value::Node;
use sentry_streams_k8s::write::json;
use std::collections::{BTreeMap, BTreeSet};

/// The objects that differ, in the order of the old ones, then of the new.
pub(crate) fn compare(old: &[Node<'_>], new: &[Node<'_>]) -> Vec<ObjectDiff> {
    let in_new: BTreeMap<_, _> =
        new.iter().enumerate().map(|(at, object)| (identity(object), at)).collect();
    let known: BTreeSet<_> = old.iter().map(identity).collect();
    let mut met = BTreeSet::new();
    let mut diffs = Vec::new();
    for object in old {
        let id = identity(object);
        let at = in_new.get(&id).copied().or_else(|| elsewhere(object, new, &known));
        let changes = match at.and_then(|at| new.get(at)) {
            Some(new) => differ::changes(object, new),
            None => vec![whole(Some(object), None, Consequence::Gone)],
        };
        met.extend(at);
        diffs.push((id, changes));
    }
    for (_, object) in new.iter().enumerate().filter(|(at, _)| !met.contains(at)) {
        diffs.push((identity(object), vec![whole(None, Some(object), Consequence::Created)]));
    }

    diffs.retain(|(_, changes)| !changes.is_empty());
    let object_diff = |(id, changes): (Identity, Vec<Change>)| {
        let (kind, namespace, name) = id;
        ObjectDiff {
            kind,
            namespace: Some(namespace).filter(|namespace| !namespace.is_empty()),
            name,
            changes,
        }
    };
    diffs.into_iter().map(object_diff).collect()
}

/// The one new object of the same kind and name, where only one of the two says its namespace: what is read from a server
/// always does, and what is rendered goes to the namespace of whoever applies it.
fn elsewhere(object: &Node<'_>, new: &[Node<'_>], known: &BTreeSet<Identity>) -> Option<usize> {
    let (kind, namespace, name) = identity(object);
    let is_it = |(_, other): &(usize, &Node<'_>)| {
        let id = identity(other);
        !known.contains(&id)
            && id.0 == kind
            && id.2 == name
            && (id.1.is_empty() || namespace.is_empty())
    };
    let mut found = new.iter().enumerate().filter(is_it);
    match (found.next(), found.next()) {
        (Some((at, _)), None) => Some(at),
        _ => None,
    }
}

/// Kind, namespace and name.
type Identity = (String, String, String);

fn identity(object: &Node<'_>) -> Identity {
    let text =
        |keys: &[&str]| object.at(keys).and_then(Node::as_str).unwrap_or_default().to_owned();
    (text(&["kind"]), text(&["metadata", "namespace"]), text(&["metadata", "name"]))
}

fn whole(old: Option<&Node<'_>>, new: Option<&Node<'_>>, consequence: Consequence) -> Change {
    Change {
        path: String::new(),
        old: old.map(json),
        new: new.map(json),
        consequence,
        is_secret: false,
    }
}

#[cfg(test)]
mod tests;
