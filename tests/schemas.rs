//! The JSON Schemas of `wit/` against what goes in and what comes out.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use jsonschema::Validator;
use sentry_streams_k8s::context::FIELDS;
use sentry_streams_k8s::{answer, explain, render, validate};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

fn schema(name: &str) -> Validator {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("wit/{name}.schema.json"));
    let schema = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    jsonschema::draft7::meta::validate(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
    jsonschema::draft7::new(&schema).unwrap()
}

fn contexts() -> Vec<(String, Value)> {
    let cases =
        fs::read_dir(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases")).unwrap();
    let files = cases
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"));
    files
        .map(|file| {
            let mut case: Value =
                serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
            (file.file_stem().unwrap().to_string_lossy().into_owned(), case["context"].take())
        })
        .collect()
}

fn assert_fits(schema: &Validator, value: &Value, name: &str) {
    let errors: Vec<_> = schema
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}");
}

/// A context that renders fits the schema, by itself and as a `StreamingPipeline`; so does every answer.
#[test]
fn recorded_contexts_and_their_answers_fit() {
    let [context_schema, rendered, accepted, explained, failure] =
        ["context", "rendered", "accepted", "explained", "failure"].map(schema);
    let (mut right, mut wrong) = (0, 0);
    for (name, context) in contexts() {
        let text = context.to_string();
        match (render(&text), validate(&text)) {
            (Ok(answer), Ok(warnings)) => {
                right += 1;
                assert_fits(&context_schema, &context, &name);
                let object = json!({
                    "apiVersion": "streams.sentry.io/v1alpha1",
                    "kind": "StreamingPipeline",
                    "metadata": {"name": "p"},
                    "spec": context,
                });
                assert!(render(&object.to_string()).is_ok(), "{name} as an object");
                assert_fits(&context_schema, &object, &name);
                assert_fits(
                    &rendered,
                    &serde_json::from_str(&answer::rendered(&answer)).unwrap(),
                    &name,
                );
                assert_fits(
                    &accepted,
                    &serde_json::from_str(&answer::accepted(&warnings)).unwrap(),
                    &name,
                );
                assert_fits(
                    &explained,
                    &serde_json::from_str(&explain(&text).unwrap()).unwrap(),
                    &name,
                );
            }
            (Err(problems), Err(_)) => {
                wrong += 1;
                assert_fits(
                    &failure,
                    &serde_json::from_str(&answer::failure(&problems)).unwrap(),
                    &name,
                );
            }
            _ => panic!("{name}: render and validate do not agree"),
        }
    }
    assert!(right > 30 && wrong > 30, "{right} {wrong}");
}

/// The schema and the macro judge each field alike, one that was added today too.
#[test]
fn verdicts_on_fields_are_the_macros() {
    let context_schema = schema("context");
    let base = json!({
        "service_name": "s", "pipeline_name": "p", "segment_id": 0, "pipeline_module": "a.py", "image_name": "a:1",
        "cpu_per_process": 1000, "memory_per_process": 512, "deployment_template": {}, "container_template": {},
        "pipeline_config": {"pipeline": {"segments": [{}]}},
    });
    let falsy = [json!(null), json!(""), json!([]), json!({}), json!(0), json!(false)];
    let other = [
        json!("x"),
        json!("5"),
        json!(5),
        json!(-5),
        json!(5_000_000_000_i64),
        json!(2.5),
        json!(true),
        json!(["x"]),
        json!({"x": "y"}),
        json!("false"),
        json!("ERROR"),
        json!("1000m"),
        json!("@@"),
    ];
    // What a mapping holds is for the macro to judge.
    let fields =
        FIELDS.iter().filter(|field| !field.kind.starts_with("mapping")).map(|field| field.name);
    let fields = fields.chain(["unknown"]);

    for field in fields {
        for value in falsy.iter().chain(&other) {
            let mut context = base.clone();
            context[field] = value.clone();
            let macros = render(&context.to_string());
            let verdict = macros.is_ok();
            let problems = macros.err().map(|problems| answer::failure(&problems));
            assert_eq!(
                context_schema.is_valid(&context),
                verdict,
                "{field}: {value}: {problems:?}"
            );
        }
        let mut context = base.clone();
        context.as_object_mut().unwrap().remove(field);
        assert_eq!(
            context_schema.is_valid(&context),
            render(&context.to_string()).is_ok(),
            "without {field}"
        );
    }
}
