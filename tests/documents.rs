//! The pages that list what the code knows: `docs/problems.md` is written from the registry of codes, the README's table
//! from the fields of a context, the counts in `docs/kubernetes.md` from the folders. `BLESS=1` writes them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use sentry_streams_k8s::context::FIELDS;
use sentry_streams_k8s::kubernetes::versions::Gate;
use sentry_streams_k8s::problem::{Code, Finder, Severity};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

#[test]
fn problems_are_those_of_the_registry() {
    let mut page = String::from(
        "<!-- Written by `BLESS=1 cargo test --test documents` from src/problem/code.rs; do not edit. -->\n\
         # Problems and warnings\n\n\
         Every problem and every warning has a `code`. Codes are stable: programs can rely on them, and a context can\n\
         silence a warning by its code (`silence: [image-latest]`). The message says what is wrong at that place, the help\n\
         what to do about it. [DEVIATIONS.md](../DEVIATIONS.md) says why it is a problem where the reference renders.\n",
    );

    for (finder, title) in [
        (Finder::Reading, "Reading a text"),
        (Finder::Context, "The context and its layers"),
        (Finder::Kubernetes, "Kubernetes' rules"),
        (Finder::Host, "Only in a host"),
    ] {
        let _ = write!(page, "\n## {title}\n\n");
        if finder == Finder::Kubernetes {
            page.push_str(
                "What an API server refuses, or what it takes of a Deployment and refuses of its pods. The rules are those\n\
                 of Kubernetes' own validation; [kubernetes.md](kubernetes.md) says how that is shown. `missing-field`,\n\
                 `unknown-field`, `wrong-type`, `unsupported-value` and `out-of-range` above are used here too.\n\n",
            );
        }

        page.push_str("| code | means | usual cure | deviation |\n|---|---|---|---|\n");
        for code in Code::ALL.iter().filter(|code| code.finder() == finder) {
            let warning = if code.severity() == Severity::Warning { " (warning)" } else { "" };
            let deviation = code.deviation().unwrap_or("");
            let _ = writeln!(
                page,
                "| `{code}`{warning} | {} | {} | {deviation} |",
                code.meaning(),
                code.cure()
            );
        }
    }

    assert_is("docs/problems.md", &page);
}

#[test]
fn the_readme_lists_the_fields() {
    let about = descriptions();
    let mut table = String::from("| field | type | default | meaning |\n|---|---|---|---|\n");
    for field in FIELDS {
        let default = match field.default {
            _ if field.required => "required".to_owned(),
            Some(default) => format!("`{}`", default.trim_matches('"')),
            None => "none".to_owned(),
        };
        let _ = writeln!(
            table,
            "| `{}` | {} | {default} | {} |",
            field.name,
            field.kind,
            about(field.name)
        );
    }

    let path = root().join("README.md");
    let readme = fs::read_to_string(path).unwrap();
    let (start, end) = ("<!-- fields -->\n", "<!-- /fields -->\n");
    let (before, rest) = readme.split_once(start).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    assert_is("README.md", &format!("{before}{start}{table}{end}{after}"));
}

#[test]
fn the_page_of_kubernetes_counts_its_parts() {
    let mut page = fs::read_to_string(root().join("docs/kubernetes.md")).unwrap();
    for folder in ["valid", "refused"] {
        let count = fs::read_dir(root().join("tests/kubernetes").join(folder)).unwrap().count();
        let start = format!("- `tests/kubernetes/{folder}/`: ");
        let (before, rest) = page.split_once(&start).unwrap();
        let (_, after) = rest.split_once(' ').unwrap();
        page = format!("{before}{start}{count} {after}");
    }

    assert_is("docs/kubernetes.md", &page);
}

/// The schema has the fields, which of them are required, and their defaults, as the macro has them.
#[test]
fn the_schema_has_the_fields() {
    let schema = schema();
    let fields = &schema["definitions"]["fields"]["properties"];
    let names: Vec<&str> = fields.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    expected.sort_unstable();
    assert_eq!(sorted, expected);

    let required: Vec<&str> =
        FIELDS.iter().filter(|field| field.required).map(|field| field.name).collect();
    let listed: Vec<&str> = schema["definitions"]["context"]["required"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    assert_eq!(listed, required);

    for field in FIELDS {
        if let Some(default) = field.default {
            let default: Value = serde_json::from_str(default).unwrap();
            assert_eq!(fields[field.name]["default"], default, "{}", field.name);
        }
    }
}

/// The warnings that a context can silence are those of the registry.
#[test]
fn the_schema_has_the_warnings() {
    let schema = schema();
    let listed = schema["definitions"]["warning"]["enum"]
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code.as_str().unwrap());
    let mut listed: Vec<&str> = listed.collect();
    let mut expected: Vec<&str> = Code::ALL
        .iter()
        .filter(|code| code.severity() == Severity::Warning || **code == Code::UnknownField)
        .map(|code| code.name())
        .collect();
    listed.sort_unstable();
    expected.sort_unstable();
    assert_eq!(listed, expected);
}

/// The feature gates that a context can name are those on which something depends.
#[test]
fn the_schema_has_the_feature_gates() {
    let schema = schema();
    let listed = schema["definitions"]["feature_gate"]["enum"].as_array().unwrap();
    assert!(listed.iter().map(|name| name.as_str().unwrap()).eq(Gate::names()));
}

/// Every deviation that a code or a field names is an entry of the page.
#[test]
fn deviations_are_listed() {
    let page = fs::read_to_string(root().join("DEVIATIONS.md")).unwrap();
    let named = Code::ALL
        .iter()
        .filter_map(|code| code.deviation())
        .chain(FIELDS.iter().filter_map(|f| f.deviation));
    for entry in named {
        assert!(page.contains(&format!("\n### {entry} ")), "{entry}");
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn schema() -> Value {
    serde_json::from_str(sentry_streams_k8s::schema()).unwrap()
}

fn descriptions() -> impl Fn(&str) -> String {
    let schema = schema();
    move |field| {
        schema["definitions"]["fields"]["properties"][field]["description"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

#[track_caller]
fn assert_is(file: &str, expected: &str) {
    let path = root().join(file);
    if env::var_os("BLESS").is_some() {
        return fs::write(path, expected).unwrap();
    }
    assert!(
        fs::read_to_string(path).unwrap() == expected,
        "{file} is not up to date; BLESS=1 writes it"
    );
}
