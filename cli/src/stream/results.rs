//! What a KRM function says about the objects of its list.

use crate::read::Node;
use crate::report::Finding;
use crate::write::sanitize;
use serde_json::{Value, json};

/// An entry of `results`, as the KRM functions specification has it.
pub(super) fn entry(severity: &str, Finding { problem, .. }: &Finding, object: &Node) -> Value {
    let message = match &problem.help {
        Some(help) => format!("{}; {help}", problem.message),
        None => problem.message.clone(),
    };
    let mut result = json!({
        "message": sanitize(&message),
        "severity": severity,
        "resourceRef": {
            "apiVersion": object.text_at(&["apiVersion"]),
            "kind": object.text_at(&["kind"]),
            "name": object.text_at(&["metadata", "name"]),
        },
        "tags": { "code": problem.code },
    });
    let mut set = |path: &[&str], value: Value| {
        let place = path.iter().fold(&mut result, |place, key| &mut place[key]);
        *place = value;
    };
    if let Some(namespace) = object.text_at(&["metadata", "namespace"]) {
        set(&["resourceRef", "namespace"], json!(namespace));
    }
    if !problem.path.is_empty() {
        set(&["field", "path"], json!(sanitize(&problem.path)));
    }
    if let Some(path) = annotation(object, "path") {
        set(&["file", "path"], json!(path));
        if let Some(index) = annotation(object, "index").and_then(|index| index.parse::<u64>().ok())
        {
            set(&["file", "index"], json!(index));
        }
    }
    result
}

/// An annotation that says where an object comes from.
pub(super) fn annotation<'n>(object: &'n Node, name: &str) -> Option<&'n str> {
    // The first is kustomize's name for it, the second that of the specification.
    ["internal.config.kubernetes.io", "config.kubernetes.io"].iter().find_map(|prefix| {
        object.text_at(&["metadata", "annotations", &format!("{prefix}/{name}")])
    })
}
