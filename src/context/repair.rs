//! Changes of a text that cure a problem: other bytes stay as they are.

use crate::problem::Cure;
use crate::value::{Node, Origin};
use crate::write::json;

/// A change of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// What it does, in a few words.
    pub(super) title: String,
    /// The first offset, the offset behind the last, and what to write in place of the bytes between; in the order of
    /// the text.
    pub(super) edits: Vec<(u32, u32, String)>,
}

/// The change that a cure asks for; none where it cannot be made without more knowledge of the text.
///
/// `origin` is the problem's, `entry` the key and value that it is part of.
pub(super) fn change(
    cure: &Cure,
    origin: Origin,
    entry: Option<Origin>,
    text: &str,
) -> Option<Change> {
    let written = slice(text, origin)?;
    let replace = |title: String, new: String| {
        (!written.is_empty())
            .then(|| Change { title, edits: vec![(origin.offset, origin.end, new)] })
    };

    match cure {
        Cure::Rename(name) => {
            let is_quoted = written.starts_with(['"', '\'']);
            replace(
                format!("rename to `{name}`"),
                if is_quoted { in_quotes(name) } else { name.clone() },
            )
        }
        Cure::Quote => {
            // What is between the quotes is not said again: it may be a secret.
            let is_plain =
                !written.is_empty() && !written.starts_with(['|', '>', '&', '*', '!', '[', '{']);
            let is_simple = !written.contains(['\n', '\r', '"', '\'', '\\']);
            let quote = |offset| (offset, offset, "\"".to_owned());
            (is_plain && is_simple).then(|| Change {
                title: "put it in quotes".to_owned(),
                edits: vec![quote(origin.offset), quote(origin.end)],
            })
        }
        Cure::Replace(value) => {
            let is_short = !written.contains(['\n', '\r']);
            is_short.then(|| replace(format!("write {value}"), value.clone()))?
        }
        Cure::Remove => removal(entry?, false, text),
        Cure::RemoveRange(range) => removal(*range, false, text),
        Cure::RemoveItem(range) => removal(*range, true, text),
    }
}

fn slice(text: &str, origin: Origin) -> Option<&str> {
    text.get(origin.offset as usize..origin.end as usize)
}

/// A text in quotes that JSON and YAML read alike.
fn in_quotes(text: &str) -> String {
    json(&Node::string(text, Origin::MACRO))
}

/// Takes an entry of a mapping out of a text, or an item of a list.
fn removal(entry: Origin, is_item: bool, text: &str) -> Option<Change> {
    let before = text.get(..entry.offset as usize)?;
    let after = text.get(entry.end as usize..)?;
    let title = "remove it".to_owned();
    let gone = |start: usize, end: usize| {
        let [start, end] = [start, end].map(u32::try_from);
        Some(Change { title: title.clone(), edits: vec![(start.ok()?, end.ok()?, String::new())] })
    };

    // In brackets: with the comma that follows, else with the one before.
    let (open, close) = if is_item { ('[', ']') } else { ('{', '}') };
    if before.trim_end().ends_with([open, ',']) && after.trim_start().starts_with([',', close]) {
        let rest = after.trim_start();
        return match rest.strip_prefix(',') {
            Some(rest) => {
                gone(entry.offset as usize, text.len().checked_sub(rest.trim_start().len())?)
            }
            None => {
                let before = before.trim_end();
                gone(before.strip_suffix(',').unwrap_or(before).len(), entry.end as usize)
            }
        };
    }

    // On lines of its own: whole lines.
    let line_start = before.rfind(['\n', '\r']).map_or(0, |at| at.saturating_add(1));
    let indentation = before.get(line_start..)?;
    let line_end = if text.get(..entry.end as usize)?.ends_with(['\n', '\r']) {
        entry.end as usize
    } else {
        let rest = after
            .find('\n')
            .map_or(text.len(), |at| (entry.end as usize).saturating_add(at).saturating_add(1));
        let tail = text.get(entry.end as usize..rest)?.trim();
        if !(tail.is_empty() || tail.starts_with('#')) {
            return None;
        }
        rest
    };
    let is_alone = |text: &str| text.chars().all(|c| c == ' ');
    if is_item {
        let before_dash = indentation.trim_end_matches(' ').strip_suffix('-')?;
        return is_alone(before_dash).then(|| gone(line_start, line_end))?;
    }
    if is_alone(indentation) {
        return gone(line_start, line_end);
    }

    // Behind the dash of an item: what follows in the item moves up to it.
    let column = indentation.chars().count();
    let next = text.get(line_end..)?;
    let is_first =
        indentation.chars().all(|c| matches!(c, ' ' | '-')) && indentation.ends_with("- ");
    let depth = next.len().saturating_sub(next.trim_start_matches(' ').len());
    let follows = next.get(depth..)?.starts_with(|c: char| !matches!(c, '\n' | '\r' | '#' | '-'));
    (is_first && depth == column && follows)
        .then(|| gone(entry.offset as usize, line_end.saturating_add(depth)))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Source;

    /// The text after a cure of what stands between two marks; the entry is between `<` and `>`.
    fn cured(marked: &str, cure: &Cure) -> Option<String> {
        let start = marked.find('«').unwrap();
        let end = marked.find('»').unwrap().saturating_sub('«'.len_utf8());
        let text = marked.replace(['«', '»'], "");
        let origin = Origin::new(Source::Context, start, end);
        let change = change(cure, origin, Some(origin), &text)?;

        let mut text = text;
        for (start, end, new) in change.edits.iter().rev() {
            text.replace_range(*start as usize..*end as usize, new);
        }
        Some(text)
    }

    #[test]
    fn keys_are_renamed_and_values_quoted() {
        let rename = Cure::Rename("replicas".to_owned());
        assert_eq!(cured("«replica»: 3", &rename).as_deref(), Some("replicas: 3"));
        assert_eq!(cured("{«\"replica\"»: 3}", &rename).as_deref(), Some("{\"replicas\": 3}"));
        assert_eq!(cured("a: «22:22» # x", &Cure::Quote).as_deref(), Some("a: \"22:22\" # x"));
        assert_eq!(cured("a: «\"x\"»", &Cure::Quote), None);
        assert_eq!(cured("a: «»", &Cure::Quote), None);
        assert_eq!(
            cured("a: «x»", &Cure::Replace("\"y\"".to_owned())).as_deref(),
            Some("a: \"y\"")
        );
    }

    #[test]
    fn entries_are_removed_with_what_belongs_to_them() {
        for (marked, expected) in [
            ("{«a: 1», b: 2}", "{b: 2}"),
            ("{b: 2, «a: 1»}", "{b: 2}"),
            ("{«\"a\": 1»}", "{}"),
            ("{\"b\": 1,\n  «\"a\": 1»,\n  \"c\": 2\n}", "{\"b\": 1,\n  \"c\": 2\n}"),
            ("b: 1\n«a: 1» # why\nc: 2\n", "b: 1\nc: 2\n"),
            ("x:\n  «a:\n    b: 1»\n  c: 2\n", "x:\n  c: 2\n"),
            ("«a: |\n  b\n»c: 2\n", "c: 2\n"),
            ("b: 1\n«a: 1»", "b: 1\n"),
            ("- «a: 1»\n  c: 2\n", "- c: 2\n"),
            ("x:\n  - «a: 1»\n    c: 2\n  - d: 3\n", "x:\n  - c: 2\n  - d: 3\n"),
        ] {
            assert_eq!(cured(marked, &Cure::Remove).as_deref(), Some(expected), "{marked}");
        }
    }

    #[test]
    fn items_are_removed_with_their_dash() {
        for (marked, expected) in [
            ("a: [«1», 2]", Some("a: [2]")),
            ("a: [1, «{b: 2}»]", Some("a: [1]")),
            ("a:\n- «b: 1\n  c: 2»\n- b: 2\n", Some("a:\n- b: 2\n")),
            ("a:\n  - b: 2\n  - «b: 1 »# x\n", Some("a:\n  - b: 2\n")),
            ("a:\n- - «b: 2»\n  - c\n", None),
        ] {
            let start = marked.find('«').unwrap();
            let end = marked.find('»').unwrap().saturating_sub('«'.len_utf8());
            let cure = Cure::RemoveItem(Origin::new(Source::Context, start, end));
            assert_eq!(cured(marked, &cure).as_deref(), expected, "{marked}");
        }
    }

    #[test]
    fn what_would_leave_something_else_stays() {
        for marked in ["- «a: 1»\n- c: 2\n", "- «a: 1»\n", "- - «a: 1»\n  - b\n", "? «a: 1» x\n"]
        {
            assert_eq!(cured(marked, &Cure::Remove), None, "{marked}");
        }
    }
}
