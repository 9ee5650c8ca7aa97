//! `src/kubernetes/schema_table.rs` is what the API's own schema says.
//!
//! `BLESS=1 cargo test --test kubernetes_table` writes it: after an update of `k8s-openapi`, and of
//! `tests/kubernetes/merge-keys.json` (see `scripts/kubernetes-merge-keys`).

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use k8s_openapi::api::{apps::v1::Deployment, core::v1::ConfigMap};
use k8s_openapi::schemars::SchemaGenerator;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/kubernetes/schema_table.rs");
const MERGE_KEYS: &str = include_str!("kubernetes/merge-keys.json");

#[test]
fn the_table_is_what_the_api_says() {
    let expected = table();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(TABLE, &expected).unwrap();
    }
    let written = std::fs::read_to_string(TABLE).unwrap();
    assert!(
        written == expected,
        "the table has drifted: run `BLESS=1 cargo test --test kubernetes_table`"
    );
}

/// The types that are written as one scalar, by definition.
fn scalar(definition: &str) -> Option<&'static str> {
    Some(match definition {
        "io.k8s.apimachinery.pkg.api.resource.Quantity" => "Quantity",
        "io.k8s.apimachinery.pkg.util.intstr.IntOrString" => "IntOrString",
        "io.k8s.apimachinery.pkg.apis.meta.v1.Time" => "Time",
        "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1" => "Any",
        _ => return None,
    })
}

fn table() -> String {
    let mut generator = SchemaGenerator::default();
    generator.subschema_for::<Deployment>();
    generator.subschema_for::<ConfigMap>();
    let merge_keys: Value = serde_json::from_str(MERGE_KEYS).unwrap();
    // By the last part of the name, in the order of the alphabet; no two kinds share it.
    let mut objects = BTreeMap::new();
    for (definition, schema) in generator.definitions() {
        if scalar(definition).is_none() {
            let taken = objects.insert(short(definition).to_owned(), (definition, schema));
            assert!(taken.is_none(), "two definitions are called {}", short(definition));
        }
    }
    let mut text = String::from(
        "// Written by `BLESS=1 cargo test --test kubernetes_table`; do not edit.\n\
         //! The schema of Deployment and `ConfigMap` as a table.\n\n\
         use super::types::{Field, Object, Shape, Type};\n",
    );
    for (name, (definition, schema)) in &objects {
        let none = Map::new();
        let properties = schema.get("properties").map_or(&none, |p| p.as_object().unwrap());
        let required =
            schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        let static_name = static_name(name);
        writeln!(text, "\npub(super) static {static_name}: Object = Object {{").unwrap();
        writeln!(text, "    name: {name:?},").unwrap();
        writeln!(text, "    fields: &[").unwrap();
        for (field, schema) in properties {
            let required = required.iter().any(|name| name == field);
            let extensions = &merge_keys["definitions"][definition][field];
            let keys: Vec<&str> = extensions["x-kubernetes-list-map-keys"]
                .as_array()
                .map(|keys| keys.iter().map(|key| key.as_str().unwrap()).collect())
                .unwrap_or_default();
            let patches_by_key = extensions["x-kubernetes-patch-strategy"]
                .as_str()
                .is_some_and(|s| s.split(',').any(|s| s == "merge"));
            // Lists that only server-side apply merges have keys too.
            assert!(
                !patches_by_key || !keys.is_empty() || field == "finalizers",
                "{name}.{field} merges without keys"
            );
            writeln!(
                text,
                "        Field {{ name: {field:?}, shape: {}, required: {required}, merge_keys: &{keys:?} }},",
                shape(schema)
            )
            .unwrap();
        }
        text.push_str("    ],\n};\n");
    }
    text
}

fn short(definition: &str) -> &str {
    definition.rsplit('.').next().unwrap()
}

/// `PodSpec` → `POD_SPEC`, `ISCSIVolumeSource` → `ISCSI_VOLUME_SOURCE`.
fn static_name(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut text = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let starts_a_word = letter.is_uppercase()
            && at > 0
            && (letters[at - 1].is_lowercase()
                || letters.get(at + 1).is_some_and(|next| next.is_lowercase()));
        if starts_a_word {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}

fn shape(schema: &Value) -> String {
    if let Some(items) = schema.get("items") {
        format!("Shape::List({})", kind_of_one(items))
    } else if let Some(values) = schema.get("additionalProperties") {
        format!("Shape::Map({})", kind_of_one(values))
    } else {
        format!("Shape::One({})", kind_of_one(schema))
    }
}

fn kind_of_one(schema: &Value) -> String {
    if let Some(definition) = schema.get("$ref").and_then(Value::as_str) {
        let definition = definition.rsplit('/').next().unwrap();
        return match scalar(definition) {
            Some(scalar) => format!("Type::{scalar}"),
            None => format!("Type::Object(&{})", static_name(short(definition))),
        };
    }
    let text = |key| schema.get(key).and_then(Value::as_str).unwrap_or_default();
    let scalar = match (text("type"), text("format")) {
        ("string", "") => "String",
        ("string", "byte") => "Bytes",
        ("boolean", "") => "Boolean",
        ("integer", "int32") => "Int32",
        ("integer", "int64") => "Int64",
        other => panic!("a type that the table does not know: {other:?}"),
    };
    format!("Type::{scalar}")
}
