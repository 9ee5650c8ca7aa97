//! One form for what a YAML document says, in which two readers' answers can be compared as text.
//!
//! A value is a JSON value, except that a list says its type first where JSON has none: `["int", "12"]`,
//! `["float", "1.5"]`, `["date", "2024-01-01"]`, `["list", …]`, `["map", [key, value], …]`. An error is
//! `{"error": […]}` with the problems.

use sentry_streams_k8s::problem::Problem;
use sentry_streams_k8s::read::Document;
use sentry_streams_k8s::value::PythonFloat;
use sentry_streams_k8s::value::{Key, KeyKind, Node, Value};
use serde_json::{Value as Json, json};

/// The answer to one document.
pub(crate) fn answer(document: Result<Document<'_>, Vec<Problem>>) -> Json {
    match document {
        Ok(document) => value(&document.root),
        Err(problems) => {
            let told =
                problems.iter().map(|problem| format!("{}: {}", problem.code, problem.message));
            json!({ "error": told.collect::<Vec<_>>() })
        }
    }
}

fn value(node: &Node<'_>) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Integer(digits) => json!(["int", digits]),
        Value::Float(number) => json!(["float", PythonFloat(*number).to_string()]),
        Value::String(text) => json!(text),
        Value::Timestamp(text) => json!(["date", text]),
        Value::List(items) => {
            Json::Array(std::iter::once(json!("list")).chain(items.iter().map(value)).collect())
        }
        Value::Map(map) => {
            let entries = map.iter().map(|(name, node)| json!([key(name), value(node)]));
            Json::Array(std::iter::once(json!("map")).chain(entries).collect())
        }
    }
}

fn key(key: &Key<'_>) -> Json {
    match key.kind {
        KeyKind::String => json!(key.text),
        KeyKind::Integer => json!(["int", key.text]),
        KeyKind::Float => json!(["float", key.text]),
        KeyKind::Bool => json!(key.text == "true"),
        KeyKind::Null => Json::Null,
    }
}
