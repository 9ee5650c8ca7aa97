//! Where every field of the rendered objects comes from: the layer that set it, and what it replaced on the way.

use crate::context::{Inputs, Places, places};
use crate::deployment::Stage;
use crate::node::{Map, Node, Origin, Source, Value};
use crate::output::json;
use crate::problem::{Path, Problem, Trail};
use crate::report;

/// Explains the objects of a step, given the stages each Deployment went through, as JSON text:
///
/// `{"manifests": {"deployment": {"fields": [FIELD…], "removed": [FIELD…]}, …}, "warnings": […]}`, where FIELD is
/// `{"path", "value", "layer", "from", "line", "column", "note", "replaced": [{"value", "layer", "from", …}…]}`.
pub(crate) fn write<'a>(
    inputs: &Inputs<'a>,
    objects: &[(&'static str, Node<'a>)],
    stages: Vec<(Stage, Node<'a>)>,
    notes: &[(Origin, String)],
    warnings: &[Problem],
) -> String {
    let mut histories = histories(stages).into_iter();
    let mut explained = Vec::with_capacity(objects.len());
    for (role, object) in objects {
        let is_deployment = object.get("kind").and_then(Node::as_str) == Some("Deployment");
        let history = if is_deployment { histories.next().unwrap_or_default() } else { Vec::new() };
        let mut fields = Fields::default();
        fields.walk(object, &history.iter().map(Some).collect::<Vec<_>>(), &Trail::ROOT);
        if let Some(before) = history.last() {
            fields.walk_removed(before, object, &Trail::ROOT);
        }
        explained.push((*role, fields));
    }
    let values = explained.iter().flat_map(|(_, fields)| fields.set.iter().chain(&fields.removed));
    let mut origins = values.flat_map(|field| field.values.iter().map(|node| node.origin));
    let mut written = places(&mut origins);
    inputs.find(&mut written);
    inputs.position(&mut written);
    let places = Written { places: written, notes, root: inputs.root() };
    let manifests = explained.iter().map(|(role, fields)| {
        let list = |fields: &[Field<'a>]| Node::list(fields.iter().map(|field| places.field(field)), Origin::MACRO);
        let lists = [("fields", list(&fields.set)), ("removed", list(&fields.removed))];
        (*role, Node::map(lists, Origin::MACRO))
    });
    let manifests = Node::map(manifests.collect::<Vec<_>>(), Origin::MACRO);
    json(&Node::map([("manifests", manifests), ("warnings", report::list(warnings))], Origin::MACRO))
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
            (_, Some(history)) => history.push(node),
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

/// A field: what it has been, oldest first; the last is what it is.
struct Field<'n> {
    path: Path,
    values: Vec<Node<'n>>,
}

#[derive(Default)]
struct Fields<'n> {
    set: Vec<Field<'n>>,
    removed: Vec<Field<'n>>,
}

impl<'n> Fields<'n> {
    /// Notes every leaf of an object with its values in the stages before.
    fn walk(&mut self, node: &Node<'n>, before: &[Option<&Node<'n>>], trail: &Trail<'_>) {
        match &node.value {
            Value::Map(map) if !map.is_empty() => {
                for (key, child) in map.iter() {
                    let before: Vec<_> =
                        before.iter().map(|node| by_text(node.and_then(Node::as_map)?, &key.text)).collect();
                    self.walk(child, &before, &trail.key(&key.text));
                }
            }
            Value::List(items) if !items.is_empty() => {
                for (at, child) in items.iter().enumerate() {
                    let before: Vec<_> =
                        before.iter().map(|node| same_item(node.and_then(Node::as_list)?, child, at)).collect();
                    self.walk(child, &before, &trail.index(at));
                }
            }
            _ => {
                let mut values: Vec<Node<'n>> = Vec::new();
                for value in before.iter().copied().flatten().chain([node]) {
                    // A value that a layer leaves alone keeps its origin.
                    if values.last().is_none_or(|last| last.origin != value.origin || last != value) {
                        values.push(value.clone());
                    }
                }
                self.set.push(Field { path: trail.under(&Path::root()), values });
            }
        }
    }

    /// Notes every leaf that was there before the emergency patch and is no more.
    fn walk_removed(&mut self, before: &Node<'n>, after: &Node<'n>, trail: &Trail<'_>) {
        match (&before.value, &after.value) {
            (Value::Map(map), Value::Map(kept)) => {
                for (key, child) in map.iter() {
                    let trail = trail.key(&key.text);
                    match by_text(kept, &key.text) {
                        Some(kept) => self.walk_removed(child, kept, &trail),
                        None => self.remove(child, &trail),
                    }
                }
            }
            (Value::List(items), Value::List(kept)) => {
                for (at, child) in items.iter().enumerate() {
                    let trail = trail.index(at);
                    match same_item(kept, child, at) {
                        Some(kept) => self.walk_removed(child, kept, &trail),
                        None => self.remove(child, &trail),
                    }
                }
            }
            _ => {}
        }
    }

    fn remove(&mut self, node: &Node<'n>, trail: &Trail<'_>) {
        let mut gone = Self::default();
        gone.walk(node, &[], trail);
        self.removed.extend(gone.set);
    }
}

fn by_text<'m, 'a>(map: &'m Map<'a>, key: &str) -> Option<&'m Node<'a>> {
    map.iter().find(|(other, _)| other.text == key).map(|(_, node)| node)
}

/// The item of another stage's list that this one was: at the same position, or moved by a deletion.
fn same_item<'l, 'a>(items: &'l [Node<'a>], item: &Node<'a>, at: usize) -> Option<&'l Node<'a>> {
    let is_same = |other: &&Node<'a>| {
        other.origin == item.origin
            && match (&other.value, &item.value) {
                // What the macro writes has one origin; its items say their name first.
                (Value::Map(a), Value::Map(b)) => {
                    item.origin != Origin::MACRO || a.entries().first() == b.entries().first()
                }
                (a, b) => a == b,
            }
    };
    items.get(at).filter(is_same).or_else(|| items.iter().find(is_same))
}

/// Where values were written.
struct Written<'p> {
    places: Places,
    notes: &'p [(Origin, String)],
    root: &'p Path,
}

impl Written<'_> {
    fn field<'n>(&self, field: &Field<'n>) -> Node<'n> {
        let path = Node::string(field.path.to_string(), Origin::MACRO);
        let (now, before) =
            field.values.split_last().map_or((&[][..], &[][..]), |(now, before)| (std::slice::from_ref(now), before));
        let mut entries = vec![("path", path)];
        entries.extend(now.iter().flat_map(|value| self.value(value)));
        let replaced = before.iter().map(|value| Node::map(self.value(value), Origin::MACRO));
        entries.push(("replaced", Node::list(replaced, Origin::MACRO)));
        Node::map(entries, Origin::MACRO)
    }

    fn value<'n>(&self, value: &Node<'n>) -> Vec<(&'static str, Node<'n>)> {
        let number = |number: u32| Node::new(Value::Integer(number.to_string().into()), Origin::MACRO);
        let written = self.places.get(&value.origin);
        let place = written.and_then(|written| written.path.as_ref());
        let mut entries =
            vec![("value", value.clone()), ("layer", Node::string(self.layer(value.origin, place), Origin::MACRO))];
        entries.extend(place.map(|place| ("from", Node::string(place.to_string(), Origin::MACRO))));
        if let Some((line, column)) = written.and_then(|written| written.position) {
            entries.extend([("line", number(line)), ("column", number(column))]);
        }
        let note = self.notes.iter().find(|(origin, _)| *origin == value.origin);
        entries.extend(note.map(|(_, note)| ("note", Node::string(note.clone(), Origin::MACRO))));
        entries
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
