//! Where every field of the rendered objects comes from: the layer that set it, what it replaced on the way, and what
//! would change it.

mod advice;
mod history;

use crate::answer;
use crate::context::{Field as ContextField, Inputs, Places};
use crate::layers::Stage;
use crate::problem::{Code, Problem};
use crate::read::Positions;
use crate::value::{Node, Origin, Path, Source, Trail, Value};
use crate::write::json;
use advice::Advisor;
pub(crate) use history::number;
use history::{Field, Fields, histories, namespace};
use std::borrow::Cow;

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
) -> Result<String, Problem> {
    let explained = explain_objects(objects, stages)?;

    let values =
        explained.iter().flat_map(|(_, _, fields)| fields.set.iter().chain(&fields.removed));
    let origins: Vec<Origin> =
        values.flat_map(|field| field.values.iter().map(|node| node.origin)).collect();
    let places = Written::of(inputs, &origins, notes);
    let manifests = explained.iter().map(|(role, object, fields)| {
        let advisor = Advisor::new(object, places.root);
        let set = fields.set.iter().map(|field| places.field(field, Some(&advisor)));
        let removed = fields.removed.iter().map(|field| places.field(field, None));
        let lists = [
            ("fields", Node::list(set, Origin::MACRO)),
            ("removed", Node::list(removed, Origin::MACRO)),
        ];
        (*role, Node::map(lists, Origin::MACRO))
    });

    let manifests = Node::map(manifests.collect::<Vec<_>>(), Origin::MACRO);
    Ok(json(&Node::map(
        [("manifests", manifests), ("warnings", answer::list(warnings))],
        Origin::MACRO,
    )))
}

/// Each object with its fields.
type Explained<'o, 'a> = Vec<(&'static str, &'o Node<'a>, Fields<'a>)>;

fn explain_objects<'o, 'a>(
    objects: &'o [(&'static str, Node<'a>)],
    stages: Vec<(Stage, Node<'a>)>,
) -> Result<Explained<'o, 'a>, Problem> {
    let histories = histories(stages);
    // The ConfigMap takes the primary Deployment's namespace, whatever layer that is from.
    let namespaces: Vec<Node<'a>> =
        histories.first().into_iter().flatten().filter_map(namespace).collect();

    let mut histories = histories.into_iter();
    let mut explained = Vec::with_capacity(objects.len());
    let mut room = MAX_PATH_BYTES;
    for (role, object) in objects {
        let is_deployment = object.get("kind").and_then(Node::as_str) == Some("Deployment");
        let history =
            if is_deployment { histories.next().unwrap_or_default() } else { namespaces.clone() };

        let mut fields = Fields { room, ..Fields::default() };
        fields.walk(object, &history.iter().map(Some).collect::<Vec<_>>(), &Trail::ROOT);
        if let Some(before) = history.last() {
            fields.walk_removed(before, object, &Trail::ROOT);
        }
        room = fields.room;
        explained.push((*role, object, fields));
    }

    if room == 0 {
        let message =
            "the objects have more fields, or fields with longer names, than are explained at once";
        let help = "`render` gives the objects; explain one without the largest template";
        return Err(Problem::new(Code::TooLarge, Path::root(), message).help(help));
    }
    Ok(explained)
}

/// Where values were written.
struct Written<'p> {
    places: Places,
    positions: Vec<(Source, Positions)>,
    notes: &'p [(Origin, String)],
    root: &'p Path,
}

impl<'p> Written<'p> {
    fn of(inputs: &'p Inputs<'_>, origins: &[Origin], notes: &'p [(Origin, String)]) -> Self {
        let mut places = Places::of(&mut origins.iter().copied());
        inputs.find(&mut places);

        let mut sources: Vec<Source> = origins.iter().map(|origin| origin.source).collect();
        sources.sort_unstable();
        sources.dedup();
        let positions = sources.into_iter().filter_map(|source| {
            let here = origins
                .iter()
                .filter(|origin| origin.source == source && places.path(**origin).is_some());
            let offsets = here.flat_map(|origin| [origin.offset, origin.end]).collect();
            Some((source, inputs.positions(source, offsets)?))
        });

        Self { positions: positions.collect(), places, notes, root: inputs.root() }
    }

    /// A field as the answer has it; one that still stands in an object says what would change it.
    fn field<'n>(&self, field: &Field<'n>, advisor: Option<&Advisor<'_, 'n>>) -> Node<'n> {
        let mut entries = vec![("path", text(field.path.to_string()))];
        let (now, before) = match field.values.split_last() {
            Some((now, before)) => (Some(now), before),
            None => (None, &[][..]),
        };
        if let Some(value) = now {
            entries
                .extend(self.value(value, advisor.and_then(|advisor| advisor.note(&field.path))));
            let place = self.place(value.origin);
            let layer = self.layer(value.origin, place);
            entries.extend(
                advisor.map(|advisor| ("change", text(advisor.change(&field.path, layer, place)))),
            );
        }
        let replaced = before.iter().map(|value| Node::map(self.value(value, None), Origin::MACRO));
        entries.push(("replaced", Node::list(replaced, Origin::MACRO)));
        Node::map(entries, Origin::MACRO)
    }

    fn value<'n>(
        &self,
        value: &Node<'n>,
        note_of_path: Option<&'static str>,
    ) -> Vec<(&'static str, Node<'n>)> {
        let number =
            |number: u32| Node::new(Value::Integer(number.to_string().into()), Origin::MACRO);
        let place = self.place(value.origin);
        let layer = self.layer(value.origin, place);
        let mut entries = vec![("value", value.clone()), ("layer", text(layer))];
        entries.extend(place.map(|place| ("from", text(place.to_string()))));
        let positions = self
            .positions
            .iter()
            .find(|(source, _)| *source == value.origin.source && place.is_some());
        if let Some((source, positions)) = positions {
            let [start, end] =
                [value.origin.offset, value.origin.end].map(|offset| positions.get(offset));
            let field = ContextField::of_source(*source).map(|field| field.name);
            entries.extend(field.map(|field| ("source", text(field))));
            entries.extend([("line", number(start.0)), ("column", number(start.1))]);
            let end = [("line", number(end.0)), ("column", number(end.1))];
            entries.push(("end", Node::map(end, Origin::MACRO)));
        }
        let noted = self.notes.iter().find(|(origin, _)| *origin == value.origin);
        let note = noted.map(|(_, note)| Cow::Owned(note.clone()));
        let note = note.or(note_of_path
            .filter(|_| layer == "platform" || layer == "pipeline_config")
            .map(Cow::Borrowed));
        entries.extend(note.map(|note| ("note", text(note))));
        entries
    }

    fn place(&self, origin: Origin) -> Option<&Path> {
        self.places.path(origin)
    }

    /// The layer that a value belongs to, by where it was written.
    fn layer(&self, origin: Origin, place: Option<&Path>) -> &'static str {
        const LAYERS: [&str; 4] =
            ["deployment_template", "container_template", "pipeline_config", "emergency_patch"];
        let is_below =
            |field: &&str| place.is_some_and(|place| place.starts_with(&self.root.key(field)));
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
