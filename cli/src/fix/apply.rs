//! Changes of a text at lines and columns: every other byte stays.

use sentry_streams_k8s_host::{Fix, Position};
use std::ops::Range;

/// The text with fixes, and which of them are in it: a fix that touches what one before it changes is not.
pub(super) fn apply(text: &str, fixes: &[&Fix]) -> (String, Vec<bool>) {
    let lines = line_starts(text);
    let mut taken: Vec<(Range<usize>, &str)> = Vec::new();
    let mut is_in = Vec::with_capacity(fixes.len());

    for fix in fixes {
        let edits = fix.edits.iter().map(|edit| {
            let range = offset(text, &lines, edit.start)?..offset(text, &lines, edit.end)?;
            (range.start <= range.end).then_some((range, edit.text.as_str()))
        });
        let edits = edits.collect::<Option<Vec<_>>>().filter(|edits| {
            let is_free = |range| taken.iter().all(|(other, _)| !collide(range, other));
            !edits.is_empty() && edits.iter().all(|(range, _)| is_free(range))
        });
        is_in.push(edits.is_some());
        taken.extend(edits.into_iter().flatten());
    }

    taken.sort_by_key(|(range, _)| (range.start, range.end));
    let mut changed = String::with_capacity(text.len());
    let mut at = 0;
    for (range, new) in taken {
        changed.push_str(text.get(at..range.start).unwrap_or_default());
        changed.push_str(new);
        at = range.end;
    }
    changed.push_str(text.get(at..).unwrap_or_default());
    (changed, is_in)
}

/// Whether two changes are of the same bytes, or one is an insertion at an end of the other.
fn collide(a: &Range<usize>, b: &Range<usize>) -> bool {
    if a.is_empty() || b.is_empty() {
        a.start <= b.end && b.start <= a.end
    } else {
        a.start < b.end && b.start < a.end
    }
}

/// Where each line starts. CRLF, LF and CR all end a line.
fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for (at, byte) in bytes.iter().enumerate() {
        let next = at.saturating_add(1);
        if *byte == b'\n' || (*byte == b'\r' && bytes.get(next) != Some(&b'\n')) {
            starts.push(next);
        }
    }
    starts
}

/// The byte at a line and a column, which counts characters; none where there is no such place.
fn offset(text: &str, lines: &[usize], Position { line, column }: Position) -> Option<usize> {
    let line = (line as usize).checked_sub(1)?;
    let start = *lines.get(line)?;
    let end = lines.get(line.saturating_add(1)).copied().unwrap_or(text.len());
    let before = (column as usize).checked_sub(1)?;
    let mut ends = text.get(start..end)?.char_indices().map(|(at, _)| start.saturating_add(at));
    // Behind the last character, too.
    ends.by_ref().chain([end]).nth(before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sentry_streams_k8s_host::Edit;

    type Change<'t> = ((u32, u32), (u32, u32), &'t str);

    fn fix(edits: &[Change<'_>]) -> Fix {
        let position = |(line, column)| Position { line, column };
        let edit = |&(start, end, text): &Change<'_>| Edit {
            start: position(start),
            end: position(end),
            text: text.to_owned(),
        };
        Fix { title: String::new(), edits: edits.iter().map(edit).collect() }
    }

    #[test]
    fn other_bytes_stay() {
        let text = "é: 1 # é\r\nb: yes\r\n\tc\rd";
        let rename = fix(&[((1, 1), (1, 2), "e")]);
        let quote = fix(&[((2, 4), (2, 4), "\""), ((2, 7), (2, 7), "\"")]);
        let (changed, is_in) = apply(text, &[&quote, &rename]);
        assert_eq!(
            (changed.as_str(), is_in),
            ("e: 1 # é\r\nb: \"yes\"\r\n\tc\rd", vec![true, true])
        );
        let last = fix(&[((4, 2), (4, 2), "!")]);
        assert_eq!(apply(text, &[&last]).0, format!("{text}!"));
        let lines = fix(&[((1, 1), (2, 1), ""), ((4, 1), (4, 2), "x")]);
        assert_eq!(apply(text, &[&lines]).0, "b: yes\r\n\tc\rx");
        assert_eq!(apply("a\n", &[&fix(&[((1, 1), (2, 1), "")])]).0, "");
    }

    #[test]
    fn of_two_changes_of_one_place_the_first_is_made() {
        let a = fix(&[((1, 1), (1, 3), "x")]);
        for other in [
            fix(&[((1, 2), (1, 4), "y")]),
            fix(&[((1, 3), (1, 3), "y")]),
            fix(&[((1, 4), (1, 5), "z"), ((1, 1), (1, 1), "y")]),
        ] {
            assert_eq!(apply("abcde", &[&a, &other]), ("xcde".to_owned(), vec![true, false]));
        }
        let after = fix(&[((1, 3), (1, 4), "y")]);
        assert_eq!(apply("abcde", &[&a, &after]), ("xyde".to_owned(), vec![true, true]));
    }

    #[test]
    fn places_that_are_not_there_change_nothing() {
        for edit in [
            ((9, 1), (9, 1), "x"),
            ((1, 9), (1, 9), "x"),
            ((0, 1), (1, 1), "x"),
            ((1, 2), (1, 1), "x"),
        ] {
            assert_eq!(apply("abc", &[&fix(&[edit])]), ("abc".to_owned(), vec![false]));
        }
    }
}
