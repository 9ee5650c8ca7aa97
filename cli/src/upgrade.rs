//! What an upgrade of the cluster changes: what is said of contexts for one version of Kubernetes and not for another.

use crate::differences::DiffForm;
use crate::format;
use crate::report::{Finding, Report};
use crate::write::markdown::{code, escape, row};
use crate::write::{json_text, sanitize};
use anyhow::ensure;
use clap::builder::styling::{AnsiColor, Style};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::fmt::Write as _;

/// What is said for one of two versions only.
pub(crate) struct Upgrade {
    /// What is not said any more.
    solved: Vec<Change>,
    /// What is said from then on.
    new: Vec<Change>,
}

/// A finding for one of the versions.
struct Change {
    is_problem: bool,
    finding: Finding,
}

impl Upgrade {
    /// Compares what is said of the same contexts for two versions.
    pub(crate) fn new(from: Report, to: Report) -> Self {
        let (from, to) = (changes(from), changes(to));
        let key = |change: &Change| {
            let Finding { context, problem, .. } = &change.finding;
            (context.clone(), problem.code.clone(), problem.path.clone())
        };
        let only = |changes: Vec<Change>, others: &HashSet<_>| -> Vec<Change> {
            changes.into_iter().filter(|change| !others.contains(&key(change))).collect()
        };
        let [from_keys, to_keys] = [&from, &to].map(|changes| changes.iter().map(key).collect());
        Self { solved: only(from, &to_keys), new: only(to, &from_keys) }
    }

    /// Fails where a version itself is not known.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        for change in self.solved.iter().chain(&self.new).filter(|change| change.is_problem) {
            let problem = &change.finding.problem;
            let is_version = problem.path.ends_with("kubernetes_version");
            let help = problem.help.as_deref().unwrap_or_default();
            ensure!(!is_version, "{}; {help}", problem.message);
        }
        Ok(())
    }

    /// Whether nothing changes.
    pub(crate) fn is_empty(&self) -> bool {
        self.solved.is_empty() && self.new.is_empty()
    }

    /// The changes in a form.
    pub(crate) fn write(&self, form: DiffForm) -> String {
        match form {
            DiffForm::Text => self.text(),
            DiffForm::Json => json_text(&self.json()),
            DiffForm::Markdown => self.markdown(),
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for (title, color, changes) in [
            ("said for the new version only", AnsiColor::Red, &self.new),
            ("not said any more", AnsiColor::Green, &self.solved),
        ] {
            if changes.is_empty() {
                continue;
            }
            let style = Style::new().fg_color(Some(color.into()));
            // Writing to a String cannot fail, here and below.
            let _ = writeln!(text, "{style}{title}{style:#}");
            for change in changes {
                let _ = writeln!(text, "  {}", sanitize(&change.sentence()));
            }
            text.push('\n');
        }
        let _ = writeln!(text, "{}", self.summary());
        text
    }

    fn summary(&self) -> String {
        if self.is_empty() {
            return "the upgrade changes nothing".to_owned();
        }
        let count = |changes: &[Change]| {
            let problems = changes.iter().filter(|change| change.is_problem).count();
            let warnings = changes.len().saturating_sub(problems);
            format!("{} and {}", number(problems, "problem"), number(warnings, "warning"))
        };
        format!("the upgrade brings {}, and ends {}", count(&self.new), count(&self.solved))
    }

    fn json(&self) -> Value {
        let list = |changes: &[Change]| -> Vec<Value> {
            let one = |change: &Change| {
                let mut object = format::json_of(&change.finding);
                object.insert("severity".to_owned(), json!(change.severity()));
                Value::Object(object)
            };
            changes.iter().map(one).collect()
        };
        json!({ "new": list(&self.new), "solved": list(&self.solved) })
    }

    fn markdown(&self) -> String {
        let mut text = format!("**{}**\n\n", escape(&self.summary()));
        let rows = |what: &str, changes: &[Change]| -> String {
            let one = |change: &Change| {
                let problem = &change.finding.problem;
                let cells = [code(&problem.code), code(&problem.path), escape(&problem.message)];
                let [problem, path, message] = &cells;
                row(&[what, problem, path, message])
            };
            changes.iter().map(one).collect()
        };
        let rows = [rows("new", &self.new), rows("ends", &self.solved)].concat();
        if !rows.is_empty() {
            let _ = write!(text, "| | code | place | message |\n|---|---|---|---|\n{rows}");
        }
        text
    }
}

fn number(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

impl Change {
    fn severity(&self) -> &'static str {
        if self.is_problem { "error" } else { "warning" }
    }

    /// It in a line.
    fn sentence(&self) -> String {
        let Finding { context, problem, place, .. } = &self.finding;
        let place = match place {
            Some(place) => format!("{}:{}:{}", place.name, place.line, place.column),
            None => context.clone(),
        };
        format!("{place}: {}[{}]: {}", self.severity(), problem.code, problem.message)
    }
}

/// All that was found, problems first.
fn changes(report: Report) -> Vec<Change> {
    let problems = report.problems.into_iter().map(|finding| Change { is_problem: true, finding });
    let warnings = report.warnings.into_iter().map(|finding| Change { is_problem: false, finding });
    problems.chain(warnings).collect()
}
