//! The one value type: what JSON and PyYAML's `safe_load` can say, with the place each value was written at.
//!
//! `serde_json::Value` cannot hold it: it rounds integers above 64 bits, forgets positions, and has neither dates
//! nor keys that are not strings, which PyYAML makes of plain text.

use super::{Origin, PythonFloat};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

/// The deepest nesting that is read; the reference gives up between 400 and 500 levels.
pub const MAX_DEPTH: usize = 450;

/// A value and where it came from. Equality compares values only.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    /// What it is.
    pub value: Value<'a>,
    /// Where it was written.
    pub origin: Origin,
}

/// What a node can be. Text is borrowed from the input where it can be.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer of any size: canonical decimal digits with an optional `-` (`-0` is `0`).
    Integer(Cow<'a, str>),
    /// A finite floating-point number.
    Float(f64),
    /// Text.
    String(Cow<'a, str>),
    /// A date or time that YAML 1.1 made of plain text, as PyYAML prints it (`2024-01-01`, `2024-01-01 10:00:00`).
    Timestamp(Cow<'a, str>),
    /// A list.
    List(Vec<Node<'a>>),
    /// A mapping.
    Map(Map<'a>),
}

/// A mapping that keeps the order of its keys. Keys are unique.
#[derive(Clone, Debug, Default)]
pub struct Map<'a> {
    entries: Vec<(Key<'a>, Node<'a>)>,
}

/// A mapping's key: its text as JSON writes it, and what it was before.
///
/// Equality compares text and kind only.
#[derive(Clone, Debug)]
pub struct Key<'a> {
    /// The text: of a string itself; else `true`, `null`, `9`, `1.5`.
    pub text: Cow<'a, str>,
    /// What YAML made of it. JSON has strings only.
    pub kind: KeyKind,
    /// Where it was written.
    pub origin: Origin,
}

/// What a key was before it became text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// A string.
    String,
    /// An integer.
    Integer,
    /// A floating-point number.
    Float,
    /// `true` or `false`.
    Bool,
    /// `null`.
    Null,
}

impl<'a> Key<'a> {
    /// A string key that the macro adds.
    pub fn string(text: impl Into<Cow<'a, str>>) -> Self {
        Self::new(text, KeyKind::String, Origin::MACRO)
    }

    /// A key at a place.
    pub fn new(text: impl Into<Cow<'a, str>>, kind: KeyKind, origin: Origin) -> Self {
        Self { text: text.into(), kind, origin }
    }
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.text == other.text
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<'a> Node<'a> {
    /// A node at a place.
    pub fn new(value: Value<'a>, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// A string at a place.
    pub fn string(text: impl Into<Cow<'a, str>>, origin: Origin) -> Self {
        Self::new(Value::String(text.into()), origin)
    }

    /// A mapping at a place, of string keys in this order, which must be distinct.
    pub fn map<K: Into<Cow<'a, str>>>(
        entries: impl IntoIterator<Item = (K, Node<'a>)>,
        origin: Origin,
    ) -> Self {
        let entries = entries.into_iter().map(|(key, node)| (Key::string(key), node)).collect();
        Self::new(Value::Map(Map { entries }), origin)
    }

    /// A list at a place.
    pub fn list(items: impl IntoIterator<Item = Node<'a>>, origin: Origin) -> Self {
        Self::new(Value::List(items.into_iter().collect()), origin)
    }

    /// The mapping, where it is one.
    pub fn as_map(&self) -> Option<&Map<'a>> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The mapping, to change, where it is one.
    pub fn as_map_mut(&mut self) -> Option<&mut Map<'a>> {
        match &mut self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The items, where it is a list.
    pub fn as_list(&self) -> Option<&[Node<'a>]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The text, where it is a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number, where it is an integer that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.value {
            Value::Integer(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    /// The value under a string key, where this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.as_map()?.get(key)
    }

    /// The value under keys, one after the other.
    pub fn at(&self, keys: &[&str]) -> Option<&Node<'a>> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Python's truth: `None`, `False`, zero and empty things are false.
    pub fn is_truthy(&self) -> bool {
        match &self.value {
            Value::Null => false,
            Value::Bool(value) => *value,
            Value::Integer(digits) => digits != "0",
            Value::Float(value) => *value != 0.0,
            Value::String(text) => !text.is_empty(),
            Value::Timestamp(_) => true,
            Value::List(items) => !items.is_empty(),
            Value::Map(map) => !map.is_empty(),
        }
    }

    /// The kind of value that it is, for people, without the value: `a string`, `an integer`.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Integer(_) => "an integer",
            Value::Float(_) => "a number with a fraction",
            Value::String(_) => "a string",
            Value::Timestamp(_) => "a date",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// What it is, for people: `a string`, `the number 5`.
    pub fn describe(&self) -> Description<'_> {
        Description(self)
    }
}

impl<'a> Map<'a> {
    /// A mapping without keys.
    pub const EMPTY: Self = Self { entries: Vec::new() };

    /// A mapping of these entries, whose keys the caller knows to be unique.
    pub fn from_unique(entries: Vec<(Key<'a>, Node<'a>)>) -> Self {
        Self { entries }
    }

    /// How many keys.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has no key.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Key<'a>, &Node<'a>)> {
        self.entries.iter().map(|(key, node)| (key, node))
    }

    /// The entries in an order of their keys.
    pub fn sorted(&self, order: fn(&Key<'_>, &Key<'_>) -> Ordering) -> Vec<(&Key<'a>, &Node<'a>)> {
        let mut entries: Vec<_> = self.iter().collect();
        entries.sort_by(|(a, _), (b, _)| order(a, b));
        entries
    }

    /// The entries as a slice.
    pub fn entries(&self) -> &[(Key<'a>, Node<'a>)] {
        &self.entries
    }

    /// The entries, to add and remove; keys must stay unique.
    pub fn entries_mut(&mut self) -> &mut Vec<(Key<'a>, Node<'a>)> {
        &mut self.entries
    }

    /// The value under a string key.
    pub fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.entries
            .iter()
            .find(|(k, _)| k.kind == KeyKind::String && k.text == key)
            .map(|(_, node)| node)
    }

    /// The entry of a string key.
    pub fn entry(&self, key: &str) -> Option<(&Key<'a>, &Node<'a>)> {
        self.iter().find(|(k, _)| k.kind == KeyKind::String && k.text == key)
    }

    /// The value under a string key, to change.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node<'a>> {
        self.entries
            .iter_mut()
            .find(|(k, _)| k.kind == KeyKind::String && k.text == key)
            .map(|(_, node)| node)
    }

    /// Gives a string key a value: in its place where the mapping has the key, else at the end.
    pub fn set(&mut self, key: impl Into<Cow<'a, str>>, node: Node<'a>) {
        let key = key.into();
        match self.get_mut(&key) {
            Some(own) => *own = node,
            None => self.entries.push((Key::string(key), node)),
        }
    }
}

/// Equality as Python's dicts have it: the order of keys does not matter.
impl PartialEq for Map<'_> {
    fn eq(&self, other: &Self) -> bool {
        let by_text = |a: &Key<'_>, b: &Key<'_>| {
            a.text.cmp(&b.text).then((a.kind as u8).cmp(&(b.kind as u8)))
        };
        self.len() == other.len() && self.sorted(by_text) == other.sorted(by_text)
    }
}

/// Shows a node as a problem's message names it.
#[derive(Debug)]
pub struct Description<'n>(&'n Node<'n>);

impl fmt::Display for Description<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.value {
            Value::Null => f.write_str("null"),
            Value::Bool(value) => write!(f, "the boolean {value}"),
            Value::Integer(digits) if digits.len() <= 40 => write!(f, "the number {digits}"),
            Value::Integer(digits) => write!(f, "a number of {} digits", digits.len()),
            Value::Float(value) => write!(f, "the number {}", PythonFloat(*value)),
            Value::String(_) => f.write_str("a string"),
            Value::Timestamp(text) => write!(f, "the date {text}"),
            Value::List(_) => f.write_str("a list"),
            Value::Map(_) => f.write_str("a mapping"),
        }
    }
}
