//! What a call answers, and its JSON text: the shapes of `wit/*.schema.json`.

use crate::problem::{Fix, Position, Problem};
use crate::value::{Node, Origin, Value};
use crate::write::json;
use std::borrow::Cow;

/// One Kubernetes object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Its key in the macro's result: `deployment`, `configmap` or `canary_deployment`.
    pub role: &'static str,
    /// Its `kind`.
    pub kind: String,
    /// Its `metadata.name`.
    pub name: String,
    /// Its `metadata.namespace`, where it has one.
    pub namespace: Option<String>,
    /// The whole object as JSON text, keys in the reference's order.
    pub json: String,
}

/// What a context renders to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The objects: the Deployment, the ConfigMap, and the canary where there is one.
    pub manifests: Vec<Manifest>,
    /// What is legal but suspicious.
    pub warnings: Vec<Problem>,
}

/// `{"manifests": {"deployment": {…}, "configmap": {…}}, "warnings": […]}`.
pub fn rendered(rendered: &Rendered) -> String {
    let warnings = json(&list(&rendered.warnings));
    // The objects are nearly all of it: they are copied once.
    let parts = rendered.manifests.iter().map(|manifest| manifest.json.len().saturating_add(32));
    let length: usize = parts.chain([warnings.len(), 32]).sum();
    let mut text = String::with_capacity(length);

    text.push_str("{\"manifests\":{");
    for (position, Manifest { role, json, .. }) in rendered.manifests.iter().enumerate() {
        text.push_str(if position > 0 { ",\"" } else { "\"" });
        text.push_str(role);
        text.push_str("\":");
        text.push_str(json);
    }
    text.push_str("},\"warnings\":");
    text.push_str(&warnings);
    text.push('}');
    text
}

/// `{"warnings": […]}`.
pub fn accepted(warnings: &[Problem]) -> String {
    json(&object([("warnings", list(warnings))]))
}

/// `{"problems": […]}`.
pub fn failure(problems: &[Problem]) -> String {
    json(&object([("problems", list(problems))]))
}

pub(crate) fn list(problems: &[Problem]) -> Node<'_> {
    Node::list(problems.iter().map(problem), Origin::MACRO)
}

/// A problem; what is not known is left out.
fn problem(problem: &Problem) -> Node<'_> {
    let known = [
        ("code", text(problem.code.name())),
        ("path", text(problem.path.to_string())),
        ("message", text(&*problem.message)),
    ];
    let place = problem.place.as_ref();
    let optional = [
        ("help", problem.help.as_deref().map(text)),
        ("source", place.and_then(|place| place.source).map(text)),
        ("line", place.map(|place| number(place.start.line))),
        ("column", place.map(|place| number(place.start.column))),
        ("end", place.map(|place| position(place.end))),
        ("fix", problem.fix.as_deref().map(fix)),
    ];

    object(
        known.into_iter().chain(optional.into_iter().filter_map(|(key, node)| Some((key, node?)))),
    )
}

fn fix(fix: &Fix) -> Node<'_> {
    let edits = fix.edits.iter().map(|edit| {
        object([
            ("start", position(edit.start)),
            ("end", position(edit.end)),
            ("text", text(&*edit.text)),
        ])
    });

    object([("title", text(&*fix.title)), ("edits", Node::list(edits, Origin::MACRO))])
}

fn position(position: Position) -> Node<'static> {
    object([("line", number(position.line)), ("column", number(position.column))])
}

fn number(number: u32) -> Node<'static> {
    Node::new(Value::Integer(number.to_string().into()), Origin::MACRO)
}

fn text<'p>(text: impl Into<Cow<'p, str>>) -> Node<'p> {
    Node::string(text, Origin::MACRO)
}

fn object<'p>(entries: impl IntoIterator<Item = (&'p str, Node<'p>)>) -> Node<'p> {
    Node::map(entries, Origin::MACRO)
}
