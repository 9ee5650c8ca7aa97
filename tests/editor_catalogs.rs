//! What catalogues of schemas take: `SchemaStore`, for contexts by the names of their files, and the CRDs catalogue, for
//! `StreamingPipeline` objects.
//!
//! `BLESS=1 cargo test --test editor_catalogs` writes the schema of the object out of its custom resource definition.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use sentry_streams_k8s::read::{read, read_yaml};
use sentry_streams_k8s::value::Source;
use sentry_streams_k8s::write::json;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

const CRD: &str = include_str!("../operator/manifests/crd.yaml");
/// Where the catalogue has it: group, kind and version.
const OBJECT: &str = "editors/crds-catalog/streams.sentry.io/streamingpipeline_v1alpha1.json";

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn yaml(text: &str) -> Value {
    let document = read_yaml(text, Source::Context).unwrap();
    serde_json::from_str(&json(&document.root)).unwrap()
}

/// The schema of the object, as the catalogue's own script makes it.
fn object() -> Value {
    let crd = yaml(CRD);
    let version = &crd["spec"]["versions"][0];
    assert_eq!(
        (&version["name"], &crd["spec"]["group"]),
        (&json!("v1alpha1"), &json!("streams.sentry.io"))
    );
    let mut schema = version["schema"]["openAPIV3Schema"].clone();
    // Of what every object has a definition says nothing.
    for (field, kind) in [("apiVersion", "string"), ("kind", "string"), ("metadata", "object")] {
        schema["properties"][field] = json!({ "type": kind });
    }
    close(&mut schema);
    schema
}

/// Refuses fields that are not there, as the API server drops them, and spells out what only Kubernetes knows.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            let is_open = map.get("x-kubernetes-preserve-unknown-fields") == Some(&json!(true));
            if map.get("properties").is_some_and(Value::is_object) && !is_open {
                map.entry("additionalProperties").or_insert(json!(false));
            }
            if map.get("format") == Some(&json!("int-or-string"))
                || map.get("x-kubernetes-int-or-string") == Some(&json!(true))
            {
                map.remove("format");
                map.insert(
                    "oneOf".to_owned(),
                    json!([{ "type": "string" }, { "type": "integer" }]),
                );
            }
            map.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

#[test]
fn the_schema_of_the_object_is_up_to_date() {
    let expected = serde_json::to_string_pretty(&object()).unwrap() + "\n";
    if std::env::var_os("BLESS").is_some() {
        fs::write(path(OBJECT), &expected).unwrap();
    }
    let written = fs::read_to_string(path(OBJECT)).unwrap_or_default();
    assert!(written == expected, "run `BLESS=1 cargo test --test editor_catalogs`");
}

#[test]
fn the_schema_of_the_object_takes_pipelines() {
    let schema = jsonschema::draft7::new(&object()).unwrap();
    let text = fs::read_to_string(path("examples/argo-cd/pipeline.yaml")).unwrap();
    let mut pipeline = yaml(&text);
    let errors: Vec<String> =
        schema.iter_errors(&pipeline).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    pipeline["spec"]["replicas"] = json!("three");
    assert!(!schema.is_valid(&pipeline));
}

/// `SchemaStore` runs such files: the examples are right, and each of its own is wrong.
#[test]
fn the_schema_of_contexts_judges_its_tests() {
    let schema = fs::read_to_string(path("editors/context.schema.json")).unwrap();
    let schema = jsonschema::draft7::new(&serde_json::from_str(&schema).unwrap()).unwrap();
    for name in ["small", "full", "segments/segment-0", "segments/segment-1", "argo-cd/pipeline"] {
        let text = fs::read_to_string(path(&format!("examples/{name}.yaml"))).unwrap();
        assert!(schema.is_valid(&yaml(&text)), "{name}");
    }

    let negative = path("editors/schemastore/negative");
    let mut count = 0;
    for entry in fs::read_dir(negative).unwrap() {
        let file = entry.unwrap().path();
        let text = fs::read_to_string(&file).unwrap();
        assert!(!schema.is_valid(&yaml(&text)), "{}", file.display());
        count += 1;
    }
    assert!(count >= 3, "{count}");
}

/// The entry names a schema that is there, and files that are none of the tree's other ones.
#[test]
fn the_entry_is_what_schemastore_takes() {
    let text = fs::read_to_string(path("editors/schemastore/catalog-entry.json")).unwrap();
    assert!(read(&text, Source::Context).is_ok());
    let entry: Value = serde_json::from_str(&text).unwrap();
    let keys: Vec<&String> = entry.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["name", "description", "fileMatch", "url"]);
    let url = entry["url"].as_str().unwrap();
    let file =
        url.strip_prefix("https://raw.githubusercontent.com/getsentry/sentry-streams-k8s/main/");
    assert!(Path::new(&path(file.unwrap())).is_file(), "{url}");
}
