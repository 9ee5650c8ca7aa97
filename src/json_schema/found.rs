//! What stands at a place, for people.

use crate::problem::{describe, may_hold_secret, names_a_secret};
use crate::value::{Node, Trail};
use crate::write::json;

/// A value as a message shows it: short strings with their text, and of a secret only its kind.
pub(super) fn found(node: &Node<'_>, is_hidden: bool) -> String {
    match node.as_str() {
        Some(text) if !is_hidden && !names_a_secret(text) && text.chars().nth(60).is_none() => {
            format!("the string {}", json(node))
        }
        _ => describe(node, is_hidden),
    }
}

/// A value at a place, as a message shows it.
pub(super) fn shown(node: &Node<'_>, trail: &Trail<'_>) -> String {
    found(node, may_hold_secret(trail))
}
