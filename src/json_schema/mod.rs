//! JSON Schema, draft-07: every violation of a value, in plain words.
//!
//! Sentry Streams describes its configuration with such a schema, and a host may bring a newer one than
//! [ours](crate::literal::PIPELINE_CONFIG_SCHEMA). The keywords known here are those it uses and their nearest kin. A schema with any other
//! keyword is refused: what is not understood must not count as checked.
//!
//! As in the reference, `8125.0` is an integer, `true` is no number, a date is of no type, and `format` only tells.

mod compile;
mod violations;

#[cfg(test)]
mod tests;

use crate::node::{Node, Value};
use crate::output::json;
use std::cmp::Ordering;

/// A schema, ready to check values.
#[derive(Debug)]
pub(crate) struct Schema<'s> {
    /// The first is the root.
    rules: Vec<Rule<'s>>,
}

/// Its place in the list of rules; references are resolved to it, so rules may lead back to themselves.
type RuleId = usize;

/// What one schema object demands.
#[derive(Debug, Default)]
struct Rule<'s> {
    /// The schema `false`.
    never: bool,
    description: Option<&'s str>,
    types: Vec<Type>,
    /// `enum`, and `const` as an `enum` of one.
    allowed: Vec<&'s [Node<'s>]>,
    bounds: Vec<Bound<'s>>,
    properties: Vec<(&'s str, RuleId)>,
    required: Vec<&'s str>,
    additional: Option<RuleId>,
    items: Option<RuleId>,
    all: Vec<RuleId>,
    alternatives: Vec<Alternatives>,
}

#[derive(Debug)]
struct Alternatives {
    /// `oneOf`; else `anyOf`.
    exclusive: bool,
    branches: Vec<RuleId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl Type {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::Null,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "string" => Self::String,
            "array" => Self::Array,
            "object" => Self::Object,
            _ => return None,
        })
    }

    fn describe(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "a list",
            Self::Object => "a mapping",
        }
    }

    fn accepts(self, node: &Node<'_>) -> bool {
        match (self, &node.value) {
            (Self::Null, Value::Null)
            | (Self::Boolean, Value::Bool(_))
            | (Self::Integer | Self::Number, Value::Integer(_))
            | (Self::Number, Value::Float(_))
            | (Self::String, Value::String(_))
            | (Self::Array, Value::List(_))
            | (Self::Object, Value::Map(_)) => true,
            (Self::Integer, Value::Float(float)) => float.fract() == 0.0,
            _ => false,
        }
    }
}

/// A limit of a size: `minimum`, `maxLength` and their kin.
#[derive(Debug)]
struct Bound<'s> {
    measure: Measure,
    relation: Relation,
    limit: &'s Node<'s>,
}

#[derive(Clone, Copy, Debug)]
enum Measure {
    Value,
    Characters,
    Items,
    Keys,
}

#[derive(Clone, Copy, Debug)]
enum Relation {
    AtLeast,
    AtMost,
    MoreThan,
    LessThan,
}

impl Relation {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::AtLeast => order.is_ge(),
            Self::AtMost => order.is_le(),
            Self::MoreThan => order.is_gt(),
            Self::LessThan => order.is_lt(),
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::AtLeast => "at least",
            Self::AtMost => "at most",
            Self::MoreThan => "more than",
            Self::LessThan => "less than",
        }
    }
}

/// What stands there, for people.
fn found(node: &Node<'_>) -> String {
    match node.as_str() {
        Some(text) if text.chars().count() <= 60 => format!("the string {}", json(node)),
        _ => node.describe().to_string(),
    }
}
