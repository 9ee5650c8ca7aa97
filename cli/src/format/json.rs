//! Problems for programs: one JSON document.

use crate::report::{Finding, Report};
use crate::write::json_text;
use sentry_streams_k8s_host::{Position, Problem};
use serde_json::{Map, Value, json};

/// The report as a document.
pub(super) fn write(report: &Report) -> String {
    let list = |findings: &[Finding]| findings.iter().map(finding).collect::<Vec<_>>();
    json_text(&json!({ "problems": list(&report.problems), "warnings": list(&report.warnings) }))
}

/// A problem as an object.
pub(crate) fn finding(Finding { context, problem, place, fix }: &Finding) -> Map<String, Value> {
    let Problem { code, path, message, help, .. } = problem;
    let mut object = Map::new();
    object.insert("context".to_owned(), json!(context));
    object.insert("code".to_owned(), json!(code));
    object.insert("path".to_owned(), json!(path));
    object.insert("message".to_owned(), json!(message));
    if let Some(help) = help {
        object.insert("help".to_owned(), json!(help));
    }

    if let Some(place) = place {
        object.insert("file".to_owned(), json!(place.name));
        object.insert("line".to_owned(), json!(place.line));
        object.insert("column".to_owned(), json!(place.column));
        let (line, column) = place.end;
        object.insert("end".to_owned(), json!({ "line": line, "column": column }));
    }

    if let Some(fix) = fix {
        let position = |at: &Position| json!({ "line": at.line, "column": at.column });
        let edits = fix.edits.iter().map(|edit| {
            json!({
                "start": position(&edit.start), "end": position(&edit.end), "text": edit.text,
            })
        });
        let edits: Vec<Value> = edits.collect();
        object.insert("fix".to_owned(), json!({ "title": fix.title, "edits": edits }));
    }
    object
}
