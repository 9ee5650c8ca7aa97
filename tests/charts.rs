//! The schema of the operator's chart is made from its values and their comments; `BLESS=1` writes it. What the chart
//! lets the operator do is what its manifest does, and what its documentation says.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use sentry_streams_k8s::read;
use sentry_streams_k8s::value::{Key, Node, Source, Value};
use serde_json::{Map, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

const CHART: &str = "charts/streams-k8s-operator";

#[test]
fn the_schema_is_that_of_the_values() {
    let text = fs::read_to_string(path("values.yaml")).unwrap();
    let document = read::read_yaml(&text, Source::Context).unwrap();

    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    schema.insert("title".to_owned(), json!("Values of the chart streams-k8s-operator"));
    schema.insert(
        "$comment".to_owned(),
        json!("Made from values.yaml by `scripts/generate charts`; do not edit."),
    );
    schema.append(&mut of_value(&text, &document.root));
    let helms_own = json!({ "description": "Helm's own, where this chart is part of another.", "type": "object" });
    schema["properties"]["global"] = helms_own;

    let made = format!("{:#}\n", serde_json::Value::Object(schema));
    if env::var_os("BLESS").is_some() {
        fs::write(path("values.schema.json"), &made).unwrap();
    }
    let committed = fs::read_to_string(path("values.schema.json")).unwrap();
    assert!(committed == made, "values.schema.json is not as made; run `scripts/generate charts`");
}

/// The verbs for each resource.
type Rights = BTreeMap<String, BTreeSet<String>>;

#[test]
fn the_operator_has_the_same_rights_everywhere() {
    let manifest = read_file("operator/manifests/rbac.yaml");
    let chart = read_file("charts/streams-k8s-operator/templates/rbac.yaml");
    let documented = rights_in_table(&read_file("docs/operator.md"));

    assert_eq!(rights_in_rules(&chart, full_name), rights_in_rules(&manifest, full_name));
    assert_eq!(documented, rights_in_rules(&manifest, |rule| rule.resource.to_owned()));
}

/// What a rule is about, as it is written.
struct Rule<'a> {
    groups: &'a str,
    resource: &'a str,
    names: Option<&'a str>,
}

fn full_name(rule: &Rule<'_>) -> String {
    format!("{} {} {}", rule.groups, rule.resource, rule.names.unwrap_or("all"))
}

/// The rights that rules give, in whichever role or condition of a template they stand.
fn rights_in_rules(text: &str, name: impl Fn(&Rule<'_>) -> String) -> Rights {
    let mut rights = Rights::new();
    for rule in text.split("- apiGroups: ").skip(1) {
        let field = |name| rule.lines().find_map(|line| line.trim().strip_prefix(name));
        let groups = rule.lines().next().unwrap();
        let names = field("resourceNames: ");
        for resource in items(field("resources: ").unwrap()) {
            let verbs = items(field("verbs: ").unwrap()).map(str::to_owned);
            rights.entry(name(&Rule { groups, resource, names })).or_default().extend(verbs);
        }
    }
    rights
}

/// The rights that the documentation lists: resources in backquotes, verbs, why.
fn rights_in_table(text: &str) -> Rights {
    let (_, section) = text.split_once("\n## Rights\n").unwrap();
    let rows = section.lines().skip_while(|line| !line.starts_with('|'));
    let rows = rows.take_while(|line| line.starts_with('|')).skip(2);

    let mut rights = Rights::new();
    for row in rows {
        let [_, resources, verbs, ..] = *row.split('|').collect::<Vec<_>>() else {
            panic!("not a row of resources and verbs: {row}");
        };
        for resource in resources.split('`').skip(1).step_by(2) {
            let verbs = items(verbs).map(str::to_owned);
            rights.entry(resource.to_owned()).or_default().extend(verbs);
        }
    }
    rights
}

/// The items of a list in a line.
fn items(list: &str) -> impl Iterator<Item = &str> {
    list.trim_matches(['[', ']', ' ']).split(", ")
}

/// The type of a value; of a mapping that has something, the values in it, and no others.
fn of_value(text: &str, node: &Node<'_>) -> Map<String, serde_json::Value> {
    let mut schema = Map::new();
    let kind = match &node.value {
        Value::Bool(_) => "boolean",
        Value::Integer(_) => "integer",
        Value::String(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
        other => panic!("a value of the chart is {other:?}"),
    };
    schema.insert("type".to_owned(), json!(kind));

    if let Some(entries) = node.as_map().filter(|map| !map.is_empty()) {
        let of_entry = |(key, node): (&Key<'_>, &Node<'_>)| {
            (key.text.to_string(), serde_json::Value::Object(of_entry(text, key, node)))
        };
        schema.insert("additionalProperties".to_owned(), json!(false));
        schema.insert("properties".to_owned(), entries.iter().map(of_entry).collect());
    }
    schema
}

/// What the comment above a key says comes first, and counts before what the value says.
fn of_entry(text: &str, key: &Key<'_>, node: &Node<'_>) -> Map<String, serde_json::Value> {
    let above = text.get(..key.origin.offset as usize).unwrap();
    let comment: Vec<&str> = above
        .lines()
        .rev()
        .skip(usize::from(!above.ends_with('\n')))
        .map_while(|line| line.trim_start().strip_prefix('#'))
        .map(str::trim)
        .collect();
    let (keywords, description): (Vec<&str>, Vec<&str>) =
        comment.into_iter().rev().partition(|line| line.starts_with("@schema "));

    let mut schema = Map::new();
    if !description.is_empty() {
        schema.insert("description".to_owned(), json!(description.join(" ")));
    }
    schema.append(&mut of_value(text, node));
    for line in keywords {
        let keywords = line.trim_start_matches("@schema ");
        let mut keywords: Map<String, serde_json::Value> = serde_json::from_str(keywords)
            .unwrap_or_else(|error| panic!("`{}`: {keywords}: {error}", key.text));
        schema.append(&mut keywords);
    }
    schema
}

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(CHART).join(file)
}

fn read_file(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}
