//! Numbers in exact order: integers of any size and floats, compared as Python compares them.

use super::decimal::whole_digits;
use crate::value::{Key, KeyKind, Node, PythonFloat, Value};
use std::borrow::Cow;
use std::cmp::Ordering;

/// A number as it is written: the digits of an integer, or a finite float.
pub(crate) enum Number<'n> {
    Integer(Cow<'n, str>),
    Float(f64),
}

impl<'n> Number<'n> {
    /// The number a node is; booleans are none.
    pub(crate) fn of(node: &'n Node<'_>) -> Option<Self> {
        match &node.value {
            Value::Integer(digits) => Some(Self::integer(digits)),
            Value::Float(float) => Some(Self::Float(*float)),
            _ => None,
        }
    }

    /// The number Python sorts a key by: `true` is 1 there. Strings and `null` are none.
    pub(crate) fn of_key(key: &'n Key<'_>) -> Option<Self> {
        match key.kind {
            KeyKind::Integer => Some(Self::integer(&key.text)),
            KeyKind::Float => key.text.parse().ok().map(Self::Float),
            KeyKind::Bool => Some(Self::integer(if key.text == "true" { "1" } else { "0" })),
            KeyKind::String | KeyKind::Null => None,
        }
    }

    /// How many.
    pub(crate) fn count(count: usize) -> Number<'static> {
        Number::Integer(Cow::Owned(count.to_string()))
    }

    fn integer(digits: &'n str) -> Self {
        Self::Integer(Cow::Borrowed(digits))
    }

    /// A text that it shares with all numbers equal to it, and no other.
    pub(crate) fn into_canonical(self) -> Cow<'n, str> {
        match self {
            Self::Integer(digits) => digits,
            Self::Float(float) if float.fract() == 0.0 => Cow::Owned(whole_digits(float)),
            Self::Float(float) => Cow::Owned(format!(
                "{} {}",
                whole_digits(float.trunc()),
                PythonFloat(float.fract())
            )),
        }
    }

    /// Which is less.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => compare_integers(a, b),
            // Neither is NaN.
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
            (Self::Integer(digits), Self::Float(float)) => compare_with_float(digits, *float),
            (Self::Float(float), Self::Integer(digits)) => {
                compare_with_float(digits, *float).reverse()
            }
        }
    }
}

fn compare_integers(a: &str, b: &str) -> Ordering {
    let by_size = |a: &str, b: &str| a.len().cmp(&b.len()).then_with(|| a.cmp(b));
    match (a.strip_prefix('-'), b.strip_prefix('-')) {
        (None, None) => by_size(a, b),
        (Some(a), Some(b)) => by_size(b, a),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
    }
}

fn compare_with_float(digits: &str, float: f64) -> Ordering {
    compare_integers(digits, &whole_digits(float.trunc()))
        .then_with(|| 0.0_f64.partial_cmp(&float.fract()).unwrap_or(Ordering::Equal))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Origin;

    fn compare(a: Value<'_>, b: Value<'_>) -> Ordering {
        let (a, b) = (Node::new(a, Origin::MACRO), Node::new(b, Origin::MACRO));
        Number::of(&a).unwrap().compare(&Number::of(&b).unwrap())
    }

    fn integer(digits: &str) -> Value<'_> {
        Value::Integer(Cow::Borrowed(digits))
    }

    #[test]
    fn order_is_exact() {
        let ascending = [
            integer("-100000000000000000000000"),
            Value::Float(-1e16),
            integer("-11"),
            integer("-2"),
            Value::Float(-1.5),
            integer("-1"),
            Value::Float(-0.5),
            integer("0"),
            Value::Float(5e-324),
            Value::Float(0.5),
            integer("1"),
            integer("9"),
            integer("10"),
            // Floats cannot tell these two apart.
            integer("9007199254740992"),
            integer("9007199254740993"),
            Value::Float(1e300),
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(compare(a.clone(), b.clone()), i.cmp(&j), "{a:?} {b:?}");
            }
        }
        assert_eq!(compare(integer("1"), Value::Float(1.0)), Ordering::Equal);
        assert_eq!(compare(integer("0"), Value::Float(-0.0)), Ordering::Equal);
    }
}
