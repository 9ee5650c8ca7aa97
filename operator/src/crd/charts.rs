//! What the charts take from the definition: a copy of it, and the schema of a pipeline's values. `BLESS=1` writes them.

use super::{SCHEMA, spec, text};
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use std::{env, fs};

#[test]
fn the_operators_chart_carries_the_definition() {
    assert_is("streams-k8s-operator/files/crd.yaml", &text().unwrap());
}

#[test]
fn the_pipelines_chart_names_what_a_pipeline_needs() {
    let needed = &spec(&schema()).unwrap()["required"];

    assert_is("streaming-pipelines/files/required.json", &pretty(needed));
}

#[test]
fn the_pipelines_chart_takes_the_fields_of_a_context() {
    let mut fields = spec(&schema()).unwrap()["properties"].as_object().unwrap().clone();
    for field in fields.values_mut() {
        to_json_schema(field.as_object_mut().unwrap());
    }
    fields.insert(
        "metadata".to_owned(),
        json!({
            "description": "Labels and annotations of the StreamingPipeline, which its Deployments and ConfigMap get too.",
            "type": ["object", "null"],
            "additionalProperties": false,
            "properties": { "labels": { "$ref": "#/definitions/texts" }, "annotations": { "$ref": "#/definitions/texts" } },
        }),
    );

    let mut pipeline = fields.clone();
    pipeline.insert(
        "segments".to_owned(),
        json!({
            "description": "What each segment has that the others have not. Each becomes an object of its own, with its number as segment_id.",
            "type": ["array", "null"],
            "items": { "$ref": "#/definitions/fields" },
        }),
    );

    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Values of the chart streaming-pipelines",
        "$comment": "Made from the schema of the context by `scripts/generate charts`; do not edit.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "defaults": {
                "description": "What every pipeline has, unless it says otherwise.",
                "$ref": "#/definitions/fields",
            },
            "pipelines": {
                "description": "The pipelines by name.",
                "type": "object",
                "propertyNames": { "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", "maxLength": 240 },
                "additionalProperties": { "$ref": "#/definitions/pipeline" },
            },
            "global": { "description": "Helm's own, where this chart is part of another.", "type": "object" },
        },
        "definitions": {
            "fields": { "type": ["object", "null"], "additionalProperties": false, "properties": fields },
            "pipeline": { "type": ["object", "null"], "additionalProperties": false, "properties": pipeline },
            "texts": { "type": ["object", "null"], "additionalProperties": { "type": "string" } },
        },
    });
    assert_is("streaming-pipelines/values.schema.json", &pretty(&schema));
}

/// A field of the definition's schema as draft-07 has it: null takes a default away, and is taken everywhere.
fn to_json_schema(field: &mut Map<String, Value>) {
    field.retain(|keyword, _| keyword != "nullable" && !keyword.starts_with("x-kubernetes-"));

    let kind = field["type"].clone();
    field.insert("type".to_owned(), json!([kind, "null"]));
    if let Some(Value::Array(values)) = field.get_mut("enum") {
        values.push(Value::Null);
    }
}

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn assert_is(file: &str, made: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../charts").join(file);

    if env::var_os("BLESS").is_some() {
        fs::write(&path, made).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap();
    assert!(committed == made, "{file} is not as made; run `scripts/generate charts`");
}
