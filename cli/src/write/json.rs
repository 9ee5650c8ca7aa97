//! JSON for programs that may also stand on a terminal.

use serde_json::Value;
use std::fmt::Write as _;

/// A document of JSON, in which no character is one that a terminal obeys: they are written as escapes.
pub(crate) fn json_text(value: &Value) -> String {
    let mut text = String::new();
    for c in format!("{value:#}\n").chars() {
        // All those that JSON must escape are escaped already; the breaks between its lines stay.
        if c.is_control() && c != '\n' {
            let _ = write!(text, "\\u{:04x}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    text
}
