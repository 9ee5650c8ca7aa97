//! Markdown, in which no value is markup.

use super::sanitize::sanitize;

/// A row of a table.
pub(crate) fn row(cells: &[&str]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// Text as code, which no character of it can end. In a table, a bar would.
pub(crate) fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let ticks = "`".repeat(longest.saturating_add(1));
    let space = if longest > 0 { " " } else { "" };
    let text = sanitize(&text.replace(['\n', '\r'], " ")).replace('|', "\\|");
    format!("{ticks}{space}{text}{space}{ticks}")
}

/// A fence that no line of the text can end.
pub(crate) fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    "`".repeat(longest.saturating_add(1).max(3))
}

/// Text as text: nothing in it is markup.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in sanitize(&text.replace('\n', " ")).chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '&' | '~' | '!' | '@'
        ) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
