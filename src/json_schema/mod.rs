//! JSON Schema, draft-07: every violation of a value, in plain words.
//!
//! Sentry Streams describes its configuration with such a schema, and a host may bring a newer one than
//! ours (`src/json_schema/pipeline_config.schema.json`). The keywords known here are those it uses and their nearest kin. A schema
//! with any other keyword is refused: what is not understood must not count as checked.
//!
//! As in the reference, `8125.0` is an integer, `true` is no number, a date is of no type, and `format` is not checked.

mod bound;
mod compile;
mod cure;
mod found;
#[rustfmt::skip]
mod pipeline_config_rules;
mod violations;
mod work;

#[cfg(test)]
mod tests;

use crate::value::{Node, Value};
use std::borrow::Cow;
use std::cmp::Ordering;

/// A schema, ready to check values.
#[derive(Debug)]
pub(crate) struct Schema<'s> {
    /// The first is the root.
    rules: Cow<'s, [Rule<'s>]>,
}

/// The schema of Sentry Streams' runtime configuration, `src/json_schema/pipeline_config.schema.json`: its rules are part of the
/// program, so that no call makes them.
pub(crate) static PIPELINE_CONFIG: Schema<'static> =
    Schema { rules: Cow::Borrowed(pipeline_config_rules::RULES) };

/// Its place in the list of rules; references are resolved to it, so rules may lead back to themselves.
type RuleId = usize;

/// What one schema object demands.
#[derive(Clone, Debug, Default)]
struct Rule<'s> {
    /// The schema `false`.
    never: bool,
    description: Option<&'s str>,
    types: Cow<'s, [Type]>,
    /// `enum`, and `const` as an `enum` of one.
    allowed: Cow<'s, [&'s [Node<'s>]]>,
    bounds: Cow<'s, [Bound<'s>]>,
    properties: Cow<'s, [(&'s str, RuleId)]>,
    required: Cow<'s, [&'s str]>,
    additional: Option<RuleId>,
    items: Option<RuleId>,
    all: Cow<'s, [RuleId]>,
    alternatives: Cow<'s, [Alternatives<'s>]>,
}

#[derive(Clone, Debug)]
struct Alternatives<'s> {
    /// `oneOf`; else `anyOf`.
    exclusive: bool,
    branches: Cow<'s, [RuleId]>,
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
#[derive(Clone, Debug)]
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
