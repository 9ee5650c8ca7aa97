//! Answers as JSON text: the shapes of `wit/*.schema.json`.

use crate::node::{Node, Origin, Value};
use crate::output::json;
use crate::problem::Problem;
use crate::step::Rendered;

/// `{"manifests": {"deployment": {…}, "configmap": {…}}, "warnings": […]}`.
pub fn rendered(rendered: &Rendered) -> String {
    let manifests: Vec<String> =
        rendered.manifests.iter().map(|manifest| format!("\"{}\":{}", manifest.role, manifest.json)).collect();
    format!("{{\"manifests\":{{{}}},\"warnings\":{}}}", manifests.join(","), json(&list(&rendered.warnings)))
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
    let text = |text: &str| Node::string(text.to_owned(), Origin::MACRO);
    let number = |number: u32| Node::new(Value::Integer(number.to_string().into()), Origin::MACRO);
    let known =
        [("code", text(problem.code)), ("path", text(&problem.path.to_string())), ("message", text(&problem.message))];
    let optional = [
        ("help", problem.help.as_deref().map(text)),
        ("line", problem.line.map(number)),
        ("column", problem.column.map(number)),
    ];
    object(known.into_iter().chain(optional.into_iter().filter_map(|(key, node)| Some((key, node?)))))
}

fn object<'p>(entries: impl IntoIterator<Item = (&'p str, Node<'p>)>) -> Node<'p> {
    Node::map(entries, Origin::MACRO)
}
