//! A starting context as text.

use super::Starter;
use crate::write::yaml;
use anyhow::Context as _;
use sentry_streams_k8s::context::FIELDS;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

const HEAD: &str = "\
# A context: what one segment of a Sentry Streams pipeline needs on Kubernetes.
#   streams-k8s validate FILE    says whether it is right
#   streams-k8s render FILE      prints its objects
#   streams-k8s explain FILE     says where each of their fields comes from
";

/// The widest line of a comment.
const WIDTH: usize = 100;

/// The text, with the description that each field has in the JSON Schema above it; optional fields as comments.
pub(crate) fn write(starter: &Starter, schema: &str) -> anyhow::Result<String> {
    let schema: Value = serde_json::from_str(schema).context("the schema is no JSON")?;
    let described = |field: &str| {
        let field = schema.pointer(&format!("/definitions/fields/properties/{field}/description"));
        field.and_then(Value::as_str).unwrap_or_default()
    };

    let mut text = HEAD.to_owned();
    for field in in_order() {
        let name = field.name;
        text.push('\n');
        comment(&mut text, described(name));
        match (starter.fields.get(name), field.default) {
            _ if name == "pipeline_config" && starter.pipeline_config.is_some() => {
                let config = starter.pipeline_config.as_deref().unwrap_or_default();
                text.push_str(&configuration(config)?);
            }
            (Some(value), _) => text.push_str(&entry(name, value)?),
            (None, Some(default)) => {
                let _ = writeln!(text, "# {name}: {default}");
            }
            (None, None) => {
                let _ = writeln!(text, "# {name}:");
            }
        }
    }
    Ok(text)
}

/// The fields: short ones first, what is nested after them, and what few set at the end.
fn in_order() -> Vec<&'static sentry_streams_k8s::context::Field> {
    let mut fields: Vec<_> = FIELDS.iter().collect();
    fields.sort_by_key(|field| (!field.required, field.kind.starts_with("mapping")));
    fields
}

/// A comment in lines of a width.
fn comment(text: &mut String, sentence: &str) {
    let mut line = String::from("#");
    for word in sentence.split_whitespace() {
        if line.len().saturating_add(word.len()) >= WIDTH {
            let _ = writeln!(text, "{line}");
            "#".clone_into(&mut line);
        }
        line.extend([" ", word]);
    }
    if line.len() > 1 {
        let _ = writeln!(text, "{line}");
    }
}

/// An entry of the context's mapping.
fn entry(name: &str, value: &Value) -> anyhow::Result<String> {
    yaml(&Value::Object(Map::from_iter([(name.to_owned(), value.clone())])))
}

/// The pipeline configuration as it was written, with its comments, where it can stand so.
fn configuration(config: &str) -> anyhow::Result<String> {
    let value = super::deployment::value_of(config).context("the pipeline configuration")?;
    let mut text = String::from("pipeline_config:\n");
    for line in config.lines().filter(|line| line.trim_end() != "---") {
        let line = line.trim_end();
        let _ = if line.is_empty() { writeln!(text) } else { writeln!(text, "  {line}") };
    }

    let is_same = super::deployment::value_of(&text)
        .is_ok_and(|written| written == json!({ "pipeline_config": value }));
    if is_same { Ok(text) } else { entry("pipeline_config", &value) }
}
