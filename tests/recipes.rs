//! What a recipe of `CONTRIBUTING.md` asks for in several places, and what nothing else would miss in one of them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use k8s_openapi::api::apps::v1::Deployment;
use sentry_streams_k8s::context::FIELDS;
use sentry_streams_k8s::kubernetes::versions::{minor_of, minors};
use std::any::type_name;
use std::fs;
use std::path::PathBuf;

fn text(file: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// What stands in a file from here to there.
fn between(file: &str, start: &str, end: char) -> String {
    let text = text(file);
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("{file} has no {start:?}"));
    rest.split(end).next().unwrap_or_default().to_owned()
}

/// A fuzz target gives each field now and then.
#[test]
fn fuzz_targets_use_every_field() {
    let targets = text("fuzz/src/generate.rs") + &text("fuzz/targets/schema.rs");
    for field in FIELDS {
        assert!(
            targets.contains(&format!("\"{}\"", field.name)),
            "fuzz/src/generate.rs never gives {}",
            field.name
        );
    }
}

/// The version of the reference whose answers are recorded is the one that is locked, and that the pages speak of.
#[test]
fn one_version_of_the_reference() {
    let version = between("tests/reference/record.py", "REFERENCE = \"", '"');
    for requirements in ["reference.in", "reference.txt"] {
        let file = format!("python/requirements/{requirements}");
        assert_eq!(
            between(&file, "\nsentry-streams-k8s==", '\n').trim_end_matches(" \\"),
            version,
            "{file}"
        );
    }
    for page in
        ["README.md", "DEVIATIONS.md", "docs/internals/reference.md", "tests/reference/README.md"]
    {
        assert!(
            text(page).contains(&format!("`sentry-streams-k8s` {version}")),
            "{page} speaks of another version"
        );
    }
}

/// What the reference and its consumer stand on is locked in the versions that its page names.
#[test]
fn one_version_of_what_the_reference_uses() {
    for package in ["sentry-infra-tools", "sentry-streams"] {
        let version = between("python/requirements/test.in", &format!("\n{package}=="), '\n');
        for requirements in ["test.txt", "reference.txt"] {
            let file = format!("python/requirements/{requirements}");
            let locked = between(&file, &format!("\n{package}=="), '\n');
            assert_eq!(locked.trim_end_matches(" \\"), version, "{file}: run `make python-lock`");
        }
        let page = "docs/internals/reference.md";
        assert!(
            text(page).contains(&format!("{package} {version}")),
            "{page} names another {package}"
        );
    }
}

/// The schema, the rules' judge, the merge keys, the operator's cluster and the page are of one Kubernetes.
#[test]
fn one_version_of_kubernetes() {
    let version = between("tests/kubernetes-validator/go.mod", "\tk8s.io/kubernetes v", '\n');
    let cluster = between("tests/cluster/go.mod", "\tk8s.io/kubernetes v", '\n');
    assert_eq!(cluster.split(' ').next(), Some(version.as_str()), "tests/cluster/go.mod");
    let merge_keys = between("tests/kubernetes/merge-keys.json", "k8s.io/kubernetes v", '"');
    assert_eq!(merge_keys, version, "tests/kubernetes/merge-keys.json");

    let versions = text("tests/kubernetes/versions");
    assert_eq!(versions.lines().last(), Some(&*format!("v{version}")), "tests/kubernetes/versions");
    let listed = versions.lines().map(minor_of);
    assert!(listed.eq(minors().map(|minor| Some(minor.into()))), "tests/kubernetes/versions");

    let minor = version.rsplit_once('.').unwrap().0;
    assert_eq!(
        between("docs/kubernetes.md", "`k8s-openapi`, Kubernetes ", ')'),
        minor,
        "docs/kubernetes.md"
    );
    let types = type_name::<Deployment>();
    assert!(
        types.contains(&format!("::v{}::", minor.replace('.', "_"))),
        "k8s-openapi has {types}"
    );
}
