//! The one sink for problems, and its limits.

use super::{Code, Problem};
use crate::value::Path;

/// How many problems of a call are reported. Nobody reads more, and a hostile text could have millions.
pub const MAX_PROBLEMS: usize = 1000;

/// How many bytes the problems of one list take, beyond one problem: thousands of paths may lead through one long key.
const MAX_BYTES: usize = 1 << 20;

/// A list of problems that ends when it is long enough.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    list: Vec<Problem>,
    bytes: usize,
    /// Whether there are more than the list has.
    more: bool,
}

/// What is found in a call.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// What is wrong.
    pub(crate) problems: Problems,
    /// What is legal but suspicious.
    pub(crate) warnings: Problems,
}

impl Problems {
    /// Whether nothing was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The first problem.
    pub(crate) fn first(&self) -> Option<&Problem> {
        self.list.first()
    }

    /// How many bytes they take, about.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether another problem would be reported: what takes work to say is not said for nothing.
    pub(crate) fn has_room(&self) -> bool {
        !self.more
    }

    /// Adds a problem. Only where there is room for it, it is made.
    pub(crate) fn add_with(&mut self, problem: impl FnOnce() -> Problem) {
        if self.has_room() {
            self.push(problem());
        }
    }

    // Called from every place that adds a problem of its own making.
    #[inline(never)]
    fn push(&mut self, problem: Problem) {
        let bytes = self.bytes.saturating_add(problem.size());

        if self.list.len() >= MAX_PROBLEMS || (!self.list.is_empty() && bytes > MAX_BYTES) {
            self.more = true;
        } else {
            self.bytes = bytes;
            self.list.push(problem);
        }
    }

    /// Adds a problem, where there is room for it.
    pub(crate) fn add(&mut self, problem: Problem) {
        self.add_with(|| problem);
    }

    /// Adds problems, where there is room for them.
    pub(crate) fn add_all(&mut self, problems: impl IntoIterator<Item = Problem>) {
        for problem in problems {
            self.add(problem);
        }
    }

    /// Adds what was found elsewhere.
    pub(crate) fn extend(&mut self, others: Self) {
        self.add_all(others.list);
        self.more |= others.more;
    }

    /// Keeps the problems for which a condition holds.
    pub(crate) fn retain(&mut self, condition: impl FnMut(&Problem) -> bool) {
        self.list.retain(condition);
    }

    /// The problems alone, and whether there are others.
    pub(crate) fn into_parts(self) -> (Vec<Problem>, bool) {
        (self.list, self.more)
    }

    /// Says that there are more problems than the list has.
    pub(crate) fn close(&mut self) {
        self.more = true;
    }

    /// The problems, and one more that says so where there are others.
    pub(crate) fn into_list(self) -> Vec<Problem> {
        let mut list = self.list;

        if self.more {
            let message = format!("{} problems are reported, and there are more", list.len());
            list.push(
                Problem::new(Code::TooManyProblems, Path::root(), message)
                    .help(Code::TooManyProblems.cure()),
            );
        }

        list
    }
}

impl Report {
    /// Everything that was found, problems first.
    #[cfg(test)]
    pub(crate) fn into_list(self) -> Vec<Problem> {
        self.problems.into_list().into_iter().chain(self.warnings.into_list()).collect()
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        let mut problems = Self::default();
        problems.add(problem);
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_end_by_their_number_and_by_their_size() {
        let list = |key: &str| {
            let mut problems = Problems::default();
            for _ in 0..5000 {
                problems.add_with(|| Problem::new(Code::MissingField, Path::field(key), "y"));
            }
            assert!(!problems.has_room());
            problems.into_list()
        };

        assert_eq!(list("key").len(), MAX_PROBLEMS + 1);
        assert_eq!(list(&"k".repeat(100_000)).len(), 11);
        assert_eq!(list(&"k".repeat(2_000_000)).len(), 2);
        assert_eq!(list("key").last().map(|problem| problem.code), Some(Code::TooManyProblems));
    }
}
