//! Problems as SARIF 2.1.0: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.
//!
//! Our columns are SARIF's of the kind `unicodeCodePoints`: characters from 1, the end behind the last one.

use super::{GITHUB_ROOT, message, relative, span};
use crate::place::FileSpan;
use crate::report::{Finding, Report};
use crate::write::json_text;
use sentry_streams_k8s::problem::{Code, Severity};
use sentry_streams_k8s_host::{Edit, Fix};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const PROJECT: &str = "https://github.com/getsentry/sentry-streams-k8s";

/// One run.
pub(super) fn write(report: &Report) -> String {
    // The kinds of problems that are there, in the order of the registry.
    let mut codes: Vec<Code> =
        report.findings().filter_map(|finding| Code::from_name(&finding.problem.code)).collect();
    codes.sort_unstable();
    codes.dedup();

    let problems = report.problems.iter().map(|finding| result("error", finding));
    let warnings = report.warnings.iter().map(|finding| result("warning", finding));
    json_text(&json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "streams-k8s",
                "informationUri": PROJECT,
                "version": env!("CARGO_PKG_VERSION"),
                "rules": codes.into_iter().map(rule).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": problems.chain(warnings).collect::<Vec<_>>(),
        }],
    }))
}

fn rule(code: Code) -> Value {
    let level = match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    json!({
        "id": code.name(),
        "shortDescription": { "text": code.meaning() },
        "help": { "text": code.cure() },
        "helpUri": format!("{PROJECT}/blob/main/docs/problems.md"),
        "defaultConfiguration": { "level": level },
    })
}

fn result(level: &str, finding: &Finding) -> Value {
    let mut result = Map::new();
    result.insert("ruleId".to_owned(), json!(finding.problem.code));
    result.insert("level".to_owned(), json!(level));
    result.insert("message".to_owned(), json!({ "text": message(finding) }));
    if let Some(span) = span(finding) {
        let location = json!({
            "artifactLocation": { "uri": uri(&span.name) },
            "region": region(span.start, span.end),
        });
        result.insert("locations".to_owned(), json!([{ "physicalLocation": location }]));
        if let Some(fix) = &finding.fix {
            result.insert("fixes".to_owned(), json!([change(fix, span)]));
        }
    }
    Value::Object(result)
}

fn change(fix: &Fix, FileSpan { name, .. }: &FileSpan) -> Value {
    let replacement = |edit: &Edit| {
        let [start, end] = [edit.start, edit.end].map(|at| (at.line, at.column));
        json!({ "deletedRegion": region(start, end), "insertedContent": { "text": edit.text } })
    };
    json!({
        "description": { "text": fix.title },
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(name) },
            "replacements": fix.edits.iter().map(replacement).collect::<Vec<_>>(),
        }],
    })
}

fn region(start: (u32, u32), end: (u32, u32)) -> Value {
    json!({
        "startLine": start.0, "startColumn": start.1, "endLine": end.0, "endColumn": end.1,
    })
}

/// A file's name as a URI: relative to what is scanned, where it is in there.
fn uri(name: &str) -> String {
    let name = relative(name, GITHUB_ROOT);
    let mut uri = if name.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            // Writing to a String cannot fail.
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_uris() {
        assert_eq!(uri("./a b/c:d.yaml"), "a%20b/c%3Ad.yaml");
        assert_eq!(uri("/a/é#.yaml"), "file:///a/%C3%A9%23.yaml");
    }
}
