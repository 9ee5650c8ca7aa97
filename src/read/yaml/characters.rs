//! Characters that YAML 1.1 does not take.

use super::syntax::Syntax;
use crate::problem::Code;

/// Refuses the characters `PyYAML` refuses, and those it takes for line breaks where YAML 1.2 does not.
pub(super) fn check_characters(text: &str) -> Result<(), Syntax> {
    // What such characters, and a few others, start with.
    let suspicious =
        |byte: u8| matches!(byte, 0..=0x08 | 0x0B | 0x0C | 0x0E..=0x1F | 0x7F | 0xC2 | 0xE2 | 0xEF);
    for (offset, _) in text.bytes().enumerate().filter(|(_, byte)| suspicious(*byte)) {
        let Some(c) = text.get(offset..).and_then(|rest| rest.chars().next()) else { continue };
        match c {
            '\u{85}' | '\u{2028}' | '\u{2029}' => {
                let message =
                    format!("the character U+{:04X} is a line break in YAML 1.1", u32::from(c));
                return Err(Syntax { code: Code::YamlLineBreak, ..Syntax::new(offset, message) }
                    .help(format!(
                        "write it as an escape in double quotes: \"\\u{:04X}\"",
                        u32::from(c)
                    )));
            }
            // A byte order mark may stand first; PyYAML takes any other for text, other readers drop it.
            '\u{feff}' if offset == 0 => {}
            '\0'..'\u{20}' | '\u{7f}'..'\u{a0}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                return Err(Syntax::new(
                    offset,
                    format!("the character U+{:04X} may not stand in YAML", u32::from(c)),
                )
                .help(format!(
                    "remove it, or write it as an escape in double quotes: \"\\u{:04X}\"",
                    u32::from(c)
                )));
            }
            _ => {}
        }
    }
    Ok(())
}
