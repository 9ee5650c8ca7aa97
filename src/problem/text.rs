//! Text that people are shown: one line, bounded, and nothing in it that a terminal or an editor obeys.

/// The longest message or help, in characters.
const LONGEST: usize = 1000;

/// A text as messages have it: what is no visible character is written as an escape, and a long text ends with `…`.
#[inline(never)]
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(LONGEST));

    for (count, character) in text.chars().enumerate() {
        if count >= LONGEST {
            line.push('…');
            break;
        }
        if is_hidden(character) {
            line.extend(character.escape_unicode());
        } else {
            line.push(character);
        }
    }

    line
}

/// Whether a character is obeyed rather than shown: control characters, line breaks, and those that change the
/// direction of text or are invisible (Unicode's general categories Cc, Cf, Zl and Zp).
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}'
            | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}'..='\u{891}' | '\u{8e2}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

/// A text in a message: in quotes, and short.
#[inline(never)]
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;

    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{:?}…", text.get(..end).unwrap_or_default()),
        None => format!("{text:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_escaped() {
        for (text, expected) in [
            ("a `b` – ü 😀", "a `b` – ü 😀"),
            ("a\u{1b}[31mb\u{7}", "a\\u{1b}[31mb\\u{7}"),
            ("a\nwarning: b", "a\\u{a}warning: b"),
            ("a\u{2028}\u{202e}\u{2068}b\u{200b}", "a\\u{2028}\\u{202e}\\u{2068}b\\u{200b}"),
            ("\u{85}\u{feff}\u{e0041}", "\\u{85}\\u{feff}\\u{e0041}"),
        ] {
            assert_eq!(one_line(text), expected);
        }
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(one_line(&"é".repeat(1000)), "é".repeat(1000));
        assert_eq!(one_line(&"é".repeat(5_000_000)), "é".repeat(1000) + "…");
        assert_eq!(quoted(&"a".repeat(50)), format!("\"{}\"…", "a".repeat(40)));
    }
}
