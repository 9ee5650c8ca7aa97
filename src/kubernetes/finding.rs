//! What is found in an object: problems and warnings at their places in it.

use super::place::Place;
use super::versions::Cluster;
use crate::problem::{Code, Cure, NearNames, Problem, Report, Severity};
use crate::value::{Path, Step};

/// What was found so far. Paths start at the object's root; an origin says where the value at a place was written, or
/// the nearest value around a place where there is none.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) report: Report,
    /// The cluster that the object is for.
    pub(super) cluster: Cluster,
    /// The fields that its server drops.
    pub(super) dropped: Vec<Path>,
    /// For what names something of the object.
    pub(super) near_names: NearNames,
}

impl Findings {
    /// Nothing found yet, of an object for a cluster.
    pub(super) fn new(cluster: Cluster) -> Self {
        Self { cluster, ..Self::default() }
    }

    /// Whether another error is reported: what takes work to say is not said for nothing.
    pub(super) fn has_room(&self) -> bool {
        self.report.problems.has_room()
    }

    /// Adds what is found at a place, with the usual cure of its code.
    // Called from hundreds of places, in few contexts.
    #[inline(never)]
    pub(super) fn add(&mut self, code: Code, place: &Place<'_>, message: impl Into<String>) {
        self.push(code, place, &message.into(), None, None);
    }

    /// Adds what is found at a place, with its own cure.
    #[inline(never)]
    pub(super) fn add_with_help(
        &mut self,
        code: Code,
        place: &Place<'_>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(code, place, &message.into(), Some(&help.into()), None);
    }

    /// Adds what is found at a place, with a change of the text that cures it.
    #[inline(never)]
    pub(super) fn add_with_cure(
        &mut self,
        code: Code,
        place: &Place<'_>,
        message: impl Into<String>,
        help: impl Into<String>,
        cure: Cure,
    ) {
        self.push(code, place, &message.into(), Some(&help.into()), Some(cure));
    }

    /// Adds what is found about a field that a place lacks.
    #[inline(never)]
    pub(super) fn missing(&mut self, place: &Place<'_>, field: &str, message: impl Into<String>) {
        let message = message.into();

        self.report.problems.add_with(|| {
            let mut problem =
                place.problem(Code::MissingField, &message).help(Code::MissingField.cure());
            problem.path.push(Step::Key(field.to_owned()));
            problem
        });
    }

    /// Adds a key that is wrong, and what was meant by it.
    pub(super) fn wrong_key(
        &mut self,
        code: Code,
        place: &Place<'_>,
        message: &str,
        meant: Option<&str>,
    ) {
        self.report.problems.add_with(|| {
            let problem = place
                .problem(code, message)
                .help(code.cure())
                .did_you_mean(meant, |name| place.has_sibling(name))
                .origin(place.key_origin());
            if meant.is_none() && place.has_secret_key() {
                problem.with_hidden_key()
            } else {
                problem
            }
        });
    }

    /// Adds a problem or a warning.
    pub(super) fn push_problem(&mut self, problem: Problem) {
        match problem.code.severity() {
            Severity::Error => self.report.problems.add(problem),
            Severity::Warning => self.report.warnings.add(problem),
        }
    }

    #[inline(never)]
    fn push(
        &mut self,
        code: Code,
        place: &Place<'_>,
        message: &str,
        help: Option<&str>,
        cure: Option<Cure>,
    ) {
        let list = match code.severity() {
            Severity::Error => &mut self.report.problems,
            Severity::Warning => &mut self.report.warnings,
        };

        list.add_with(|| {
            let help = help.unwrap_or_else(|| code.cure());
            place.problem(code, message).help(help).cure(cure)
        });
    }
}
