//! Documents that are part of the program, so that no call parses them: the base templates.
//!
//! `build.rs` makes them of the files that people read and change.

use crate::value::{Key, Map, Node, Origin, Source, Value};
use std::borrow::Cow;

/// What every Deployment starts from.
pub(crate) static DEPLOYMENT: Literal = include!(concat!(env!("OUT_DIR"), "/deployment.rs"));

/// What the managed container starts from.
pub(crate) static CONTAINER: Literal = include!(concat!(env!("OUT_DIR"), "/container.rs"));

/// A value and the byte offset in its file.
#[derive(Debug)]
pub(crate) struct Literal(Content, u32);

/// What such a value can be: less than [`Value`], since no document here needs more.
#[derive(Debug)]
enum Content {
    Integer(&'static str),
    String(&'static str),
    List(&'static [Literal]),
    Map(&'static [(&'static str, Literal)]),
}

impl Literal {
    /// The value as a node of its own.
    pub(crate) fn node<'a>(&self, source: Source) -> Node<'a> {
        let value = match self.0 {
            Content::Integer(digits) => Value::Integer(Cow::Borrowed(digits)),
            Content::String(text) => Value::String(Cow::Borrowed(text)),
            Content::List(items) => {
                Value::List(items.iter().map(|item| item.node(source)).collect())
            }
            Content::Map(entries) => Value::Map(Map::from_unique(
                entries
                    .iter()
                    .map(|(key, literal)| (Key::string(*key), literal.node(source)))
                    .collect(),
            )),
        };
        Node::new(value, Origin { source, offset: self.1, end: self.1 })
    }
}
