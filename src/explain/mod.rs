//! Where every field of the rendered objects comes from: the layer that set it, what it replaced on the way, and what
//! would change it.

mod advice;

use crate::context::{Inputs, Places};
use crate::deployment::Stage;
use crate::index::Index;
use crate::merge::positions;
use crate::node::{Map, Node, Origin, Source, Value};
use crate::output::json;
use crate::problem::{Path, Problem, Trail};
use crate::report;
use advice::Advisor;
use std::borrow::Cow;
use std::collections::VecDeque;

/// How many bytes the paths of one answer take: a long key stands in the path of everything below it.
const MAX_PATH_BYTES: usize = 16 << 20;

/// Explains the objects of a step, given the stages each Deployment went through, as JSON text:
/// `wit/explained.schema.json`.
pub(crate) fn write<'a>(
    inputs: &Inputs<'a>,
    objects: &[(&'static str, Node<'a>)],
    stages: Vec<(Stage, Node<'a>)>,
    notes: &[(Origin, String)],
    warnings: &[Problem],
) -> Result<String, Vec<Problem>> {
    let histories = histories(stages);
    // The ConfigMap takes the primary Deployment's namespace, whatever layer that is from.
    let namespaces: Vec<Node<'a>> = histories.first().into_iter().flatten().filter_map(namespace).collect();
    let mut histories = histories.into_iter();
    let mut explained = Vec::with_capacity(objects.len());
    let mut room = MAX_PATH_BYTES;
    for (role, object) in objects {
        let is_deployment = object.get("kind").and_then(Node::as_str) == Some("Deployment");
        let history = if is_deployment { histories.next().unwrap_or_default() } else { namespaces.clone() };
        let mut fields = Fields { room, ..Fields::default() };
        fields.walk(object, &history.iter().map(Some).collect::<Vec<_>>(), &Trail::ROOT);
        if let Some(before) = history.last() {
            fields.walk_removed(before, object, &Trail::ROOT);
        }
        room = fields.room;
        explained.push((*role, object, fields));
    }
    if room == 0 {
        let message = "the objects have more fields, or fields with longer names, than are explained at once";
        let help = "`render` gives the objects; explain one without the largest template";
        return Err(vec![Problem::new("too-large", Path::root(), message).help(help)]);
    }
    let values = explained.iter().flat_map(|(_, _, fields)| fields.set.iter().chain(&fields.removed));
    let mut origins = values.flat_map(|field| field.values.iter().map(|node| node.origin));
    let mut written = Places::of(&mut origins);
    inputs.find(&mut written);
    inputs.position(&mut written);
    let places = Written { places: written, notes, root: inputs.root() };
    let manifests = explained.iter().map(|(role, object, fields)| {
        let advisor = Advisor::new(object, places.root);
        let set = fields.set.iter().map(|field| places.field(field, Some(&advisor)));
        let removed = fields.removed.iter().map(|field| places.field(field, None));
        let lists = [("fields", Node::list(set, Origin::MACRO)), ("removed", Node::list(removed, Origin::MACRO))];
        (*role, Node::map(lists, Origin::MACRO))
    });
    let manifests = Node::map(manifests.collect::<Vec<_>>(), Origin::MACRO);
    Ok(json(&Node::map([("manifests", manifests), ("warnings", report::list(warnings))], Origin::MACRO)))
}

/// Gives everything that the macro adds an origin of its own, so that it is known again wherever a later layer moves
/// it to.
pub(crate) fn number(node: &mut Node<'_>) {
    fn walk(node: &mut Node<'_>, next: &mut u32) {
        if node.origin == Origin::MACRO {
            *next = next.saturating_add(1);
            node.origin.offset = *next;
        }
        match &mut node.value {
            Value::Map(map) => map.entries_mut().iter_mut().for_each(|(_, child)| walk(child, next)),
            Value::List(items) => items.iter_mut().for_each(|item| walk(item, next)),
            _ => {}
        }
    }
    walk(node, &mut 0);
}

/// For each Deployment, the whole object after each layer: base, deployment template, container template, platform.
fn histories(stages: Vec<(Stage, Node<'_>)>) -> Vec<Vec<Node<'_>>> {
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
fn namespace<'a>(object: &Node<'a>) -> Option<Node<'a>> {
    let namespace = object.at(&["metadata", "namespace"])?.clone();
    let metadata = Node::map([("namespace", namespace)], Origin::MACRO);
    Some(Node::map([("metadata", metadata)], Origin::MACRO))
}

/// A field: what it has been, oldest first; the last is what it is.
struct Field<'n> {
    path: Path,
    values: Vec<Node<'n>>,
}

#[derive(Default)]
struct Fields<'n> {
    /// How many bytes further paths may take.
    room: usize,
    set: Vec<Field<'n>>,
    removed: Vec<Field<'n>>,
}

impl<'n> Fields<'n> {
    /// Notes every leaf of an object with its values in the stages before.
    fn walk(&mut self, node: &Node<'n>, before: &[Option<&Node<'n>>], trail: &Trail<'_>) {
        match &node.value {
            Value::Map(map) if !map.is_empty() => {
                let before: Vec<_> = before.iter().map(|node| same_keys(node.and_then(Node::as_map), map)).collect();
                for (at, (key, child)) in map.iter().enumerate() {
                    self.walk(child, &column(&before, at), &trail.key(&key.text));
                }
            }
            Value::List(items) if !items.is_empty() => {
                let before: Vec<_> =
                    before.iter().map(|node| same_items(node.and_then(Node::as_list), items)).collect();
                for (at, child) in items.iter().enumerate() {
                    self.walk(child, &column(&before, at), &trail.index(at));
                }
            }
            _ if self.room == 0 => {}
            _ => {
                let mut values: Vec<Node<'n>> = Vec::new();
                for value in before.iter().copied().flatten().filter(|node| is_leaf(node)).chain([node]) {
                    // A value that a layer leaves alone keeps its origin.
                    if values.last().is_none_or(|last| last.origin != value.origin || last != value) {
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
    fn walk_removed(&mut self, before: &Node<'n>, after: &Node<'n>, trail: &Trail<'_>) {
        match (&before.value, &after.value) {
            (Value::Map(map), Value::Map(kept)) => {
                for ((key, child), kept) in map.iter().zip(same_keys(Some(kept), map)) {
                    self.keep_or_remove(child, kept, &trail.key(&key.text));
                }
            }
            (Value::List(items), Value::List(kept)) => {
                for (at, (child, kept)) in items.iter().zip(same_items(Some(kept), items)).enumerate() {
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
fn same_items<'s, 'n>(stage: Option<&'s [Node<'n>]>, items: &[Node<'n>]) -> Vec<Option<&'s Node<'n>>> {
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

/// Where values were written.
struct Written<'p> {
    places: Places,
    notes: &'p [(Origin, String)],
    root: &'p Path,
}

impl Written<'_> {
    /// A field as the answer has it; one that still stands in an object says what would change it.
    fn field<'n>(&self, field: &Field<'n>, advisor: Option<&Advisor<'_, 'n>>) -> Node<'n> {
        let mut entries = vec![("path", text(field.path.to_string()))];
        let (now, before) = match field.values.split_last() {
            Some((now, before)) => (Some(now), before),
            None => (None, &[][..]),
        };
        if let Some(value) = now {
            entries.extend(self.value(value, advisor.and_then(|advisor| advisor.note(&field.path))));
            let place = self.place(value.origin);
            let layer = self.layer(value.origin, place);
            entries.extend(advisor.map(|advisor| ("change", text(advisor.change(&field.path, layer, place)))));
        }
        let replaced = before.iter().map(|value| Node::map(self.value(value, None), Origin::MACRO));
        entries.push(("replaced", Node::list(replaced, Origin::MACRO)));
        Node::map(entries, Origin::MACRO)
    }

    fn value<'n>(&self, value: &Node<'n>, note_of_path: Option<&'static str>) -> Vec<(&'static str, Node<'n>)> {
        let number = |number: u32| Node::new(Value::Integer(number.to_string().into()), Origin::MACRO);
        let place = self.place(value.origin);
        let layer = self.layer(value.origin, place);
        let mut entries = vec![("value", value.clone()), ("layer", text(layer))];
        entries.extend(place.map(|place| ("from", text(place.to_string()))));
        if let Some((line, column)) = self.places.get(value.origin).and_then(|place| place.position) {
            entries.extend([("line", number(line)), ("column", number(column))]);
        }
        let noted = self.notes.iter().find(|(origin, _)| *origin == value.origin);
        let note = noted.map(|(_, note)| Cow::Owned(note.clone()));
        let note =
            note.or(note_of_path.filter(|_| layer == "platform" || layer == "pipeline_config").map(Cow::Borrowed));
        entries.extend(note.map(|note| ("note", text(note))));
        entries
    }

    fn place(&self, origin: Origin) -> Option<&Path> {
        self.places.get(origin)?.path.as_ref()
    }

    /// The layer that a value belongs to, by where it was written.
    fn layer(&self, origin: Origin, place: Option<&Path>) -> &'static str {
        const LAYERS: [&str; 4] = ["deployment_template", "container_template", "pipeline_config", "emergency_patch"];
        let is_below = |field: &&str| place.is_some_and(|place| place.starts_with(&self.root.key(field)));
        match LAYERS.into_iter().find(is_below) {
            Some(layer) => layer,
            None if origin.source == Source::Base => "base",
            None => "platform",
        }
    }
}

fn text<'n>(text: impl Into<Cow<'n, str>>) -> Node<'n> {
    Node::string(text, Origin::MACRO)
}
