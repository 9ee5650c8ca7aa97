//! What every field has been on its way: from the stages of the objects to the values of each field.

use crate::layers::{Stage, positions};
use crate::value::{Index, Map, Node, Origin, Path, Trail, Value};
use std::collections::VecDeque;

/// Gives everything that the macro adds an origin of its own, so that it is known again wherever a later layer moves
/// it to.
pub(crate) fn number(node: &mut Node<'_>) {
    fn walk(node: &mut Node<'_>, next: &mut u32) {
        if node.origin == Origin::MACRO {
            *next = next.saturating_add(1);
            node.origin.offset = *next;
        }
        match &mut node.value {
            Value::Map(map) => {
                map.entries_mut().iter_mut().for_each(|(_, child)| walk(child, next));
            }
            Value::List(items) => items.iter_mut().for_each(|item| walk(item, next)),
            _ => {}
        }
    }
    walk(node, &mut 0);
}

/// For each Deployment, the whole object after each layer: base, deployment template, container template, platform.
pub(super) fn histories(stages: Vec<(Stage, Node<'_>)>) -> Vec<Vec<Node<'_>>> {
    let (mut base, mut template) = (None, None);
    let mut histories: Vec<Vec<Node<'_>>> = Vec::new();
    for (stage, node) in stages {
        match (stage, histories.last_mut()) {
            (Stage::ContainerBase, _) => base = Some(node),
            (Stage::ContainerTemplate, _) => template = Some(node),
            (Stage::Base, _) => histories.push(vec![with_container(node, base.as_ref())]),
            (Stage::DeploymentTemplate, Some(history)) => {
                history.push(with_container(node.clone(), base.as_ref()));
                history.push(with_container(node, template.as_ref()));
            }
            (Stage::Platform, Some(history)) => history.push(node),
            (Stage::Canary, Some(primary)) => {
                // Below what the macro adds, both are the same.
                let mut history = primary.clone();
                history.pop();
                history.push(node);
                histories.push(history);
            }
            (_, None) => {}
        }
    }
    histories
}

/// A Deployment that the managed container has joined early, to see that container's own layers in place.
fn with_container<'a>(mut deployment: Node<'a>, container: Option<&Node<'a>>) -> Node<'a> {
    let keys = ["spec", "template", "spec", "containers"];
    let list = keys.iter().try_fold(&mut deployment, |node, key| node.as_map_mut()?.get_mut(key));
    if let (Some(Node { value: Value::List(items), .. }), Some(container)) = (list, container) {
        items.push(container.clone());
    }
    deployment
}

/// An object that is nothing but another one's namespace.
pub(super) fn namespace<'a>(object: &Node<'a>) -> Option<Node<'a>> {
    let namespace = object.at(&["metadata", "namespace"])?.clone();
    let metadata = Node::map([("namespace", namespace)], Origin::MACRO);
    Some(Node::map([("metadata", metadata)], Origin::MACRO))
}

/// A field: what it has been, oldest first; the last is what it is.
pub(super) struct Field<'n> {
    pub(super) path: Path,
    pub(super) values: Vec<Node<'n>>,
}

#[derive(Default)]
pub(super) struct Fields<'n> {
    /// How many bytes further paths may take.
    pub(super) room: usize,
    pub(super) set: Vec<Field<'n>>,
    pub(super) removed: Vec<Field<'n>>,
}

impl<'n> Fields<'n> {
    /// Notes every leaf of an object with its values in the stages before.
    pub(super) fn walk(
        &mut self,
        node: &Node<'n>,
        before: &[Option<&Node<'n>>],
        trail: &Trail<'_>,
    ) {
        match &node.value {
            Value::Map(map) if !map.is_empty() => {
                let before: Vec<_> =
                    before.iter().map(|node| same_keys(node.and_then(Node::as_map), map)).collect();
                for (at, (key, child)) in map.iter().enumerate() {
                    self.walk(child, &column(&before, at), &trail.key(&key.text));
                }
            }
            Value::List(items) if !items.is_empty() => {
                let before: Vec<_> = before
                    .iter()
                    .map(|node| same_items(node.and_then(Node::as_list), items))
                    .collect();
                for (at, child) in items.iter().enumerate() {
                    self.walk(child, &column(&before, at), &trail.index(at));
                }
            }
            _ if self.room == 0 => {}
            _ => {
                let mut values: Vec<Node<'n>> = Vec::new();
                for value in
                    before.iter().copied().flatten().filter(|node| is_leaf(node)).chain([node])
                {
                    // A value that a layer leaves alone keeps its origin.
                    if values.last().is_none_or(|last| last.origin != value.origin || last != value)
                    {
                        values.push(value.clone());
                    }
                }
                let path = trail.under(&Path::root());
                self.room = self.room.saturating_sub(path.size());
                self.set.push(Field { path, values });
            }
        }
    }

    /// Notes every leaf that was there before the emergency patch and is no more.
    pub(super) fn walk_removed(&mut self, before: &Node<'n>, after: &Node<'n>, trail: &Trail<'_>) {
        match (&before.value, &after.value) {
            (Value::Map(map), Value::Map(kept)) => {
                for ((key, child), kept) in map.iter().zip(same_keys(Some(kept), map)) {
                    self.keep_or_remove(child, kept, &trail.key(&key.text));
                }
            }
            (Value::List(items), Value::List(kept)) => {
                for (at, (child, kept)) in
                    items.iter().zip(same_items(Some(kept), items)).enumerate()
                {
                    self.keep_or_remove(child, kept, &trail.index(at));
                }
            }
            _ => {}
        }
    }

    fn keep_or_remove(&mut self, before: &Node<'n>, after: Option<&Node<'n>>, trail: &Trail<'_>) {
        if let Some(after) = after {
            self.walk_removed(before, after, trail);
        } else {
            let mut gone = Self { room: self.room, ..Self::default() };
            gone.walk(before, &[], trail);
            self.room = gone.room;
            self.removed.extend(gone.set);
        }
    }
}

/// A leaf is what has nothing below it, empty lists and mappings too.
fn is_leaf(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Map(map) => map.is_empty(),
        Value::List(items) => items.is_empty(),
        _ => true,
    }
}

/// For each stage, what it has for one of the keys or items.
fn column<'s, 'n>(stages: &[Vec<Option<&'s Node<'n>>>], at: usize) -> Vec<Option<&'s Node<'n>>> {
    stages.iter().map(|stage| stage.get(at).copied().flatten()).collect()
}

/// For each key, another stage's value of it.
fn same_keys<'s, 'n>(stage: Option<&'s Map<'n>>, map: &Map<'n>) -> Vec<Option<&'s Node<'n>>> {
    let Some(stage) = stage else { return Vec::new() };
    let entry = |at: usize| stage.entries().get(at).map(|(_, node)| node);
    positions(stage, map).into_iter().map(|at| entry(at?)).collect()
}

/// For each item, the same item in another stage's list. Layers keep an item's origin, wherever they move it. Aliases
/// of YAML have one origin: the first is the first, the second the second.
fn same_items<'s, 'n>(
    stage: Option<&'s [Node<'n>]>,
    items: &[Node<'n>],
) -> Vec<Option<&'s Node<'n>>> {
    let Some(stage) = stage else { return Vec::new() };
    let mut index = Index::default();
    let mut of_one_origin: Vec<VecDeque<&'s Node<'n>>> = Vec::new();
    for node in stage {
        let before = index.before(node.origin, of_one_origin.len());
        match before.and_then(|at| of_one_origin.get_mut(at)) {
            Some(nodes) => nodes.push_back(node),
            None => of_one_origin.push(VecDeque::from([node])),
        }
    }
    items.iter().map(|item| of_one_origin.get_mut(index.get(item.origin)?)?.pop_front()).collect()
}
