//! Strict JSON.

use super::{Document, MAX_INTEGER_DIGITS, add, duplicate_key, scalar, too_deep, unique};
use crate::node::{Key, MAX_DEPTH, Map, Node, Origin, Source, Value};
use crate::problem::{Path, Problem, Step};
use json_event_parser::{JsonEvent, JsonSyntaxError, LowLevelJsonParser};
use std::borrow::Cow;

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
    let mut parser = LowLevelJsonParser::new();
    let mut reader = Reader { open: Vec::new(), root: None, problems: Vec::new(), warnings: Vec::new() };
    let mut offset: usize = 0;
    loop {
        let rest = text.as_bytes().get(offset..).unwrap_or_default();
        let origin = Origin::new(source, offset.saturating_add(gap(rest)));
        let step = parser.parse_next(rest, true);
        offset = offset.saturating_add(step.consumed_bytes);
        match step.event {
            Some(Ok(JsonEvent::Eof)) => break,
            Some(Ok(event)) => reader.take(event, origin)?,
            Some(Err(error)) => return Err(syntax(text, source, &error, reader.has_begun())),
            None => {}
        }
    }
    match reader.root {
        Some(root) if reader.problems.is_empty() => Ok(Document { root, warnings: reader.warnings }),
        _ => Err(Failure::Value(reader.problems)),
    }
}

/// How many bytes stand before the next value or key: what the parser passes over without an event.
fn gap(rest: &[u8]) -> usize {
    let rest = rest.strip_prefix("\u{feff}".as_bytes()).unwrap_or(rest);
    rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b':')).count()
}

/// A list or mapping that is not closed yet.
enum Open<'a> {
    List { items: Vec<Node<'a>>, origin: Origin },
    Map { entries: Vec<(Key<'a>, Node<'a>)>, keys: Vec<Origin>, key: Key<'a>, origin: Origin },
}

/// Builds the value with its own stack: nesting takes no stack of the machine.
struct Reader<'a> {
    open: Vec<Open<'a>>,
    root: Option<Node<'a>>,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn take(&mut self, event: JsonEvent<'a>, origin: Origin) -> Result<(), Failure> {
        let value = match event {
            JsonEvent::StartArray => return self.enter(Open::List { items: Vec::new(), origin }, origin),
            JsonEvent::StartObject => {
                let (entries, keys, key) = (Vec::new(), Vec::new(), Key::string(""));
                return self.enter(Open::Map { entries, keys, key, origin }, origin);
            }
            JsonEvent::ObjectKey(name) => {
                if let Some(Open::Map { keys, key, .. }) = self.open.last_mut() {
                    *key = Key::string(name);
                    keys.push(origin);
                }
                return Ok(());
            }
            JsonEvent::EndArray | JsonEvent::EndObject => {
                if let Some(node) = self.leave() {
                    self.put(node);
                }
                return Ok(());
            }
            JsonEvent::Number(digits) => self.number(digits, origin),
            JsonEvent::String(text) => Value::String(text),
            JsonEvent::Boolean(value) => Value::Bool(value),
            JsonEvent::Null | JsonEvent::Eof => Value::Null,
        };
        self.put(Node::new(value, origin));
        Ok(())
    }

    fn enter(&mut self, container: Open<'a>, origin: Origin) -> Result<(), Failure> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Failure::Value(vec![too_deep(path(&self.open)).origin(origin)]));
        }
        self.open.push(container);
        Ok(())
    }

    fn leave(&mut self) -> Option<Node<'a>> {
        // The path is the container's own once it is off the stack.
        Some(match self.open.pop()? {
            Open::List { items, origin } => Node::list(items, origin),
            Open::Map { mut entries, keys, origin, .. } => {
                for (at, name) in unique::make_unique(&mut entries) {
                    let at = keys.get(at).copied().unwrap_or(origin);
                    add(&mut self.warnings, || duplicate_key(&path(&self.open), &name.text, at));
                }
                Node::new(Value::Map(Map::from_unique(entries)), origin)
            }
        })
    }

    fn put(&mut self, node: Node<'a>) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { entries, key, .. }) => entries.push((std::mem::replace(key, Key::string("")), node)),
        }
    }

    fn number(&mut self, digits: Cow<'a, str>, origin: Origin) -> Value<'a> {
        if digits.contains(['.', 'e', 'E']) {
            // The parser checked the form, so only the size can be wrong.
            let number = digits.parse().unwrap_or(f64::INFINITY);
            if !number.is_finite() {
                add(&mut self.problems, || {
                    let message = format!("{} is too large for a number: it would be infinite", scalar::shown(&digits));
                    Problem::new("unsupported-value", path(&self.open), message)
                        .help("write a smaller number, or quote it where text is meant")
                        .origin(origin)
                });
            }
            return Value::Float(number);
        }
        if digits.trim_start_matches('-').len() > MAX_INTEGER_DIGITS {
            add(&mut self.problems, || scalar::too_long_integer(path(&self.open)).origin(origin));
        }
        Value::Integer(if digits == "-0" { Cow::Borrowed("0") } else { digits })
    }

    fn has_begun(&self) -> bool {
        match self.open.as_slice() {
            [] => self.root.is_some(),
            [Open::List { items, .. }] => !items.is_empty(),
            [Open::Map { keys, .. }] => !keys.is_empty(),
            _ => true,
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

fn syntax(text: &str, source: Source, error: &JsonSyntaxError, begun: bool) -> Failure {
    let offset = usize::try_from(error.location().start.offset).unwrap_or(usize::MAX).min(text.len());
    let problem = |offset, message: String| {
        Problem::new("invalid-json", Path::root(), message).origin(Origin::new(source, offset))
    };
    let rest = text.get(offset..).unwrap_or_default();
    // Python writes these, and YAML would take them for text.
    if let Some(name) = ["NaN", "Infinity"].into_iter().find(|name| rest.starts_with(name)) {
        let problem = problem(offset, format!("{name} is no number in JSON")).help("write a finite number, or null");
        return Failure::Value(vec![problem]);
    }
    if let Some(offset) = lone_surrogate(text).filter(|at| *at <= offset) {
        let message = "a \\u escape gives half of a surrogate pair, which is no character".to_owned();
        let problem = problem(offset, message).help("write both halves, or the character itself");
        return Failure::Value(vec![problem]);
    }
    let mut message = error.message().to_owned();
    if let Some(first) = message.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    Failure::Syntax { problem: problem(offset, format!("this is not JSON: {message}")), begun }
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
            Some(0xD800..=0xDBFF) if half(at.saturating_add(6)).is_some_and(|low| low >= 0xDC00) => {
                at.saturating_add(12)
            }
            Some(_) => return Some(at),
        };
    }
}
