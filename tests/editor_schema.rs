//! `editors/context.schema.json`: the schema of a context, with all that an editor shows of Kubernetes and of Sentry
//! Streams in its templates and its configuration.
//!
//! What is added to `wit/context.schema.json` only describes: a schema of Kubernetes that also judges would refuse what
//! the macro takes (`null`, which removes a field; patches; `yes`), so that an editor would show faults that are none.
//!
//! `BLESS=1 cargo test --test editor_schema` writes it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::schemars::SchemaGenerator;
use sentry_streams_k8s::context::FIELDS;
use sentry_streams_k8s::kubernetes::schema::{Object, Shape, Type};
use sentry_streams_k8s::kubernetes::{Cluster, Kind, problems};
use sentry_streams_k8s::read::read;
use sentry_streams_k8s::value::{Path, Source};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/editors/context.schema.json");
/// What the runner reads, of the version of Sentry Streams that the macro knows.
const PIPELINE_CONFIG: &str = include_str!("../src/json_schema/pipeline_config.schema.json");
const PAGES: &str = "https://github.com/getsentry/sentry-streams-k8s/blob/main";
/// What the fields hold that are templates: types of the Kubernetes API, or the configuration.
const TEMPLATES: [(&str, &str); 4] = [
    ("deployment_template", "Deployment"),
    ("container_template", "Container"),
    ("emergency_patch", "Deployment"),
    ("pipeline_config", "pipeline_config"),
];

#[test]
fn the_schema_of_editors_is_up_to_date() {
    let expected = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(FILE, &expected).unwrap();
    }
    let written = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(written == expected, "run `BLESS=1 cargo test --test editor_schema`");
}

/// Nothing that was added refuses a value: what is right for the component's schema is right for this one.
#[test]
fn what_is_added_only_describes() {
    let schema = jsonschema::draft7::new(&schema()).unwrap();
    let odd = [json!(null), json!(5), json!("x"), json!(true), json!([]), json!([[null]])];
    for (field, _) in TEMPLATES.iter().take(3) {
        for value in &odd {
            let mut context = json!({
                "service_name": "s", "pipeline_name": "p", "segment_id": 0, "pipeline_module": "a.py",
                "image_name": "a:1", "cpu_per_process": 1000, "memory_per_process": 512,
                "deployment_template": {}, "container_template": {},
                "pipeline_config": {"pipeline": {"segments": 5}, "metrics": value, "env": value},
            });
            context[field] = json!({
                "spec": value, "env": value, "ports": [value, {"protocol": value}], "unknown": value,
                "metadata": {"labels": {"a": value}},
            });
            assert!(schema.is_valid(&context), "{field}: {value}");
        }
    }
}

/// Every field of the macro, of Kubernetes and of Sentry Streams is described.
#[test]
fn every_field_is_described() {
    let schema = schema();
    let mut missing = Vec::new();
    for (name, definition) in schema["definitions"].as_object().unwrap() {
        let none = Map::new();
        let fields =
            definition.get("properties").map_or(&none, |fields| fields.as_object().unwrap());
        for (field, about) in fields {
            if about["description"].is_null() {
                missing.push(format!("{name}.{field}"));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

fn schema() -> Value {
    let mut schema: Value = serde_json::from_str(sentry_streams_k8s::schema()).unwrap();
    let mut added = kubernetes();
    added.extend(pipeline_config());
    let types = added.clone();
    for definition in added.values_mut() {
        let definition = definition.as_object_mut().unwrap();
        definition.retain(|keyword, _| !["title", "description"].contains(&keyword.as_str()));
        definition.values_mut().for_each(|value| describe(value, &types));
    }
    for (field, holds) in TEMPLATES {
        let schema = &mut schema["definitions"]["fields"]["properties"][field];
        let reference = json!({ "$ref": format!("#/definitions/{holds}") });
        match schema.get_mut("allOf").and_then(Value::as_array_mut) {
            Some(all) => all.push(reference),
            None => schema["allOf"] = json!([reference]),
        }
    }
    for field in FIELDS {
        let kind = field.kind.replace('`', "");
        let title = match field.default {
            _ if field.required => format!("{kind}, required"),
            Some(default) => format!("{kind}, default {default}"),
            None => kind,
        };
        let about = &mut schema["definitions"]["fields"]["properties"][field.name];
        about["title"] = json!(title);
        let text = about["description"].as_str().unwrap();
        let refused = field.deviation.map_or_else(String::new, |entry| {
            format!(", [values that are refused: {entry}]({PAGES}/DEVIATIONS.md)")
        });
        about["description"] =
            json!(format!("{text}\n\n[All fields]({PAGES}/README.md#the-context){refused}"));
        if field.kind == "boolean" {
            about["examples"] = json!([true, false]);
        }
    }

    quiet(&mut schema);
    let definitions = schema["definitions"].as_object_mut().unwrap();
    for (name, definition) in added {
        assert!(definitions.insert(name.clone(), definition).is_none(), "two are called {name}");
    }
    schema
}

/// Gives fields the words of their types where they have none of their own. The types keep none: yaml-language-server
/// would show them instead of the field's.
fn describe(schema: &mut Value, types: &BTreeMap<String, Value>) {
    match schema {
        Value::Object(map) => {
            let name = map.get("allOf").and_then(|all| all[0]["$ref"].as_str()).map(short);
            if let Some(about) = name.and_then(|name| types[name].get("description")).cloned() {
                map.entry("description").or_insert(about);
            }
            map.values_mut().for_each(|value| describe(value, types));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| describe(item, types)),
        _ => {}
    }
}

/// Takes out what editors show instead of a field's own words, and what one of them reckons wrongly.
fn quiet(schema: &mut Value) {
    for shared in ["name", "warning"] {
        let definition = schema["definitions"][shared].as_object_mut().unwrap();
        assert!(definition.remove("description").is_some(), "{shared}");
    }
    // yaml-language-server shows the words of alternatives instead of the field's. What a template may be is the macro's
    // to say, and what is empty can be said without them.
    schema["definitions"]["mapping_or_yaml"] = json!({});
    schema["definitions"]["truth"] = json!({ "maxLength": 0, "maxItems": 0, "maxProperties": 0 });
    // It finds no number that is a multiple of 2 to the power of -20.
    let memory = &mut schema["definitions"]["fields"]["properties"]["memory_per_process"];
    let number = memory["anyOf"][0].as_object_mut().unwrap();
    assert!(number.remove("multipleOf").is_some());
}

/// The types of the API that a Deployment is made of.
fn kubernetes() -> BTreeMap<String, Value> {
    let values = values();
    let mut generator = SchemaGenerator::default();
    generator.subschema_for::<Deployment>();
    let mut types = BTreeMap::new();
    for (definition, schema) in generator.definitions() {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
            continue;
        };
        let name = short(definition);
        let required = |field: &str| {
            schema["required"].as_array().is_some_and(|list| list.iter().any(|one| one == field))
        };
        let mut fields = Map::new();
        // Kubernetes writes the status, and nobody else.
        for (field, schema) in properties.iter().filter(|(field, _)| *field != "status") {
            let (mut about, mut title) = described(schema);
            if required(field) {
                title.push_str(", required");
            }
            about.insert("title".to_owned(), json!(title));
            if title.starts_with("boolean") {
                about.insert("examples".to_owned(), json!([true, false]));
            } else if let Some(values) = values.get(&(name.to_owned(), field.clone())) {
                about.insert("examples".to_owned(), json!(values));
            }
            fields.insert(field.clone(), Value::Object(about));
        }
        let about = &schema["description"];
        types.insert(
            name.to_owned(),
            json!({ "title": name, "description": about, "properties": fields }),
        );
    }
    types
}

/// What describes a value of the API, and what people call its type.
fn described(schema: &Value) -> (Map<String, Value>, String) {
    let mut about = Map::new();
    if let Some(description) = schema.get("description") {
        about.insert("description".to_owned(), description.clone());
    }
    let title = if let Some(items) = schema.get("items") {
        let (items, title) = described(items);
        about.insert("items".to_owned(), Value::Object(items));
        format!("list of {title}")
    } else if let Some(values) = schema.get("additionalProperties") {
        let (values, title) = described(values);
        about.insert("additionalProperties".to_owned(), Value::Object(values));
        format!("mapping of {title}")
    } else if let Some(definition) = schema.get("$ref").and_then(Value::as_str) {
        let name = short(definition);
        if let Some(scalar) = scalar(name) {
            scalar.to_owned()
        } else {
            about.insert("allOf".to_owned(), json!([{ "$ref": format!("#/definitions/{name}") }]));
            name.to_owned()
        }
    } else {
        schema["type"].as_str().unwrap().to_owned()
    };
    (about, title)
}

/// The types that are written as one value.
fn scalar(name: &str) -> Option<&'static str> {
    Some(match name {
        "Quantity" => "quantity",
        "IntOrString" => "integer or string",
        "Time" => "time",
        "FieldsV1" => "mapping",
        _ => return None,
    })
}

fn short(definition: &str) -> &str {
    definition.rsplit(['.', '/']).next().unwrap()
}

/// The values of fields that can have only some, by type and field: asked of the macro's own rules, with a value that
/// none of them takes.
fn values() -> BTreeMap<(String, String), Vec<String>> {
    fn walk(
        object: &'static Object,
        path: &Path,
        wrap: &dyn Fn(Value) -> Value,
        found: &mut BTreeMap<(String, String), Vec<String>>,
    ) {
        for field in object.fields {
            let below = |value: Value| {
                let value = match field.shape {
                    Shape::One(_) => value,
                    Shape::List(_) => json!([value]),
                    Shape::Map(_) => json!({ "a": value }),
                };
                wrap(json!({ field.name: value }))
            };
            let path = match field.shape {
                Shape::One(_) => path.key(field.name),
                Shape::List(_) => path.key(field.name).index(0),
                Shape::Map(_) => path.key(field.name).key("a"),
            };
            let (Shape::One(kind) | Shape::List(kind) | Shape::Map(kind)) = field.shape;
            match kind {
                Type::Object(object) => walk(object, &path, &below, found),
                Type::String => {
                    let key = (object.name.to_owned(), field.name.to_owned());
                    if let Some(values) = allowed(&below(json!("?")), &path) {
                        found.entry(key).or_insert(values);
                    }
                }
                _ => {}
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(Object::of(Kind::Deployment), &Path::root(), &|value| value, &mut found);
    found
}

fn allowed(object: &Value, path: &Path) -> Option<Vec<String>> {
    let text = object.to_string();
    let document = read(&text, Source::Context).unwrap();
    let found = problems(&document.root, Kind::Deployment, Cluster::default());
    let said = found.iter().find_map(|problem| {
        let values = problem.message.strip_prefix("must be one of ")?;
        (problem.path == *path).then(|| values.split(", ").map(str::to_owned).collect())
    })?;
    Some(said)
}

/// The configuration of a pipeline.
fn pipeline_config() -> BTreeMap<String, Value> {
    let mut schema: Value = serde_json::from_str(PIPELINE_CONFIG).unwrap();
    let definitions = schema["definitions"].take();
    let mut all: BTreeMap<String, Value> = definitions
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, definition)| (name.clone(), annotations(definition)))
        .collect();
    all.insert("pipeline_config".to_owned(), annotations(&schema));
    all
}

/// What a schema says without what it refuses.
fn annotations(schema: &Value) -> Value {
    let mut about = Map::new();
    for (keyword, value) in schema.as_object().unwrap() {
        match keyword.as_str() {
            "description" => drop(about.insert(keyword.clone(), value.clone())),
            "type" | "title" => {
                about.entry("title").or_insert_with(|| value.clone());
                if value == "boolean" {
                    about.insert("examples".to_owned(), json!([true, false]));
                }
            }
            "enum" => drop(about.insert("examples".to_owned(), value.clone())),
            "const" => drop(about.insert("examples".to_owned(), json!([value]))),
            "properties" => {
                let described = |(name, field): (&String, &Value)| {
                    let mut field = annotations(field);
                    // What tells a type from others means what the type means.
                    if field.get("description").is_none() && field.get("allOf").is_none() {
                        field["description"] = schema["description"].clone();
                    }
                    (name.clone(), field)
                };
                let fields = value.as_object().unwrap().iter().map(described).collect();
                about.insert(keyword.clone(), Value::Object(fields));
            }
            "items" | "additionalProperties" if value.is_object() => {
                about.insert(keyword.clone(), annotations(value));
            }
            "$ref" => drop(about.insert("allOf".to_owned(), json!([{ "$ref": value }]))),
            // Each of several may describe it, as none of them refuses anything.
            "allOf" | "anyOf" | "oneOf" => {
                let all: Vec<Value> = value.as_array().unwrap().iter().map(annotations).collect();
                about.insert("allOf".to_owned(), Value::Array(all));
            }
            _ => {}
        }
    }
    Value::Object(about)
}
