//! Errors that end the reading of a text.

use crate::problem::{Code, Problem};
use crate::value::{MAX_DEPTH, Origin, Path, Source};
use granit_parser::{ErrorKind, ScanError};
use std::borrow::Cow;

/// An error that ends the reading: its place, what it says, its cure.
#[derive(Debug)]
pub(super) struct Syntax {
    pub(super) code: Code,
    pub(super) offset: usize,
    pub(super) message: Cow<'static, str>,
    pub(super) help: Option<Cow<'static, str>>,
}

impl Syntax {
    pub(super) fn new(offset: usize, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code: Code::InvalidYaml, offset, message: message.into(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn into_problem(self, source: Source) -> Problem {
        let Self { code, offset, message, help } = self;
        let problem =
            Problem::new(code, Path::root(), message).origin(Origin::new(source, offset, offset));
        problem.help(help.as_deref().unwrap_or_else(|| code.cure()))
    }
}

impl Syntax {
    /// The parser's error in our words; what stands before an offset was read.
    pub(super) fn of(error: &ScanError, text: &str, read: usize) -> Self {
        let offset = error.marker().byte_offset().unwrap_or_default();
        let problem = Syntax::new(offset, format!("this is not YAML: {}", error.kind()));
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => nested_too_deep(offset),
            ErrorKind::UnknownAnchor => {
                Syntax::new(offset, "an alias names an anchor that does not stand before it")
                    .help("define the anchor first (`&name`), or quote the text if it is no alias")
            }
            ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar => {
                // The parser may have passed it.
                let tab =
                    text.get(..offset).map_or(offset, |before| before.trim_end_matches('\t').len());
                misplaced_tab(tab)
            }
            ErrorKind::UnexpectedCharacter { .. } => {
                problem.help("quote text that starts with this character")
            }
            ErrorKind::MappingValueNotAllowed => {
                problem.help("quote text that holds `: `, and check the indentation")
            }
            ErrorKind::UnclosedQuotedScalar
            | ErrorKind::InvalidTrailingSingleQuotedScalar
            | ErrorKind::InvalidTrailingDoubleQuotedScalar
            | ErrorKind::InvalidQuotedScalarIndent
            | ErrorKind::DocumentIndicatorInQuotedScalar => {
                match opening_quote(text, read, offset) {
                    Some(line) => problem.help(format!(
                        "close the quote that opens in line {line} of this text, or double the one that closes it too early"
                    )),
                    None => problem,
                }
            }
            _ => problem,
        }
    }
}

/// The line of the quote that leads to an error at an offset, where that is an earlier line.
fn opening_quote(text: &str, read: usize, offset: usize) -> Option<usize> {
    let mut start = read;
    loop {
        let rest = text.get(start..offset)?;
        let opening = start.checked_add(rest.find(['"', '\''])?)?;
        match after_quoted(text, opening)
            .filter(|end| text.get(*end..offset).is_some_and(|gap| !gap.trim().is_empty()))
        {
            // Whole before the error.
            Some(end) => start = end,
            None => {
                let lines = |end: usize| text.get(..end).map(|text| text.matches('\n').count());
                let line = lines(opening)?;
                return (line < lines(offset)?).then_some(line.saturating_add(1));
            }
        }
    }
}

/// Where a quoted text ends that begins at an offset.
fn after_quoted(text: &str, opening: usize) -> Option<usize> {
    let quote = *text.as_bytes().get(opening)?;
    let mut bytes = text.bytes().enumerate().skip(opening.saturating_add(1)).peekable();
    while let Some((at, byte)) = bytes.next() {
        if byte == b'\\' && quote == b'"' {
            bytes.next();
        } else if byte == quote {
            // In single quotes, two are one.
            if quote == b'"' || bytes.next_if(|(_, next)| *next == quote).is_none() {
                return at.checked_add(1);
            }
        }
    }
    None
}

pub(super) fn misplaced_tab(offset: usize) -> Syntax {
    Syntax::new(offset, "a tab stands where YAML 1.1 allows spaces only").help("use spaces")
}

pub(super) fn nested_too_deep(offset: usize) -> Syntax {
    Syntax {
        code: Code::TooDeep,
        offset,
        message: Cow::Owned(format!(
            "lists and mappings are nested deeper than {MAX_DEPTH} levels"
        )),
        help: None,
    }
}
