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
    const MARK: &[u8] = "\u{feff}".as_bytes();
    let mark = if rest.starts_with(MARK) { MARK.len() } else { 0 };
    let passed = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b':');
    rest.iter().skip(mark).take_while(passed).count().saturating_add(mark)
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
    // The parser looks for the other half past the string's end, and then misses that.
    if let Some(offset) = lone_surrogate(text).filter(|at| *at <= offset || rest.starts_with('"')) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output;
    use crate::problem::MAX_PROBLEMS;

    /// Code, path, offset of every problem.
    fn problems(text: &str) -> Vec<(&'static str, String, u32)> {
        let problems = match read(text, Source::Context).unwrap_err() {
            Failure::Syntax { problem, .. } => vec![problem],
            Failure::Value(problems) => problems,
        };
        problems
            .into_iter()
            .map(|problem| (problem.code, problem.path.to_string(), problem.origin.unwrap().offset))
            .collect()
    }

    #[test]
    fn values_are_read() {
        for (text, expected) in [
            (
                " {\"a\" : [1, -0, 1.50, 1E3, true, null, \"x\\n\\u00e9\\ud83d\\ude00\"] } ",
                "{\"a\":[1,0,1.5,1000.0,true,null,\"x\\né😀\"]}",
            ),
            ("[]", "[]"),
            ("{}", "{}"),
            ("\u{feff}[123456789012345678901234567890]", "[123456789012345678901234567890]"),
        ] {
            assert_eq!(output::json(&read(text, Source::Context).unwrap().root), expected, "{text}");
        }
    }

    #[test]
    fn values_know_where_they_were_written() {
        let root = read("\u{feff}{\"a\\n\": [10,\n \"x\" , {\"b\": null}]}", Source::Context).unwrap().root;
        assert_eq!(root.origin.offset, 3);
        let list = root.get("a\n").unwrap();
        let offsets: Vec<_> = list.as_list().unwrap().iter().map(|node| node.origin.offset).collect();
        assert_eq!((list.origin.offset, offsets), (11, vec![12, 17, 23]));
        assert_eq!(list.as_list().unwrap()[2].get("b").unwrap().origin.offset, 29);
    }

    #[test]
    fn repeated_keys_are_warnings_where_they_stand() {
        let document = read("[{\"a\": 1, \"b\": {\"c\": 2, \"c\": 3}, \"a\": 4}]", Source::Context).unwrap();
        assert_eq!(output::json(&document.root), r#"[{"a":4,"b":{"c":3}}]"#);
        let warnings: Vec<_> =
            document.warnings.iter().map(|w| (w.code, w.path.to_string(), w.origin.unwrap().offset)).collect();
        assert_eq!(warnings, [("duplicate-key", "[0].b.c".to_owned(), 24), ("duplicate-key", "[0].a".to_owned(), 33)]);
        let repeated = format!("{{{}\"a\": 1}}", "\"a\": 1,".repeat(MAX_PROBLEMS * 3));
        assert_eq!(read(&repeated, Source::Context).unwrap().warnings.len(), MAX_PROBLEMS + 1);
    }

    #[test]
    fn problems_have_their_place() {
        for (text, code, path, offset) in [
            (r#"{"a": 1,}"#, "invalid-json", "", 8),
            (r#"{"a": 01}"#, "invalid-json", "", 7),
            (r#"{"a" 1}"#, "invalid-json", "", 5),
            (r#"{"a": [1 2]}"#, "invalid-json", "", 9),
            ("[\"a\nb\"]", "invalid-json", "", 3),
            (r#"["\x"]"#, "invalid-json", "", 2),
            (r#"["\ud83d"]"#, "invalid-json", "", 2),
            (r#"["\\ud83d", "\ude00"]"#, "invalid-json", "", 13),
            (r#"["\ud83d\u0041"]"#, "invalid-json", "", 2),
            ("[NaN]", "invalid-json", "", 1),
            ("[-Infinity]", "invalid-json", "", 2),
            (r#"{"a": [1e400]}"#, "unsupported-value", "a[0]", 7),
        ] {
            assert_eq!(problems(text), [(code, path.to_owned(), offset)], "{text}");
        }
        assert_eq!(problems(&format!("[{}]", "9".repeat(MAX_INTEGER_DIGITS + 1)))[0].0, "too-large");
        assert_eq!(problems(r#"{"a": 1e400, "b": [-1e400]}"#).len(), 2);
    }

    #[test]
    fn nesting_has_a_limit() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(&nested(MAX_DEPTH), Source::Context).is_ok());
        assert_eq!(problems(&nested(MAX_DEPTH + 1))[0].0, "too-deep");
        assert_eq!(problems(&"{\"a\":".repeat(100_000))[0].0, "too-deep");
    }
}
