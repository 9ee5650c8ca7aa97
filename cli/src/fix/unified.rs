//! How a file would change, line by line.

use crate::compare::names_secret;
use crate::read::documents;
use crate::secrets::Secrets;
use crate::write::sanitize;
use clap::builder::styling::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};
use std::fmt::Write as _;
use std::ops::Range;

/// The unified difference of a file's text and a new one, with colours. Lines that may hold a secret are not shown, so it
/// is for people to read, and not for `patch`.
pub(crate) fn unified(name: &str, old: &str, new: &str) -> String {
    let (red, green, bold) = (color(AnsiColor::Red), color(AnsiColor::Green), Style::new().bold());
    let sides = [Side::new(old), Side::new(new)];
    let name = sanitize(name);
    // Writing to a String cannot fail, here and below.
    let mut text = format!("{bold}--- {name}{bold:#}\n{bold}+++ {name}{bold:#}\n");
    let diff = TextDiff::from_lines(old, new);
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        let _ = writeln!(text, "{}", hunk.header());
        for change in hunk.iter_changes() {
            let [was, is] = &sides;
            let line = change.old_index().map(|at| was.line(at));
            let line = line.or_else(|| change.new_index().map(|at| is.line(at)));
            let line = line.unwrap_or_default();
            let _ = match change.tag() {
                ChangeTag::Delete => writeln!(text, "{red}-{line}{red:#}"),
                ChangeTag::Insert => writeln!(text, "{green}+{line}{green:#}"),
                ChangeTag::Equal => writeln!(text, " {line}"),
            };
        }
    }
    text
}

/// One of the two texts.
struct Side<'t> {
    text: &'t str,
    /// Its documents, and where secrets may be in each.
    documents: Vec<(Range<usize>, Secrets)>,
    lines: Vec<Range<usize>>,
}

impl<'t> Side<'t> {
    fn new(text: &'t str) -> Self {
        let documents = documents(text).into_iter().map(|document| {
            let start = document.text.as_ptr().addr().saturating_sub(text.as_ptr().addr());
            (start..start.saturating_add(document.text.len()), Secrets::of(document.text))
        });
        let diff = TextDiff::from_lines(text, "");
        let mut at = 0_usize;
        let lines = (0..diff.old_len()).map_while(|index| diff.old_slice(index)).map(|line| {
            let start = at;
            at = at.saturating_add(line.len());
            start..at
        });
        Self { lines: lines.collect(), documents: documents.collect(), text }
    }

    /// A line as it may be shown.
    fn line(&self, index: usize) -> String {
        let Some(range) = self.lines.get(index) else { return String::new() };
        let line = self.text.get(range.clone()).unwrap_or_default();
        let is_hidden = self.documents.iter().any(|(whole, secrets)| {
            let below = |at: usize| at.saturating_sub(whole.start).min(whole.len());
            secrets.may_be_in(&(below(range.start)..below(range.end)))
        });
        if is_hidden || names_secret(line) {
            return "(hidden)".to_owned();
        }
        let shown = line.trim_end_matches(['\n', '\r']).split('\t').map(sanitize);
        shown.collect::<Vec<_>>().join("\t")
    }
}

fn color(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(color.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(old: &str, new: &str) -> String {
        anstream::adapter::strip_str(&unified("a.yaml", old, new)).to_string()
    }

    #[test]
    fn lines_are_shown_as_they_are_but_for_secrets() {
        let old = "a: 1\r\nb: yes # é\r\npassword: hunter2\r\n";
        let new = "a: 1\r\nb: \"yes\" # é\r\npassword: hunter2\r\n";
        assert_eq!(
            plain(old, new),
            "--- a.yaml\n+++ a.yaml\n@@ -1,3 +1,3 @@\n a: 1\n-b: yes # é\n+b: \"yes\" # é\n (hidden)\n"
        );
        assert!(!plain("a: \u{1b}[31m\n", "a: 1\n").contains('\u{1b}'));
        let document = |value| format!("a: {value}\n---\n# b\nb: {value}\npassword:\n  hunter2\n");
        let shown = plain(&document("no"), &document("yes"));
        assert!(shown.contains("+a: yes\n") && shown.contains("+b: yes\n"), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
