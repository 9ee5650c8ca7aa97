//! `init`: what somebody starts with is right, and renders to what it was made from.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const FULL: &str = include_str!("../../examples/full.yaml");

fn streams_k8s(directory: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_streams-k8s"));
    command.args(arguments).current_dir(directory).output().unwrap()
}

fn said(output: &Output) -> (Option<i32>, &str) {
    (output.status.code(), std::str::from_utf8(&output.stderr).unwrap())
}

#[test]
fn a_context_to_start_with_is_right_and_is_not_written_over() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let written = streams_k8s(path, &["init", "context.yaml"]);
    assert_eq!(said(&written), (Some(0), "note: wrote context.yaml\n"));
    let checked = streams_k8s(path, &["validate", "context.yaml"]);
    assert_eq!((said(&checked).0, &*checked.stdout), (Some(0), &b"the context is right\n"[..]));

    let printed = streams_k8s(path, &["init"]);
    assert_eq!(printed.stdout, fs::read(path.join("context.yaml")).unwrap());
    let again = streams_k8s(path, &["init", "context.yaml"]);
    assert_eq!(said(&again), (Some(2), "error: cannot write context.yaml: File exists\n"));
}

#[test]
fn a_pipeline_configuration_keeps_its_comments() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let config = "# Ours.\nenv: {}\n\npipeline:\n  segments:\n    - steps_config: {a: {starts_segment: true}} # one\n";
    fs::write(path.join("config.yaml"), config).unwrap();
    let output = streams_k8s(path, &["init", "--pipeline-config", "config.yaml"]);
    let text = std::str::from_utf8(&output.stdout).unwrap();
    assert_eq!(said(&output), (Some(0), ""));
    let indented: String = config
        .lines()
        .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") })
        .collect();
    assert!(text.contains(&format!("pipeline_config:\n{indented}")), "{text}");
}

/// A Deployment as a server shows it, of a context with all that production has.
#[test]
fn a_deployment_renders_to_itself() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    fs::write(path.join("full.yaml"), FULL.replace("with_canary: true\n", "")).unwrap();
    let rendered = streams_k8s(path, &["render", "-o", "json", "full.yaml"]);
    let list: Value = serde_json::from_slice(&rendered.stdout).unwrap();
    let mut deployment = list["items"][0].clone();
    deployment["metadata"]["uid"] = "1".into();
    deployment["metadata"]["resourceVersion"] = "2".into();
    deployment["metadata"]["managedFields"] = json!([{ "manager": "kubectl" }]);
    deployment["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = "3".into();
    deployment["spec"]["template"]["metadata"]["creationTimestamp"] = Value::Null;
    deployment["status"] = json!({ "replicas": 1 });
    fs::write(path.join("live.json"), deployment.to_string()).unwrap();
    let config = FULL.split_once("pipeline_config:\n").unwrap().1;
    let config: String = config
        .lines()
        .map(|line| line.strip_prefix("  ").unwrap_or(line))
        .flat_map(|line| [line, "\n"])
        .collect();
    fs::write(path.join("config.yaml"), config).unwrap();

    let arguments =
        ["init", "--deployment", "live.json", "--pipeline-config", "config.yaml", "made.yaml"];
    let output = streams_k8s(path, &arguments);
    assert_eq!(said(&output), (Some(0), "note: wrote made.yaml\n"));
    let arguments = ["diff", "full.yaml", "made.yaml"];
    let difference = streams_k8s(path, &arguments);
    let shown = String::from_utf8(difference.stdout).unwrap();
    assert!(shown.contains("nothing differs"), "{shown}");
}
