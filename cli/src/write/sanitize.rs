//! Text that a terminal, or what runs a build, takes for nothing but text.

/// The text in one line, with nothing in it that a terminal would obey, or that would show it in another order than it
/// is read: each such character becomes a visible one. A line of its own could be a command to what runs a build.
pub(crate) fn sanitize(text: &str) -> String {
    let visible = |c: char| match c {
        '\u{0}'..='\u{1f}' => {
            char::from_u32(u32::from(c).saturating_add(0x2400)).unwrap_or('\u{fffd}')
        }
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => '\u{fffd}',
        c => c,
    };
    text.chars().map(visible).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_kept() {
        assert_eq!(
            sanitize("a\u{1b}[31mb\r\u{7}\u{9b}\u{202e}\n\u{7f}"),
            "a\u{241b}[31mb\u{240d}\u{2407}\u{fffd}\u{fffd}\u{240a}\u{2421}"
        );
        assert_eq!(sanitize("プロファイル é 😀"), "プロファイル é 😀");
    }
}
