//! Any text as YAML and as JSON: what is read is written as text that reads the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sentry_streams_k8s::read::{Document, position, read, read_yaml};
use sentry_streams_k8s::value::{Node, Source, Value};
use sentry_streams_k8s::write::{json, python_json};
use sentry_streams_k8s_fuzz::laws;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for document in [read_yaml(text, Source::Context), read(text, Source::Context)] {
        match document {
            Ok(document) => check(&document, text),
            Err(problems) => {
                assert!(!problems.is_empty());
                for origin in problems.iter().filter_map(|problem| problem.origin) {
                    let (line, column) = position(text, origin.offset as usize);
                    assert!(line > 0 && column > 0);
                }
            }
        }
    }
});

fn check(document: &Document<'_>, text: &str) {
    check_origins(&document.root, text.len());
    laws::json(&python_json(&document.root));
    let written = json(&document.root);
    laws::json(&written);
    for again in [read(&written, Source::Context), read_yaml(&written, Source::Context)] {
        match again {
            // Keys of two kinds may have one text.
            Ok(again) if again.warnings.is_empty() => assert_eq!(json(&again.root), written),
            Ok(_) => {}
            // YAML limits the length of a key.
            Err(problems) => assert!(written.len() > 1000, "{written} is refused: {problems:?}"),
        }
    }
}

fn check_origins(node: &Node<'_>, end: usize) {
    assert!(node.origin.offset as usize <= end);
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| check_origins(item, end)),
        Value::Map(map) => map.iter().for_each(|(_, node)| check_origins(node, end)),
        _ => {}
    }
}
