//! Limits of sizes, and what breaks them.

use super::found::shown;
use super::{Bound, Measure};
use crate::value::{Node, Number, Trail, Value};
use crate::write::json;

impl Bound<'_> {
    /// How a value breaks it.
    pub(super) fn broken_by(&self, node: &Node<'_>, trail: &Trail<'_>) -> Option<String> {
        let (size, kind, unit) = match (self.measure, &node.value) {
            (Measure::Value, _) => (Number::of(node)?, "", ""),
            (Measure::Characters, Value::String(text)) => {
                (Number::count(text.chars().count()), "a string of ", " character")
            }
            (Measure::Items, Value::List(items)) => {
                (Number::count(items.len()), "a list of ", " item")
            }
            (Measure::Keys, Value::Map(map)) => (Number::count(map.len()), "a mapping of ", " key"),
            _ => return None,
        };
        if self.relation.holds(size.compare(&Number::of(self.limit)?)) {
            return None;
        }
        let limit = json(self.limit);
        let plural = if unit.is_empty() || limit == "1" { "" } else { "s" };
        let got = match &node.value {
            Value::List(items) => items.len().to_string(),
            Value::Map(map) => map.len().to_string(),
            _ => shown(node, trail),
        };
        Some(format!(
            "expected {kind}{} {limit}{unit}{plural}, got {got}",
            self.relation.describe()
        ))
    }
}
