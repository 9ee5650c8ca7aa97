//! Strict JSON.

use super::document::{Document, MAX_INTEGER_DIGITS, duplicate_key, too_deep};
use super::{scalar, unique};
use crate::problem::{Code, HIDDEN, Problem, Problems, may_hold_secret_at, quoted};
use crate::value::{Key, KeyKind, MAX_DEPTH, Map, Node, Origin, Path, Source, Step, Value};
use crate::write::split_plain;
use hifijson::num::LexWrite as _;
use hifijson::str::{Error as StringError, LexAlloc as _};
use hifijson::token::Lex as _;
use hifijson::{Expect, Read as _, SliceLexer};
use std::borrow::Cow;
use std::fmt::Display;

/// Why a text gives no document.
#[derive(Debug)]
pub(super) enum Failure {
    /// It is not JSON; it may be YAML. `begun` says whether anything after the first bracket is JSON.
    Syntax { problem: Problem, begun: bool },
    /// It is JSON, or meant to be, and says something that cannot be read.
    Value(Vec<Problem>),
}

/// Reads a text that is one JSON value.
pub(super) fn read(text: &str, source: Source) -> Result<Document<'_>, Failure> {
    let lexer = SliceLexer::new(text.trim_start_matches('\u{feff}').as_bytes());
    let mut reader = Reader {
        text,
        source,
        lexer,
        tokens: 0,
        open: Vec::new(),
        problems: Problems::default(),
        warnings: Problems::default(),
    };
    match reader.document() {
        Ok(root) if reader.problems.is_empty() => {
            Ok(Document { root, warnings: reader.warnings.into_list() })
        }
        Ok(_) => Err(Failure::Value(reader.problems.into_list())),
        Err(stop) => Err(reader.failure(stop)),
    }
}

/// What ends the reading, at the place where the lexer stands.
enum Stop {
    Syntax(Expect),
    Number(hifijson::num::Error),
    /// In the string that starts at an offset.
    String(usize, StringError),
    TooDeep(Problem),
}

impl From<Expect> for Stop {
    fn from(expected: Expect) -> Self {
        Self::Syntax(expected)
    }
}

/// A list or mapping that is not closed yet.
enum Open<'a> {
    List { items: Vec<Node<'a>>, start: usize },
    Map { entries: Vec<(Key<'a>, Node<'a>)>, key: Key<'a>, start: usize },
}

/// Builds the value with its own stack: nesting takes no stack of the machine.
struct Reader<'a> {
    text: &'a str,
    source: Source,
    lexer: SliceLexer<'a>,
    /// How many brackets, keys and scalars were read.
    tokens: usize,
    open: Vec<Open<'a>>,
    problems: Problems,
    warnings: Problems,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Result<Node<'a>, Stop> {
        let mut next = self.lexer.ws_peek().ok_or(Expect::Value)?;
        'value: loop {
            let start = self.offset();
            let mut node = match next {
                b'[' | b'{' => {
                    let end = self.enter(next, start)?;
                    next = self.lexer.ws_peek().ok_or(Expect::ValueOrEnd)?;
                    if next != end {
                        next = self.member(next)?;
                        continue;
                    }
                    self.leave().ok_or(Expect::Value)?
                }
                _ => {
                    let value = self.scalar(next, start)?;
                    Node::new(value, self.origin(start))
                }
            };
            // The value is whole; so may be what holds it.
            loop {
                let end = match self.open.last_mut() {
                    None => break,
                    Some(Open::List { items, .. }) => {
                        items.push(node);
                        b']'
                    }
                    Some(Open::Map { entries, key, .. }) => {
                        entries.push((std::mem::replace(key, Key::string("")), node));
                        b'}'
                    }
                };
                next = self.lexer.ws_peek().ok_or(Expect::CommaOrEnd)?;
                if next == b',' {
                    self.lexer.take_next();
                    next = self.lexer.ws_peek().ok_or(Expect::Value)?;
                    next = self.member(next)?;
                    continue 'value;
                } else if next != end {
                    return Err(Expect::CommaOrEnd.into());
                }
                node = self.leave().ok_or(Expect::Value)?;
            }
            return if self.lexer.ws_peek().is_none() { Ok(node) } else { Err(Expect::Eof.into()) };
        }
    }

    /// Goes into a list or mapping. Gives the bracket that closes it.
    fn enter(&mut self, bracket: u8, start: usize) -> Result<u8, Stop> {
        if self.open.len() >= MAX_DEPTH {
            let origin = Origin::new(self.source, start, start);
            return Err(Stop::TooDeep(too_deep(path(&self.open)).origin(origin)));
        }
        self.lexer.take_next();
        self.count();
        let is_list = bracket == b'[';
        self.open.push(if is_list {
            Open::List { items: Vec::new(), start }
        } else {
            Open::Map { entries: Vec::new(), key: Key::string(""), start }
        });
        Ok(if is_list { b']' } else { b'}' })
    }

    /// What comes before a value in a list, which is nothing, or in a mapping. Gives the value's first character.
    fn member(&mut self, next: u8) -> Result<u8, Stop> {
        if !matches!(self.open.last(), Some(Open::Map { .. })) {
            return Ok(next);
        }
        if next != b'"' {
            return Err(Expect::String.into());
        }

        let start = self.offset();
        let name = self.string()?;
        let name = Key::new(name, KeyKind::String, self.origin(start));
        if let Some(Open::Map { key, .. }) = self.open.last_mut() {
            *key = name;
        }
        self.lexer.expect(SliceLexer::ws_peek, b':').ok_or(Expect::Colon)?;
        Ok(self.lexer.ws_peek().ok_or(Expect::Value)?)
    }

    /// Closes the innermost list or mapping.
    fn leave(&mut self) -> Option<Node<'a>> {
        self.lexer.take_next();
        self.count();

        // The path is the container's own once it is off the stack.
        Some(match self.open.pop()? {
            Open::List { items, start } => Node::list(items, self.origin(start)),
            Open::Map { mut entries, start, .. } => {
                for repeat in unique::make_unique(&mut entries) {
                    self.warnings.add_with(|| duplicate_key(&path(&self.open), &repeat));
                }
                Node::new(Value::Map(Map::from_unique(entries)), self.origin(start))
            }
        })
    }

    fn scalar(&mut self, next: u8, start: usize) -> Result<Value<'a>, Stop> {
        match next {
            b'"' => return Ok(Value::String(self.string()?)),
            b'-' | b'0'..=b'9' => return self.number(start),
            _ => {}
        }
        // A word that is none is reported at its start.
        let mut word = SliceLexer::new(self.lexer.as_slice());
        let value = word.null_or_bool().ok_or(Expect::Value)?;
        self.lexer = word;
        self.count();
        Ok(value.map_or(Value::Null, Value::Bool))
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Stop> {
        let start = self.offset();
        self.count();
        let (plain, rest) =
            split_plain(self.text.get(start.saturating_add(1)..).unwrap_or_default());
        if let Some(rest) = rest.strip_prefix('"') {
            self.lexer = SliceLexer::new(rest.as_bytes());
            return Ok(Cow::Borrowed(plain));
        }
        self.lexer.discarded().str_string().map_err(|error| Stop::String(start, error))
    }

    fn number(&mut self, start: usize) -> Result<Value<'a>, Stop> {
        self.count();
        let (digits, parts) = self.lexer.num_string().validated().map_err(Stop::Number)?;
        let origin = self.origin(start);

        if !parts.is_int() {
            // The lexer checked the form, so only the size can be wrong.
            let number = digits.parse().unwrap_or(f64::INFINITY);
            if !number.is_finite() {
                self.problems.add_with(|| {
                    let path = path(&self.open);
                    let shown =
                        if may_hold_secret_at(&path) { HIDDEN.to_owned() } else { quoted(digits) };
                    let message =
                        format!("{shown} is too large for a number: it would be infinite");
                    Problem::new(Code::NotFinite, path, message)
                        .help("write a smaller number, or quote it where text is meant")
                        .origin(origin)
                });
            }
            return Ok(Value::Float(number));
        }

        if digits.trim_start_matches('-').len() > MAX_INTEGER_DIGITS {
            self.problems.add_with(|| scalar::too_long_integer(path(&self.open)).origin(origin));
        }
        Ok(Value::Integer(Cow::Borrowed(if digits == "-0" { "0" } else { digits })))
    }

    /// How much of the text was read.
    fn offset(&self) -> usize {
        self.text.len().saturating_sub(self.lexer.as_slice().len())
    }

    /// What was read from an offset on.
    fn origin(&self, start: usize) -> Origin {
        Origin::new(self.source, start, self.offset())
    }

    fn count(&mut self) {
        self.tokens = self.tokens.saturating_add(1);
    }

    fn failure(&self, stop: Stop) -> Failure {
        let offset = self.offset();
        let problem = |offset, message: String| {
            Problem::new(Code::InvalidJson, Path::root(), message)
                .help(Code::InvalidJson.cure())
                .origin(Origin::new(self.source, offset, offset))
        };
        let syntax = |offset, message: &dyn Display| Failure::Syntax {
            problem: problem(offset, format!("this is not JSON: {message}")),
            begun: self.tokens > 1,
        };
        // Python writes these, and YAML would take them for text.
        let rest = self.text.get(offset..).unwrap_or_default();
        if let Some(name) = ["NaN", "Infinity"].into_iter().find(|name| rest.starts_with(name)) {
            let problem = problem(offset, format!("{name} is no number in JSON"))
                .help("write a finite number, or null");
            return Failure::Value(vec![problem]);
        }
        match stop {
            Stop::TooDeep(problem) => Failure::Value(vec![problem]),
            Stop::Syntax(expected) => syntax(offset, &format_args!("expected {expected}")),
            Stop::Number(error) => syntax(offset, &error),
            // The lexer stands behind the character.
            Stop::String(_, error @ StringError::Control) => {
                syntax(offset.saturating_sub(1), &error)
            }
            Stop::String(start, error @ StringError::Escape(_)) => {
                let string = self.text.get(start..).unwrap_or_default();
                let read = self.text.get(start..offset).unwrap_or_default();
                if let Some(at) = lone_surrogate(string).filter(|_| error.is_unicode_error()) {
                    let message =
                        "a \\u escape gives half of a surrogate pair, which is no character"
                            .to_owned();
                    let problem = problem(start.saturating_add(at), message);
                    return Failure::Value(vec![
                        problem.help("write both halves, or the character itself"),
                    ]);
                }
                syntax(start.saturating_add(read.rfind('\\').unwrap_or_default()), &error)
            }
            Stop::String(_, error) => syntax(offset, &error),
        }
    }
}

/// The place of the value that comes next.
fn path(open: &[Open<'_>]) -> Path {
    let mut path = Path::root();
    for container in open {
        path.push(match container {
            Open::List { items, .. } => Step::Index(items.len()),
            Open::Map { key, .. } => Step::Key(key.text.clone().into_owned()),
        });
    }
    path
}

/// Where the first escape of half a surrogate pair without its other half stands.
fn lone_surrogate(text: &str) -> Option<usize> {
    let mut escapes = text.match_indices('\\').map(|(at, _)| at);
    let half = |at: usize| {
        let digits = text.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        u32::from_str_radix(digits, 16).ok().filter(|code| (0xD800..=0xDFFF).contains(code))
    };
    // The offset up to which escapes are read; a backslash before it is escaped itself.
    let mut read = 0;
    loop {
        let at = escapes.find(|at| *at >= read)?;
        read = match half(at) {
            None => at.saturating_add(2),
            Some(0xD800..=0xDBFF)
                if half(at.saturating_add(6)).is_some_and(|low| low >= 0xDC00) =>
            {
                at.saturating_add(12)
            }
            Some(_) => return Some(at),
        };
    }
}

#[cfg(test)]
mod tests;
