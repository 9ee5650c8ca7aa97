//! The objects that Kubernetes' own validation tests try, as `tests/kubernetes-validator/record` writes them down: both
//! verdicts on each must agree, but for what `docs/kubernetes.md` lists.

use crate::mutation::stricter_on_purpose;
use crate::validator::Validator;
use libtest_mimic::Failed;
use sentry_streams_k8s::kubernetes::{Cluster, Kind, problems};
use sentry_streams_k8s::value::Source;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Judges each object of a file.
pub(crate) fn verdicts_agree(file: &str, validator: &Validator) -> Result<(), Failed> {
    let text = std::fs::read_to_string(file)?;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut disagreements = String::new();
    let mut seen = BTreeSet::new();

    for line in text.lines() {
        let mut line: Value = serde_json::from_str(line)?;
        let (kind, object) = expressed(&line["kind"].clone(), line["object"].take());
        if !seen.insert(object.to_string()) {
            continue;
        }
        let theirs = validator.reasons(&object);
        let ours = errors(&object, kind);
        let name = match (theirs.is_empty(), ours.is_empty()) {
            (true, true) => "taken by both",
            (false, false) => "refused by both",
            (true, false) if stricter_on_purpose(&ours) => "refused by us alone, on purpose",
            (is_taken, _) => {
                let verdict = if is_taken { "they take" } else { "they refuse" };
                writeln!(
                    disagreements,
                    "{verdict} {object}\n  Kubernetes: {theirs:?}\n  we: {ours:?}"
                )?;
                "different without a reason"
            }
        };
        *counts.entry(name).or_default() += 1;
    }

    eprintln!("{} objects of Kubernetes' own tests:", seen.len());
    for (name, count) in counts {
        eprintln!("{count:>7}  {name}");
    }
    if disagreements.is_empty() { Ok(()) } else { Err(disagreements.into()) }
}

/// A pod as a Deployment's: with a container if it has none, and the one restart policy that there is.
fn expressed(kind: &Value, mut object: Value) -> (Kind, Value) {
    if kind == "ConfigMap" {
        object["apiVersion"] = json!("v1");
        object["kind"] = json!("ConfigMap");
        return (Kind::ConfigMap, object);
    }
    if kind == "Deployment" {
        object["apiVersion"] = json!("apps/v1");
        object["kind"] = json!("Deployment");
        return (Kind::Deployment, object);
    }

    let spec = object["spec"].as_object_mut().unwrap();
    if spec.get("containers").is_none_or(Value::is_null) {
        spec.insert("containers".to_owned(), json!([{"name": "a", "image": "a:1"}]));
    }
    if spec.get("restartPolicy").is_some_and(|policy| policy == "Never" || policy == "OnFailure") {
        spec.remove("restartPolicy");
    }
    object["metadata"]["labels"]["app"] = json!("a");
    let deployment = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "a"},
        "spec": {"selector": {"matchLabels": {"app": "a"}}, "template": object},
    });
    (Kind::Deployment, deployment)
}

fn errors(object: &Value, kind: Kind) -> Vec<String> {
    let text = object.to_string();
    let document = sentry_streams_k8s::read::read(&text, Source::Context).unwrap();
    let found = problems(&document.root, kind, Cluster::default()).into_iter();
    found
        .filter(|problem| problem.code.severity() == sentry_streams_k8s::problem::Severity::Error)
        .map(|problem| format!("{}: {}: {}", problem.path, problem.code, problem.message))
        .collect()
}
