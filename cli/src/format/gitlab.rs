//! Problems as a Code Quality report of GitLab: <https://docs.gitlab.com/ci/testing/code_quality/>.

use super::{message, relative, span};
use crate::report::{Finding, Report};
use crate::write::{json_text, sanitize};
use md5::{Digest, Md5};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write as _;

/// The variable by which GitLab names the root of the repository.
const ROOT: &str = "CI_PROJECT_DIR";

/// A list of problems.
pub(super) fn write(report: &Report) -> String {
    let mut fingerprints = Fingerprints::default();
    let mut entry = |severity: &str, finding: &Finding| {
        let place = span(finding);
        let file =
            place.map_or_else(|| sanitize(&finding.context), |span| relative(&span.name, ROOT));
        // The place in lines: what GitLab shows.
        let (begin, end) = place.map_or((1, 1), |span| (span.start.0, span.end.0));
        json!({
            "description": message(finding),
            "check_name": finding.problem.code,
            "fingerprint": fingerprints.of(&file, finding),
            "severity": severity,
            "location": { "path": file, "lines": { "begin": begin, "end": end } },
        })
    };

    let mut entries: Vec<Value> = report.problems.iter().map(|f| entry("major", f)).collect();
    entries.extend(report.warnings.iter().map(|f| entry("minor", f)));
    json_text(&Value::from(entries))
}

/// By fingerprints GitLab knows a problem again in the next report: no line is in them, so they stay when it moves.
#[derive(Default)]
struct Fingerprints {
    /// How often each was met: GitLab takes one that is there twice for one problem.
    met: HashMap<String, u32>,
}

impl Fingerprints {
    fn of(&mut self, file: &str, finding: &Finding) -> String {
        let problem = &finding.problem;
        let key = format!("{file}\n{}\n{}\n{}", problem.code, problem.path, problem.message);
        let met = self.met.entry(key.clone()).or_default();
        let digest = Md5::digest(format!("{key}\n{met}"));
        *met = met.saturating_add(1);

        let mut text = String::new();
        for byte in digest {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}
