//! A node of the object with the way to it, and the findings made there.

use super::check::{Finding, Severity};
use crate::node::{Map, Node, Value};
use crate::problem::{MAX_PROBLEMS, Path, Step};

/// A node and where it stands. The path is only made when something is found there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'p> {
    pub(super) node: &'p Node<'p>,
    step: LastStep<'p>,
    parent: Option<&'p Place<'p>>,
}

#[derive(Clone, Copy, Debug)]
enum LastStep<'p> {
    Key(&'p str),
    Index(usize),
}

impl<'p> Place<'p> {
    pub(super) fn root(node: &'p Node<'p>) -> Self {
        Self { node, step: LastStep::Index(0), parent: None }
    }

    /// The value of a field; as the API server reads it, null is no value.
    // The rules call it from hundreds of places, and no copy is faster.
    #[inline(never)]
    pub(super) fn field(&'p self, name: &'p str) -> Option<Place<'p>> {
        let node = self.node.get(name).filter(|node| node.value != Value::Null)?;
        Some(Place { node, step: LastStep::Key(name), parent: Some(self) })
    }

    /// The entries of a mapping, null values too.
    pub(super) fn entries(&'p self) -> impl Iterator<Item = (&'p str, Place<'p>)> {
        let entries = self.node.as_map().map(Map::entries).unwrap_or_default();
        entries.iter().map(|(key, node)| {
            (key.text.as_ref(), Place { node, step: LastStep::Key(key.text.as_ref()), parent: Some(self) })
        })
    }

    /// The fields that have a value.
    pub(super) fn fields(&'p self) -> impl Iterator<Item = (&'p str, Place<'p>)> {
        self.entries().filter(|(_, place)| place.node.value != Value::Null)
    }

    /// The items of a list, null items too.
    pub(super) fn items(&'p self) -> impl Iterator<Item = Place<'p>> {
        let items = self.node.as_list().unwrap_or_default();
        items.iter().enumerate().map(|(at, node)| Place { node, step: LastStep::Index(at), parent: Some(self) })
    }

    /// The text, where it is some. A null that stands here is an item or a value, which is read as empty text.
    pub(super) fn text(&self) -> Option<&'p str> {
        match &self.node.value {
            Value::String(text) | Value::Timestamp(text) => Some(text),
            Value::Null => Some(""),
            _ => None,
        }
    }

    /// The text of a field, where it has some.
    pub(super) fn text_of(&self, name: &str) -> Option<&'p str> {
        match &self.node.get(name)?.value {
            Value::String(text) | Value::Timestamp(text) => Some(text),
            _ => None,
        }
    }

    /// The number of a field, where it has one.
    pub(super) fn number_of(&self, name: &str) -> Option<i64> {
        self.node.get(name)?.as_i64()
    }

    /// Whether a boolean field is true.
    pub(super) fn is_true(&self, name: &str) -> bool {
        self.node.get(name).is_some_and(|node| node.value == Value::Bool(true))
    }

    /// Whether a field has a value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.node.get(name).is_some_and(|node| node.value != Value::Null)
    }

    /// Whether it is an object; a null that stands here is an item or a value, which is read as one without fields.
    pub(super) fn is_object(&self) -> bool {
        matches!(self.node.value, Value::Map(_) | Value::Null)
    }

    /// Whether a field has no text: it is absent, or empty, which is the same to the API server.
    pub(super) fn lacks(&self, name: &str) -> bool {
        match self.node.get(name).map(|node| &node.value) {
            None | Some(Value::Null) => true,
            Some(Value::String(text)) => text.is_empty(),
            Some(_) => false,
        }
    }

    /// The path from the root.
    pub(super) fn path(&self) -> Path {
        let Some(parent) = self.parent else { return Path::root() };
        let mut path = parent.path();
        path.push(match self.step {
            LastStep::Key(key) => Step::Key(key.to_owned()),
            LastStep::Index(index) => Step::Index(index),
        });
        path
    }
}

/// What was found so far: as many of each severity as anyone is told, and one more.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) list: Vec<Finding>,
    /// Whether the pods' `spec` needs no look.
    pub(super) pods_are_known: bool,
    errors: usize,
    warnings: usize,
}

impl Findings {
    /// Whether another error is told: what takes work to say is not said for nothing.
    pub(super) fn has_room(&self) -> bool {
        self.errors <= MAX_PROBLEMS
    }

    /// Adds an error at a place.
    // Called from hundreds of places, in few contexts.
    #[inline(never)]
    pub(super) fn error(&mut self, code: &'static str, place: &Place<'_>, message: impl Into<String>) {
        self.add(code, place, message.into(), None, Severity::Error);
    }

    /// Adds an error at a place, with its cure.
    pub(super) fn error_with_help(
        &mut self,
        code: &'static str,
        place: &Place<'_>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(code, place, message.into(), Some(help.into()), Severity::Error);
    }

    /// Adds a warning at a place, with its cure.
    pub(super) fn warning(
        &mut self,
        code: &'static str,
        place: &Place<'_>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(code, place, message.into(), Some(help.into()), Severity::Warning);
    }

    /// Adds an error about a field that a place lacks.
    pub(super) fn missing(&mut self, place: &Place<'_>, field: &str, message: impl Into<String>) {
        let before = self.list.len();
        self.error("missing-field", place, message);
        if let Some(finding) = self.list.get_mut(before) {
            finding.path.push(Step::Key(field.to_owned()));
        }
    }

    fn add(
        &mut self,
        code: &'static str,
        place: &Place<'_>,
        message: String,
        help: Option<String>,
        severity: Severity,
    ) {
        let count = match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        if *count > MAX_PROBLEMS {
            return;
        }
        *count = count.saturating_add(1);
        self.list.push(Finding { code, path: place.path(), origin: place.node.origin, message, help, severity });
    }
}
