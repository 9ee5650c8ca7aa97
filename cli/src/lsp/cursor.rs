//! What a cursor stands on: a path of keys, though the text around it may not be finished.
//!
//! A mark is put where the cursor is, and the text is parsed until the mark comes out of it. So the parser that the macro
//! reads YAML with says where the mark is, in block style, in flow style, in JSON, in quotes, and in a template that is
//! the text of a field; and what comes behind the mark may be as broken as text is while somebody types.

use crate::read;
use granit_parser::{Event, Parser, options};
use sentry_streams_k8s::value::{Path, Step};
use std::ops::Range;

/// A character that no text has: of those that Unicode leaves to private use.
const MARK: char = '\u{f8ff}';
/// As deep as text is followed: that of a field, and what that holds.
const MAX_TEXTS: usize = 3;
/// As deep as collections are nested; a parser must end.
const MAX_DEPTH: usize = 256;

/// What a cursor is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To write what is missing: the word at it is what was begun.
    Write,
    /// To read what is there.
    Read,
}

/// What a cursor stands on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    /// The word at it, in bytes of the text.
    pub(super) word: Range<usize>,
    /// Which part of the file it is in, from 0.
    pub(super) part: usize,
    /// From the document's root: of a value its own path, of a key that of the mapping.
    pub(super) path: Path,
    /// The key where it is one, whole.
    pub(super) key: Option<String>,
    /// The other keys of the mapping, where it is a key.
    pub(super) others: Vec<String>,
    /// The keys of the document's root.
    pub(super) root: Vec<String>,
    /// Whether a colon follows the word.
    pub(super) has_colon: bool,
    /// Whether a quote stands before the word.
    pub(super) is_quoted: bool,
}

impl Cursor {
    /// What stands at a byte of a text. None where it is no value and no key, or the text before it is no YAML.
    pub(super) fn at(text: &str, offset: usize, purpose: Purpose) -> Option<Self> {
        let (part, start, document) = part(text, offset)?;
        let at = offset.saturating_sub(start).min(document.len());
        let word = word(document, document.floor_char_boundary(at));
        let (before, after) = (document.get(..word.start)?, document.get(word.end..)?);
        let is_quoted = before.ends_with(['"', '\'']);
        let has_colon = after.trim_start_matches(['"', '\'', ' ']).starts_with(':');

        let in_place = |mark: &str| format!("{before}{mark}{after}");
        let found = match purpose {
            Purpose::Read if word.is_empty() => return None,
            Purpose::Read => {
                let marked = format!("{before}{MARK}{}", document.get(word.start..)?);
                Found::in_text(&marked, MAX_TEXTS)
            }
            Purpose::Write => {
                // A colon makes a key of it where a key can stand.
                let colon = (!has_colon && !is_quoted).then(|| in_place(&format!("{MARK}:")));
                let key = colon.and_then(|marked| Found::in_text(&marked, MAX_TEXTS));
                match key.filter(|found| found.key.is_some()) {
                    Some(key) => Some(key),
                    None => Found::in_text(&in_place(&MARK.to_string()), MAX_TEXTS),
                }
            }
        }?;
        Some(Self {
            word: word.start.saturating_add(start)..word.end.saturating_add(start),
            part,
            path: found.path,
            key: found.key,
            others: found.others,
            root: found.root,
            has_colon,
            is_quoted,
        })
    }

    /// The path of what it stands on: of a key, that of its value.
    pub(super) fn whole_path(&self) -> Path {
        self.key.as_ref().map_or_else(|| self.path.clone(), |key| self.path.key(key))
    }
}

/// The document of a file that a byte is in: its number among the parts, where it starts, and its text.
fn part(text: &str, offset: usize) -> Option<(usize, usize, &str)> {
    let start = |part: &str| part.as_ptr().addr().saturating_sub(text.as_ptr().addr());
    let parts = read::parts(text);
    let found = parts.iter().enumerate().rfind(|(_, part)| start(part.text) <= offset);
    match found {
        Some((number, part)) => Some((number, start(part.text), part.text)),
        // A text of blanks has no part.
        None => parts.is_empty().then_some((0, 0, text)),
    }
}

fn word(text: &str, at: usize) -> Range<usize> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '$');
    let (before, after) = (text.get(..at), text.get(at..));
    let before = before.unwrap_or_default();
    let mut start = before.trim_end_matches(is_part).len();
    // A list's dash is no part of the word behind it.
    if before.get(start..).is_some_and(|word| word.starts_with('-')) {
        start = start.saturating_add(1);
    }
    let after = after.unwrap_or_default();
    let rest = after.trim_start_matches(is_part).len();
    start..at.saturating_add(after.len().saturating_sub(rest)).max(start)
}

/// Where the mark came out of a text.
#[derive(Default)]
struct Found {
    path: Path,
    key: Option<String>,
    others: Vec<String>,
    root: Vec<String>,
    /// Whether the other keys are known.
    is_closed: bool,
}

/// A collection that is not closed yet.
#[derive(Default)]
struct Frame {
    is_map: bool,
    /// The key whose value comes next.
    key: Option<String>,
    keys: Vec<String>,
    index: usize,
}

impl Frame {
    /// Takes in what is right in it, with its text where it is a scalar.
    fn take(&mut self, text: &str) {
        if !self.is_map {
            self.index = self.index.saturating_add(1);
        } else if self.key.take().is_none() {
            self.keys.push(text.to_owned());
            self.key = Some(text.to_owned());
        }
    }

    fn step(&self) -> Step {
        match &self.key {
            Some(key) => Step::Key(key.clone()),
            None => Step::Index(self.index),
        }
    }
}

impl Found {
    fn in_text(text: &str, texts: usize) -> Option<Self> {
        let options = options! {
            block_scalar_eof_without_line_feed: true,
            block_nesting_limit: MAX_DEPTH,
            flow_nesting_limit: MAX_DEPTH,
        };
        let mut frames: Vec<Frame> = Vec::new();
        let mut found: Option<(Self, usize)> = None;
        for event in Parser::new_from_str_with_options(text, options) {
            // What is behind the mark only tells the other keys.
            let Ok((event, _)) = event else { break };
            match event {
                Event::Scalar(value, ..) => {
                    if found.is_none() && value.contains(MARK) {
                        found = Some((Self::of_scalar(&frames, &value, texts), frames.len()));
                    }
                    if let Some(frame) = frames.last_mut() {
                        frame.take(&value);
                    }
                }
                Event::Alias(_) => {
                    if let Some(frame) = frames.last_mut() {
                        frame.take("");
                    }
                }
                Event::SequenceStart(..) | Event::MappingStart(..) => {
                    let is_map = matches!(event, Event::MappingStart(..));
                    frames.push(Frame { is_map, ..Frame::default() });
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    let Some(closed) = frames.pop() else { continue };
                    if let Some(frame) = frames.last_mut() {
                        frame.take("");
                    }
                    let root = if frames.is_empty() { closed.keys.clone() } else { Vec::new() };
                    match &mut found {
                        Some((found, depth)) if frames.len() < *depth => {
                            found.close(closed.keys, &frames, root);
                            *depth = 0;
                            break;
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        let (mut found, depth) = found?;
        if let Some(frame) = depth.checked_sub(1).and_then(|at| frames.get(at)) {
            let keys = frame.keys.clone();
            found.close(keys, &frames, Vec::new());
        }
        Some(found)
    }

    fn of_scalar(frames: &[Frame], value: &str, texts: usize) -> Self {
        let is_key = frames.last().is_some_and(|frame| frame.is_map && frame.key.is_none());
        let around =
            if is_key { frames.split_last().map_or(frames, |(_, rest)| rest) } else { frames };
        let mut path = Path::root();
        for frame in around {
            path.push(frame.step());
        }
        if is_key {
            let key = Some(value.replace(MARK, ""));
            return Self { path, key, ..Self::default() };
        }

        // A template may be the text of a field.
        let is_document = value.contains('\n') || value.trim_start().starts_with('{');
        let inner = texts.checked_sub(1).filter(|_| is_document);
        match inner.and_then(|texts| Self::in_text(value, texts)) {
            Some(inner) if inner.key.is_some() || !inner.path.steps().is_empty() => {
                Self { path: path.join(&inner.path), ..inner }
            }
            _ => Self { path, ..Self::default() },
        }
    }

    /// Notes the keys of the collection that the mark was in, and of the root.
    fn close(&mut self, keys: Vec<String>, frames: &[Frame], root: Vec<String>) {
        let unmarked =
            |keys: Vec<String>| keys.into_iter().filter(|key| !key.contains(MARK)).collect();
        if self.key.is_some() && !self.is_closed {
            self.others = unmarked(keys);
            self.is_closed = true;
        }
        self.root = unmarked(frames.first().map_or(root, |frame| frame.keys.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The path of what a `^` in a text stands on, with `?` where it is a key that is not written yet.
    fn path(text: &str, purpose: Purpose) -> Option<String> {
        let offset = text.find('^').unwrap();
        let cursor = Cursor::at(&text.replace('^', ""), offset, purpose)?;
        let mut path = cursor.path.to_string();
        if let Some(key) = cursor.key {
            path = format!("{path} ?{key}");
        }
        Some(path)
    }

    #[test]
    fn what_is_written_is_found() {
        for (text, expected) in [
            ("^a: 1", Some(" ?a")),
            ("a:\n  b^c: 1", Some("a ?bc")),
            ("a:\n- b: 1\n- c: d^", Some("a[1].c")),
            ("a: {b: [1, x^]}", Some("a.b[1]")),
            ("{\"a\": {\"b\": \"c^\"}}", Some("a.b")),
            ("{\"a\": {\"b^\": \"c\"}}", Some("a ?b")),
            ("a: |\n  b:\n    c: d^\n", Some("a.b.c")),
            ("a: |\n  b:\n    c^: d\n", Some("a.b ?c")),
            ("a: \"{b: {c: d^}}\"", Some("a.b.c")),
            ("a: b^\nc: [", Some("a")),
            ("c: ]\na: b^", None),
            ("# a^", None),
            ("a: 1\n---\nb: c^\n", Some("b")),
            ("a:\n-  c^", Some("a[0]")),
            ("? [a, b]\n: c^", Some("[\"\"]")),
        ] {
            assert_eq!(path(text, Purpose::Read).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn what_can_be_written_is_found() {
        for (text, expected) in [
            ("^", Some(" ?")),
            ("a: 1\n^", Some(" ?")),
            ("a: 1\nb^", Some(" ?")),
            ("a:\n  ^\n", Some("a ?")),
            ("a:\n  b: 1\n  c^\n  d: 1\n", Some("a ?")),
            ("a:\n  b^c: 1\n", Some("a ?")),
            ("a: ^\nb: 1", Some("a")),
            ("a: x^\nb: 1", Some("a")),
            ("a:\n- ^", Some("a[0] ?")),
            ("a:\n- b: 1\n  ^", Some("a[0] ?")),
            ("a:\n  - b: 1\n  - c^", Some("a[1] ?")),
            ("a: {b: 1, ^}", Some("a ?")),
            ("a: [^]", Some("a[0] ?")),
            ("{\"a\": {\"b^\"}}", Some("a ?")),
            ("{\"a\": ^}", Some("a")),
            ("{\"a\": {^}}", Some("a ?")),
            ("a: |\n  b:\n    ^\n", Some("a.b ?")),
            ("a: |\n  b: ^\n", Some("a.b")),
            ("a: 1\n---\nb:\n  ^", Some("b ?")),
        ] {
            assert_eq!(path(text, Purpose::Write).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn the_other_keys_are_told() {
        let text = "k: 1\na:\n  b: 1\n  \n  d: {x: 1}\n  e: 1\n";
        let cursor = Cursor::at(text, 17, Purpose::Write).unwrap();
        assert_eq!(cursor.others, ["b", "d", "e"]);
        assert_eq!(cursor.root, ["k", "a"]);
        assert!(!cursor.has_colon && cursor.word == (17..17), "{cursor:?}");

        let cursor = Cursor::at("a: \nkind: x\n", 3, Purpose::Write).unwrap();
        assert_eq!((cursor.root, cursor.key), (vec!["a".to_owned(), "kind".to_owned()], None));
    }
}
