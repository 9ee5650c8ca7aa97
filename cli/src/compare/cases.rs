//! What `migrate-check` says about the recorded cases: every difference is the entry of `DEVIATIONS.md` that lists it.

use super::{compare, of_change, of_problem};
use sentry_streams_k8s::read as document;
use sentry_streams_k8s::render;
use sentry_streams_k8s::value::{Node, Source};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The cases of each entry.
fn listed(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut entry = String::new();
    let mut listed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("### ") {
            title.split(' ').next().unwrap().clone_into(&mut entry);
            listed.entry(entry.clone()).or_default();
        } else if line.starts_with("Cases:") {
            listed
                .entry(entry.clone())
                .or_default()
                .extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    listed
}

#[test]
fn differences_are_attributed_to_the_entries_that_list_them() {
    let root = &Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let listed = listed(&fs::read_to_string(root.join("DEVIATIONS.md")).unwrap());
    let mut files: Vec<_> = fs::read_dir(root.join("tests/cases"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let (mut same, mut wrong) = (0, Vec::new());
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let case: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let Some(recorded) = case["peer"]["ok"].as_object() else { continue };
        let named: BTreeSet<Option<&str>> = match render(&case["context"].to_string()) {
            Err(problems) => problems
                .iter()
                .map(|p| Some(of_problem(p.code.name(), &p.path.to_string())))
                .collect(),
            Ok(rendered) => {
                let old: Vec<String> = recorded.values().map(Value::to_string).collect();
                let read = |text: &str| -> Node<'static> {
                    document::read(text.to_owned().leak(), Source::Context).unwrap().root
                };
                let old: Vec<Node<'_>> = old.iter().map(|text| read(text)).collect();
                let new: Vec<Node<'_>> =
                    rendered.manifests.iter().map(|manifest| read(&manifest.json)).collect();
                compare(&old, &new)
                    .iter()
                    .flat_map(|object| &object.changes)
                    .map(of_change)
                    .collect()
            }
        };
        same += usize::from(named.is_empty());
        let expected: BTreeSet<Option<&str>> = listed
            .iter()
            .filter(|(_, cases)| cases.contains(&name))
            .map(|(entry, _)| Some(entry.as_str()))
            .collect();
        if named != expected {
            wrong.push(format!("{name}: listed {expected:?}, named {named:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(same > 60, "{same}");
}
