//! Explanations that are documents of their own, as recorded in `tests/explain/` (`BLESS=1` writes them anew).
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

fn explain(form: &str) -> String {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/explain.in");
    let mut command = Command::new(env!("CARGO_BIN_EXE_streams-k8s"));
    let output = command
        .args(["explain", "incident.yaml", "-o", form])
        .current_dir(directory)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn assert_recorded(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explain").join(name);
    if env::var_os("BLESS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
    }
    let recorded = fs::read_to_string(&file).unwrap_or_default();
    let difference = recorded.lines().zip(text.lines()).find(|(recorded, text)| recorded != text);
    assert!(
        recorded == text,
        "{}: first difference {difference:#?}; BLESS=1 records it",
        file.display()
    );
}

#[test]
fn markdown() {
    assert_recorded("incident.md", &explain("markdown"));
}

/// Values in the context that look like markup stay text, and the page loads nothing.
#[test]
fn page() {
    let page = explain("html");
    assert_eq!(page.matches("<script").count(), 1, "only our own script");
    assert_eq!(page.matches("<b>bold").count(), 0);
    // Links to its own objects load nothing.
    let elsewhere = page.replace("href=\"#o", "");
    for loading in ["src=", "href=", "url(", "@import", "fetch("] {
        assert!(!elsewhere.contains(loading), "the page has {loading}");
    }
    assert_recorded("incident.html", &page);
}
