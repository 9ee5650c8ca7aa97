//! Characters that YAML 1.1 does not take, and errors that end the reading.

use crate::problem::{Code, Problem};
use crate::value::{Origin, Path, Source};
use std::borrow::Cow;

/// An error that ends the reading: its place, what it says, its cure.
#[derive(Debug)]
pub(super) struct Syntax {
    pub(super) code: Code,
    pub(super) offset: usize,
    pub(super) message: Cow<'static, str>,
    pub(super) help: Option<Cow<'static, str>>,
}

impl Syntax {
    pub(super) fn new(offset: usize, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code: Code::InvalidYaml, offset, message: message.into(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn into_problem(self, source: Source) -> Problem {
        let Self { code, offset, message, help } = self;
        let problem =
            Problem::new(code, Path::root(), message).origin(Origin::new(source, offset, offset));
        problem.help(help.as_deref().unwrap_or_else(|| code.cure()))
    }
}

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
