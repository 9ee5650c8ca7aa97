//! Problems as data: what is wrong, where, and how to mend it.

use crate::node::Origin;
use std::fmt;

/// How many problems of a call are told. Nobody reads more, and a hostile text could have millions.
pub const MAX_PROBLEMS: usize = 1000;

/// One thing that is wrong, or suspicious, with its place and its cure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind it is; see `docs/problems.md`.
    pub code: &'static str,
    /// The place, from the context's root.
    pub path: Path,
    /// Where the value at that place was written, when it is known; line and column come from it.
    pub origin: Option<Origin>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The line of the place, from 1, in the text that holds it; filled in when a call ends.
    pub line: Option<u32>,
    /// The column, in characters from 1.
    pub column: Option<u32>,
}

/// How many bytes the problems of one list take, beyond one problem: thousands of paths may lead through one long key.
const MAX_PROBLEM_BYTES: usize = 1 << 20;

/// Adds a problem while there is room for it, and one more to show that there was not; only then it is made.
pub(crate) fn tell(problems: &mut Vec<Problem>, problem: impl FnOnce() -> Problem) {
    if !is_full(problems) {
        problems.push(problem());
    }
}

/// Whether there are more problems than are told.
pub(crate) fn is_full(problems: &[Problem]) -> bool {
    let size = problems.last().map_or(0, Problem::size).saturating_mul(problems.len());
    problems.len() > MAX_PROBLEMS || (problems.len() > 1 && size > MAX_PROBLEM_BYTES)
}

impl Problem {
    /// A problem of a kind at a place.
    pub fn new(code: &'static str, path: Path, message: impl Into<String>) -> Self {
        Self { code, path, origin: None, message: message.into(), help: None, line: None, column: None }
    }

    /// The same, with the cure.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// How many bytes it takes, about.
    pub(crate) fn size(&self) -> usize {
        let texts = self.message.len().saturating_add(self.help.as_ref().map_or(0, String::len));
        texts.saturating_add(self.path.size())
    }

    /// The same, with where it was written.
    #[must_use]
    pub fn origin(mut self, origin: Origin) -> Self {
        self.origin = Some(origin);
        self
    }
}

/// What a check found.
#[derive(Debug)]
pub(crate) struct Found<'f> {
    /// What is wrong.
    pub(crate) problems: &'f mut Vec<Problem>,
    /// What is legal but suspicious.
    pub(crate) warnings: &'f mut Vec<Problem>,
}

/// A place in a document: keys and list positions from its root.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(Vec<Step>);

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Into a mapping, by key.
    Key(String),
    /// Into a list, by position from 0.
    Index(usize),
}

impl Path {
    /// The root.
    pub fn root() -> Self {
        Self::default()
    }

    /// A key of the root.
    pub fn field(key: &str) -> Self {
        Self::root().key(key)
    }

    /// This place's value under a key.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut path = self.clone();
        path.push(Step::Key(key.to_owned()));
        path
    }

    /// This list's item.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        let mut path = self.clone();
        path.push(Step::Index(index));
        path
    }

    /// One step deeper.
    pub fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    /// One step back.
    pub fn pop(&mut self) {
        self.0.pop();
    }

    /// This place, then another path from here.
    #[must_use]
    pub fn join(&self, below: &Self) -> Self {
        Self(self.0.iter().chain(&below.0).cloned().collect())
    }

    /// Whether this place is another one or below it.
    pub fn starts_with(&self, above: &Self) -> bool {
        self.0.starts_with(&above.0)
    }

    /// How many bytes it takes, about.
    pub(crate) fn size(&self) -> usize {
        let text = |step: &Step| if let Step::Key(key) = step { key.len() } else { 0 };
        self.0.iter().map(|step| size_of::<Step>().saturating_add(text(step))).fold(0, usize::saturating_add)
    }

    /// The steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }
}

/// `a.b[1].c`; a key that would read as something else stands in brackets: `labels["app.kubernetes.io/name"]`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if is_plain(key) => {
                    if position > 0 {
                        f.write_str(".")?;
                    }
                    f.write_str(key)?;
                }
                Step::Key(key) => write!(f, "[{key:?}]")?,
            }
        }
        Ok(())
    }
}

/// A place while walking there: costs nothing until a problem needs its [`Path`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trail<'t> {
    parent: Option<&'t Trail<'t>>,
    step: Option<TrailStep<'t>>,
}

#[derive(Clone, Copy, Debug)]
enum TrailStep<'t> {
    Key(&'t str),
    Index(usize),
}

impl<'t> Trail<'t> {
    /// The root.
    pub(crate) const ROOT: Self = Self { parent: None, step: None };

    /// Into a mapping, by key.
    pub(crate) fn key(&'t self, key: &'t str) -> Self {
        Self { parent: Some(self), step: Some(TrailStep::Key(key)) }
    }

    /// Into a list, by position.
    pub(crate) fn index(&'t self, index: usize) -> Self {
        Self { parent: Some(self), step: Some(TrailStep::Index(index)) }
    }

    /// The way so far, below another path.
    pub(crate) fn under(&self, root: &Path) -> Path {
        let mut path = self.parent.map_or_else(|| root.clone(), |parent| parent.under(root));
        match self.step {
            Some(TrailStep::Key(key)) => path.push(Step::Key(key.to_owned())),
            Some(TrailStep::Index(index)) => path.push(Step::Index(index)),
            None => {}
        }
        path
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-' || c == '$')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_problems_end_by_their_number_and_by_their_size() {
        let count = |key: &str| {
            let mut problems = Vec::new();
            for _ in 0..5000 {
                tell(&mut problems, || Problem::new("x", Path::field(key), "y"));
            }
            problems.len()
        };
        assert_eq!(count("key"), MAX_PROBLEMS + 1);
        assert_eq!(count(&"k".repeat(100_000)), 11);
        assert_eq!(count(&"k".repeat(2_000_000)), 2);
        assert!(!is_full(&[Problem::new("x", Path::field(&"k".repeat(2_000_000)), "y")]));
    }

    #[test]
    fn paths_read_as_a_person_writes_them() {
        let path = Path::field("deployment_template").key("spec").key("containers").index(1).key("image");
        assert_eq!(path.to_string(), "deployment_template.spec.containers[1].image");
        assert_eq!(
            Path::field("labels").key("app.kubernetes.io/name").to_string(),
            r#"labels["app.kubernetes.io/name"]"#
        );
        assert_eq!(Path::root().to_string(), "");
    }
}
