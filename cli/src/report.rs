//! What is wrong with the contexts of a run.

use crate::place::Place;
use sentry_streams_k8s_host::{Fix, Problem};
use std::collections::BTreeSet;

/// Everything found in a run.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) problems: Vec<Finding>,
    pub(crate) warnings: Vec<Finding>,
    /// The names of the contexts that it is about.
    pub(crate) contexts: Vec<String>,
}

/// A problem of a context, and where it is.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) context: String,
    pub(crate) problem: Problem,
    pub(crate) place: Option<Place>,
    /// What would fix it, at places of the same file.
    pub(crate) fix: Option<Fix>,
}

impl Report {
    /// Whether nothing is wrong. Warnings are not wrong.
    pub(crate) fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// All of them, warnings last.
    pub(crate) fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.problems.iter().chain(&self.warnings)
    }

    /// Adds what was found in other contexts.
    pub(crate) fn extend(&mut self, other: Self) {
        self.problems.extend(other.problems);
        self.warnings.extend(other.warnings);
        self.contexts.extend(other.contexts);
    }

    /// How much is wrong.
    pub(crate) fn summary(&self) -> String {
        let wrong: BTreeSet<&str> =
            self.problems.iter().map(|finding| finding.context.as_str()).collect();
        let problems = count(self.problems.len(), "problem");
        if self.contexts.len() > wrong.len() {
            format!("{problems} in {} of {}", wrong.len(), count(self.contexts.len(), "context"))
        } else {
            format!("{problems} in {}", count(wrong.len(), "context"))
        }
    }

    /// That nothing is wrong, in a sentence.
    pub(crate) fn all_is_right(&self) -> String {
        let contexts = match self.contexts.len() {
            0 => "there is no context".to_owned(),
            1 => "the context is right".to_owned(),
            contexts => format!("all {contexts} contexts are right"),
        };
        match self.warnings.len() {
            0 => contexts,
            warnings => format!("{contexts}, with {}", count(warnings, "warning")),
        }
    }
}

/// A number of things: `1 problem`, `2 problems`.
pub(crate) fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
