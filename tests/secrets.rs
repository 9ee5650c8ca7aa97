//! No problem shows a value whose name says that it is a secret.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod common;

use common::context;
use sentry_streams_k8s::{answer, explain, render, validate};
use serde_json::{Value, json};

/// Everything that is said of a context that is refused.
fn said(text: &str) -> String {
    let problems = render(text).expect_err("a problem");
    assert_eq!(validate(text).expect_err("a problem"), problems);
    assert_eq!(answer::failure(&explain(text).expect_err("a problem")), answer::failure(&problems));
    answer::failure(&problems)
}

/// Contexts in which `NAME` is the name of a value, and what a problem would show of it.
fn rows() -> Vec<(Value, &'static str)> {
    let config = |steps: &str| json!({"pipeline_config": format!("pipeline: {{segments: [{{steps_config: {{a: {steps}}}}}]}}")});
    let schema = |rule: Value, value: Value| {
        json!({
            "pipeline_config": {"pipeline": {"segments": []}, "NAME": value},
            "pipeline_config_schema": {"properties": {"NAME": rule}},
        })
    };
    let long = "hunter2 ".repeat(6);
    vec![
        // An environment variable that is a number.
        (json!({"container_template": {"env": [{"name": "NAME", "value": 4711}]}}), "4711"),
        (json!({"container_template": {"env": [{"value": 47.11, "name": "NAME"}]}}), "47.11"),
        (json!({"container_template": "env: [{name: NAME, value: 13:37}]"}), "817"),
        (
            json!({"emergency_patch": {"spec": {"template": {"spec": {"containers": [
            {"name": "pipeline-consumer", "env": [{"name": "NAME", "value": 4711}]}]}}}}}),
            "4711",
        ),
        (
            json!({"container_template": {"env": [{"name": "NAME", "value": "x"}]},
            "emergency_patch": {"spec": {"template": {"spec": {"containers": [
            {"name": "pipeline-consumer", "env": [{"name": "NAME", "value": 4711}]}]}}}}}),
            "4711",
        ),
        // What YAML makes of text.
        (config("{NAME: 2024-01-01}"), "2024-01-01"),
        (config("{NAME: 2024-02-30}"), "2024-02-30"),
        (config("{NAME: !!int hunter}"), "hunter"),
        (config("{NAME: !!float 'hunter 2'}"), "hunter 2"),
        (config(&format!("{{NAME: !!int {long}}}")), "hunter2"),
        (config("{NAME: [{x: 2024-01-01}]}"), "2024-01-01"),
        // What a schema says.
        (schema(json!({"type": "integer"}), json!("hunter")), "hunter"),
        (schema(json!({"type": "integer"}), json!("4711")), "4711"),
        (schema(json!({"enum": ["a", "b"]}), json!("hunt\"er\n")), "hunt"),
        (schema(json!({"const": 1}), json!(4711)), "4711"),
        (schema(json!({"maxLength": 3}), json!("hunter")), "hunter"),
        (schema(json!({"anyOf": [{"minimum": 9999}, {"enum": [1]}]}), json!(4711)), "4711"),
    ]
}

/// A key that is nothing known, below the name of a secret, may be a part of it; one that is misspelt is told.
#[test]
fn keys_below_secret_names_are_not_said() {
    let env = |reference: &str| {
        let env = format!("env: [{{name: A, valueFrom: {{secretKeyRef: {reference}}}}}]");
        said(&context(&json!({"container_template": env})))
    };

    let hidden = env("{name: a, key: b, hunter2hunter: 1}");
    assert!(!hidden.contains("hunter") && hidden.contains("unknown field `…`"), "{hidden}");
    // A password that begins as an anchor does, or a tag, and one where a mapping was meant.
    for text in [
        "password: &hunter!2 ",
        "{password: &hunter2 a, other: &hunter2 b}",
        "password: !hunter2",
        "spec: {template: 'dsn:] [hunter2'}",
        "spec: {template: {spec: {containers: [{env: [{name: DB_PASSWORD, 'value:> hunter2': a}]}]}}}",
        "spec: {template: {spec: {containers: [{env: [{name: DB_PASSWORD, valueFrom: {hunter2hunter: a}}]}]}}}",
    ] {
        let said = said(&context(&json!({"deployment_template": text})));
        assert!(!said.contains("hunter"), "{said}");
    }
    let text = json!({"pipeline_config": {"pipeline": {"segments": []}, "sentry_sdk_config": "dsn:] [hunter2"}});
    let said = said(&context(&text));
    assert!(!said.contains("hunter"), "{said}");
    let typo = env("{nmae: a, key: b}");
    assert!(
        typo.contains("unknown field `nmae`") && typo.contains("did you mean `name`"),
        "{typo}"
    );
}

/// Keys that are no keys: what an unclosed quote or a bracket too many made of several lines, and what has a tag.
#[test]
fn keys_that_have_swallowed_secrets_are_not_said() {
    let whole = context(&json!({}));
    let torn = whole.replacen('{', r#"{"x: [ env:\n# apiKey is hunter2\n- name": 1, "#, 1);
    let spec: String = whole.lines().flat_map(|line| ["  ", line, "\n"]).collect();
    let pipeline = format!(
        "apiVersion: streams.sentry.io/v1alpha1\nkind: StreamingPipeline\nmetadata: {{name: p}}\n\
         \"password: hunter2\": 1\nspec:\n{spec}"
    );
    let schema = context(&json!({
        "pipeline_config": {"pipeline": {"segments": []}, "a\n  token: hunter2\n  b": 1},
        "pipeline_config_schema": {"properties": {"pipeline": {}}, "additionalProperties": false},
    }));
    for text in [torn, pipeline, schema] {
        let said = said(&text);
        assert!(!said.contains("hunter") && said.contains("…"), "{said}");
    }

    for text in [
        "env: [{name: AUTH, !value: hunter2}]",
        "env: [{name: AUTH, value: {hunter2:! 1}}]",
        "env: [{name: AUTH, value: {hunter2: !1 }}]",
        "env: [{name: AUTH, value:, !x hunter2}]",
        "env: [{name: AUTH, ? !x hunter2}]",
        "env:\n- name: AUTH\n  value:\n    hunter2: !x 1",
        "AUTH: {hunter2: {a: !!set {b}}}",
    ] {
        let said = said(&context(&json!({"container_template": text})));
        assert!(!said.contains("hunter") && said.contains("container_template"), "{said}");
    }
}

#[test]
fn values_of_secret_names_are_not_said() {
    for (fields, value) in rows() {
        for name in ["DB_PASSWORD", "apiKey", "SENTRY_DSN", "x-token"] {
            let said = said(&context(&fields).replace("NAME", name));
            assert!(!said.contains(value), "{value} is shown: {said}");
        }
    }
}

/// The rows are of problems that show values.
#[test]
fn values_of_other_names_are_said() {
    for (fields, value) in rows() {
        let text = context(&fields).replace("NAME", "colour");
        let said = said(&text);
        assert!(
            said.contains(value) || said.contains("alternatives"),
            "{value} is not shown: {said}"
        );
    }
}

#[test]
fn numbers_that_json_cannot_hold_are_not_said() {
    let text =
        context(&json!({"container_template": {"env": [{"name": "DB_PASSWORD", "value": "X"}]}}));
    let said = said(&text.replace("\"X\"", "4711e4711"));
    assert!(said.contains("too large") && !said.contains("4711e4711"), "{said}");
}
