//! One problem: what is wrong, where, and how to fix it.

use super::{Code, HIDDEN, text};
use crate::value::{Origin, Path, Step};

/// One thing that is wrong, or suspicious, with its place and its cure. What most of them do not have is boxed: they are
/// moved much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind it is.
    pub code: Code,
    /// The place, from the context's root.
    pub path: Path,
    /// What is wrong, in one sentence: one line of text, bounded, without control characters.
    pub message: String,
    /// What to do about it, in the same form.
    pub help: Option<String>,
    /// Where it was written, when that is known: the key where the key is wrong, else the value.
    pub origin: Option<Origin>,
    /// How the text would be changed to fix it, where one change does.
    pub(crate) cure: Option<Box<Cure>>,
    /// Where it stands in which text; filled in when a call ends.
    pub place: Option<Box<Place>>,
    /// The changes to that text that fix it; filled in when a call ends.
    pub fix: Option<Box<Fix>>,
}

/// A change to a text, in terms of what is written there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cure {
    /// Write another name in place of the key.
    Rename(String),
    /// Put the value in quotes.
    Quote,
    /// Write another value, given as JSON and YAML both read it, in place of this one.
    Replace(String),
    /// Remove the entry or item that the problem's origin is the value of.
    Remove,
    /// Remove the entry that was written from one offset to another.
    RemoveRange(Origin),
    /// The same for an item of a list, after which others are left.
    RemoveItem(Origin),
}

/// Where something stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The field of the context whose own YAML text it is; none for the text of the context.
    pub source: Option<&'static str>,
    /// Its first character.
    pub start: Position,
    /// What follows it.
    pub end: Position,
}

/// A position in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column, in characters from 1.
    pub column: u32,
}

/// Changes to a text that fix a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in a few words: "rename to `replicas`".
    pub title: String,
    /// The changes, in the order of the text, none overlapping another; all in the text of the problem's place.
    pub edits: Vec<Edit>,
}

/// One change to a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The first character that it replaces.
    pub start: Position,
    /// What follows the last one.
    pub end: Position,
    /// What to write there.
    pub text: String,
}

// Called from hundreds of places: a copy at each would be a tenth of the component.
impl Problem {
    /// A problem of a kind at a place.
    #[inline(never)]
    pub fn new(code: Code, path: Path, message: impl AsRef<str>) -> Self {
        let message = text::one_line(message.as_ref());
        Self { code, path, message, help: None, origin: None, cure: None, place: None, fix: None }
    }

    /// The same, with what to do about it.
    #[must_use]
    #[inline(never)]
    pub fn help(mut self, help: impl AsRef<str>) -> Self {
        self.help = Some(text::one_line(help.as_ref()));
        self
    }

    /// The same, with where it was written.
    #[must_use]
    #[inline(never)]
    pub fn origin(mut self, origin: Origin) -> Self {
        self.origin = Some(origin);
        self
    }

    /// The same, without the last key of its path, which may be a part of a secret.
    #[must_use]
    pub(crate) fn with_hidden_key(mut self) -> Self {
        self.path.pop();
        self.path.push(Step::Key(HIDDEN.to_owned()));
        self
    }

    /// Whether the last key of its path is not shown.
    pub(crate) fn has_hidden_key(&self) -> bool {
        self.path.steps().last().and_then(Step::key) == Some(HIDDEN)
    }

    /// The same, with the change that fixes it, where there is one.
    #[must_use]
    #[inline(never)]
    pub(crate) fn cure(mut self, cure: impl Into<Option<Cure>>) -> Self {
        self.cure = cure.into().map(Box::new);
        self
    }

    /// The same, where another text is meant than the value.
    #[must_use]
    pub(crate) fn replace(self, text: &str) -> Self {
        self.cure(Cure::Replace(text.to_owned()))
    }

    /// The same, where another name is meant than the key that is written. Where that name is taken, nobody but a
    /// person can say what to do with the two.
    #[must_use]
    pub(crate) fn did_you_mean(self, name: Option<&str>, is_taken: impl Fn(&str) -> bool) -> Self {
        let Some(name) = name else { return self };

        let problem = self.help(format!("did you mean `{name}`?"));
        if is_taken(name) {
            Self { cure: None, ..problem }
        } else {
            problem.cure(Cure::Rename(name.to_owned()))
        }
    }

    /// How many bytes it takes, about.
    pub(super) fn size(&self) -> usize {
        let texts = self.message.len().saturating_add(self.help.as_ref().map_or(0, String::len));
        texts.saturating_add(self.path.size())
    }
}
