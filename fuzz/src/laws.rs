//! What must hold for every context.

use crate::compare::{compare, of_change};
use sentry_streams_k8s::problem::MAX_PROBLEMS;
use sentry_streams_k8s::read;
use sentry_streams_k8s::value::Source;
use sentry_streams_k8s::{Manifest, Problem, Rendered, answer, explain, render, validate};
use serde_json::Value;

/// Renders a context, and checks that the three questions one can ask about it have answers that agree.
pub fn check(text: &str) -> Result<Rendered, Vec<Problem>> {
    let rendered = render(text);
    let explained = explain(text);
    match (&rendered, validate(text)) {
        (Ok(rendered), Ok(warnings)) => {
            assert_eq!(rendered.warnings, warnings, "validate warns of other things");
            let explained = explained.expect("explain refuses what renders");
            json(&explained);
            check_rendered(rendered);
        }
        (Err(problems), Err(refused)) => {
            assert_eq!(*problems, refused, "validate refuses other things");
            // What the macro made itself has origins of its own there, which nobody sees.
            let explained = explained.expect_err("explain answers what is refused");
            assert_eq!(answer::failure(problems), answer::failure(&explained), "explain refuses other things");
            assert!(!problems.is_empty(), "refused without a reason");
            check_problems(problems);
            assert_eq!(json(&answer::failure(problems))["problems"].as_array().map(Vec::len), Some(problems.len()));
        }
        (rendered, validated) => panic!("render says {rendered:?}, validate {validated:?}"),
    }
    assert_eq!(rendered, render(text), "the second call gives another result");
    rendered
}

fn check_rendered(rendered: &Rendered) {
    check_problems(&rendered.warnings);
    let roles: Vec<&str> = rendered.manifests.iter().map(|manifest| manifest.role).collect();
    assert!(
        matches!(roles.as_slice(), ["deployment", "configmap"] | ["deployment", "configmap", "canary_deployment"]),
        "{roles:?}"
    );
    let report = json(&answer::rendered(rendered));
    for manifest in &rendered.manifests {
        let object = json(&manifest.json);
        assert_eq!(report["manifests"][manifest.role], object);
        assert_eq!(object["kind"].as_str(), Some(&*manifest.kind));
        assert_eq!(object["metadata"]["name"].as_str(), Some(&*manifest.name));
        assert_eq!(object["metadata"]["namespace"].as_str(), manifest.namespace.as_deref());
        assert!(!manifest.json.chars().any(char::is_control), "a control character is written as it is");
        let read = read::read(&manifest.json, Source::Context).expect("what is written is read");
        assert_eq!(read.warnings, [], "a key stands twice in {}", manifest.json);
        for change in compare(&[read.root.clone()], &[read.root]) {
            panic!("an object differs from itself: {change:?}");
        }
    }
    check_config_version(&rendered.manifests);
    let objects: Vec<_> = rendered
        .manifests
        .iter()
        .filter_map(|manifest| Some(read::read(&manifest.json, Source::Context).ok()?.root))
        .collect();
    if let [deployment, _, canary] = objects.as_slice() {
        for object in compare(std::slice::from_ref(deployment), std::slice::from_ref(canary)) {
            object.changes.iter().for_each(|change| assert_ne!(of_change(change), Some("")));
        }
    }
}

/// The consumer's configuration is JSON text, and every Deployment names its version.
fn check_config_version(manifests: &[Manifest]) {
    let mut versions: Vec<String> = Vec::new();
    for manifest in manifests {
        let object = json(&manifest.json);
        match manifest.kind.as_str() {
            "ConfigMap" => {
                for text in object["data"].as_object().expect("a ConfigMap has data").values() {
                    json(text.as_str().expect("data is text"));
                }
            }
            _ => {
                let version = &object["spec"]["template"]["metadata"]["annotations"]["configVersion"];
                versions.push(version.to_string());
            }
        }
    }
    versions.dedup();
    assert_eq!(versions.len(), 1, "Deployments of one configuration have several versions: {versions:?}");
}

fn check_problems(problems: &[Problem]) {
    assert!(problems.len() <= MAX_PROBLEMS.saturating_add(1), "{} problems", problems.len());
    for problem in problems {
        assert!(!problem.message.is_empty(), "{problem:?} says nothing");
        if let Some(place) = &problem.place {
            assert!(place.start.line > 0 && place.start.column > 0, "positions count from 1: {problem:?}");
            assert!(place.start <= place.end, "a place ends before it begins: {problem:?}");
        }
    }
}

/// Reads JSON with a reader that is not ours.
pub fn json(text: &str) -> Value {
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.disable_recursion_limit();
    let value = serde::Deserialize::deserialize(&mut reader).unwrap_or_else(|error| panic!("{error}: {text}"));
    reader.end().unwrap_or_else(|error| panic!("{error}: {text}"));
    value
}
