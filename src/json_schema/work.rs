//! How much work it is to check a value, so that nobody can ask for too much of it.

use super::Rule;
use crate::value::{Map, Node, Value};

/// How many names are compared in the time that a rule takes.
pub(super) const NAMES: usize = 16;

/// How much work it is to apply a rule to a value, without what the value holds.
pub(super) fn work(rule: &Rule<'_>, node: &Node<'_>) -> usize {
    let names = rule.properties.len().saturating_add(rule.required.len());
    let keys = node.as_map().map_or(0, Map::len);
    let mut work = names.saturating_mul(keys).div_euclid(NAMES).saturating_add(1);
    if !rule.allowed.is_empty() || !rule.bounds.is_empty() {
        let size = size(node);
        let allowed = rule
            .allowed
            .iter()
            .copied()
            .flatten()
            .chain(rule.bounds.iter().map(|bound| bound.limit));
        work = allowed
            .map(|value| self::size(value).saturating_add(size))
            .fold(work, usize::saturating_add);
    }
    work
}

/// How much work it is to compare a value.
fn size(node: &Node<'_>) -> usize {
    match &node.value {
        Value::String(text) | Value::Integer(text) => text.len().div_euclid(64).saturating_add(1),
        // Its digits are written out.
        Value::Float(_) => 64,
        Value::List(items) => items.iter().map(size).fold(1, usize::saturating_add),
        Value::Map(map) => {
            let names = map.len().saturating_mul(map.len()).div_euclid(NAMES).saturating_add(1);
            map.iter().map(|(_, value)| size(value)).fold(names, usize::saturating_add)
        }
        Value::Null | Value::Bool(_) | Value::Timestamp(_) => 1,
    }
}
