//! `diff --live` with a kubectl that says what it was asked.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

const SMALL: &str = include_str!("cmd/render.in/small.yaml");

/// A kubectl that writes down its arguments and answers with a file.
const KUBECTL: &str = "#!/bin/sh\necho \"$@\" >>asked\nif [ -e fail ]; then echo 'no such context' >&2; exit 1; fi\ncat answer\n";

fn streams_k8s(directory: &Path, arguments: &[&str]) -> Output {
    let path = format!("{}:{}", directory.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_streams-k8s"));
    command.args(arguments).current_dir(directory).env("PATH", path).output().unwrap()
}

#[test]
fn what_runs_is_compared_and_only_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let write = |name: &str, text: &str| fs::write(path.join(name), text).unwrap();
    write("kubectl", KUBECTL);
    fs::set_permissions(path.join("kubectl"), fs::Permissions::from_mode(0o755)).unwrap();
    let spaced = SMALL
        .replace("deployment_template: {}", "deployment_template: {metadata: {namespace: up}}");
    write("small.yaml", &spaced);

    let rendered = streams_k8s(path, &["render", "-o", "json", "small.yaml"]);
    write("answer", std::str::from_utf8(&rendered.stdout).unwrap());
    let same = streams_k8s(path, &["diff", "--live", "small.yaml"]);
    assert_eq!((same.status.code(), same.stdout), (Some(0), b"nothing differs\n".to_vec()));
    let asked = fs::read_to_string(path.join("asked")).unwrap();
    let expected = "get --output=json --ignore-not-found --namespace=up \
                    deployment.apps/uptime-pipeline-results-0 configmap/uptime-pipeline-results\n";
    assert_eq!(asked, expected);

    let arguments =
        ["diff", "--live", "--kube-context", "prod", "small.yaml", "--set", "replicas=3"];
    let other = streams_k8s(path, &arguments);
    let said = String::from_utf8(other.stdout).unwrap();
    assert_eq!(other.status.code(), Some(1));
    assert!(said.contains("~ spec.replicas: ") && said.contains(" -> 3\n"), "{said}");
    let asked = fs::read_to_string(path.join("asked")).unwrap();
    assert!(asked.lines().last().unwrap().contains(" --context=prod "), "{asked}");

    write("answer", "");
    let nothing = streams_k8s(path, &["diff", "--live", "small.yaml"]);
    let said = String::from_utf8(nothing.stdout).unwrap();
    assert_eq!(nothing.status.code(), Some(1));
    assert!(said.contains("Deployment up/uptime-pipeline-results-0\n"), "{said}");

    write("fail", "");
    let failed = streams_k8s(path, &["diff", "--live", "small.yaml"]);
    let said = String::from_utf8(failed.stderr).unwrap();
    assert_eq!(failed.status.code(), Some(2));
    assert_eq!(said, "error: kubectl cannot say what runs: no such context\n");
}
