//! A text as editors count in it: lines from 0, and in them code units of the encoding that was agreed on.

use gen_lsp_types::{Position, Range, TextDocumentContentChangeEvent as Change};
use std::ops::Range as Bytes;

/// What editors count columns in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    #[default]
    Utf16,
}

impl Encoding {
    fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
        }
    }
}

/// A text with its lines. LF, CRLF and CR end a line, for the protocol as for the macro.
#[derive(Clone, Debug)]
pub(super) struct Text {
    text: String,
    /// Where each line starts, in bytes.
    lines: Vec<usize>,
}

impl Text {
    pub(super) fn new(text: String) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at.saturating_add(1)) != Some(&b'\n'),
            _ => false,
        });
        let lines = std::iter::once(0).chain(ends.map(|(at, _)| at.saturating_add(1))).collect();
        Self { text, lines }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The text after a change of the editor's.
    pub(super) fn changed(self, change: Change, encoding: Encoding) -> Self {
        match change {
            Change::TextDocumentContentChangeWholeDocument(whole) => Self::new(whole.text),
            Change::TextDocumentContentChangePartial(part) => {
                let Bytes { start, end } = self.bytes(part.range, encoding);
                let mut text = self.text;
                text.replace_range(start..end, &part.text);
                Self::new(text)
            }
        }
    }

    /// The byte at a position. What lies past the end of its line, or of the text, is that end.
    pub(super) fn offset(&self, position: Position, encoding: Encoding) -> usize {
        let line = self.line(position.line as usize);
        let mut left = position.character as usize;
        let mut at = line.start;
        for c in self.text.get(line).unwrap_or_default().chars() {
            let width = encoding.width(c);
            if left < width {
                break;
            }
            left = left.saturating_sub(width);
            at = at.saturating_add(c.len_utf8());
        }
        at
    }

    /// The bytes of a range.
    pub(super) fn bytes(&self, range: Range, encoding: Encoding) -> Bytes<usize> {
        let start = self.offset(range.start, encoding);
        start..self.offset(range.end, encoding).max(start)
    }

    /// The position of a byte.
    pub(super) fn position(&self, offset: usize, encoding: Encoding) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.lines.partition_point(|start| *start <= offset).saturating_sub(1);
        let range = self.line(line);
        let before = self.text.get(range.start..offset.min(range.end)).unwrap_or_default();
        let units = before.chars().map(|c| encoding.width(c)).fold(0, usize::saturating_add);
        let number = |number| u32::try_from(number).unwrap_or(u32::MAX);
        Position::new(number(line), number(units))
    }

    /// The range of some bytes.
    pub(super) fn range(&self, bytes: Bytes<usize>, encoding: Encoding) -> Range {
        Range::new(self.position(bytes.start, encoding), self.position(bytes.end, encoding))
    }

    /// The byte at a place that the macro gives: line and column from 1, the column in characters.
    pub(super) fn at(&self, (line, column): (u32, u32)) -> usize {
        let line = self.line((line as usize).saturating_sub(1));
        let text = self.text.get(line.clone()).unwrap_or_default();
        let characters = (column as usize).saturating_sub(1);
        let within = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
        line.start.saturating_add(within)
    }

    /// The bytes of a line without its end; of a line that is not there, the end of the text.
    pub(super) fn line(&self, line: usize) -> Bytes<usize> {
        let Some(start) = self.lines.get(line).copied() else {
            return self.text.len()..self.text.len();
        };
        let next = self.lines.get(line.saturating_add(1)).copied().unwrap_or(self.text.len());
        let whole = self.text.get(start..next).unwrap_or_default();
        start..start.saturating_add(whole.trim_end_matches(['\n', '\r']).len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gen_lsp_types::{
        TextDocumentContentChangePartial as Partial,
        TextDocumentContentChangeWholeDocument as Whole,
    };

    const TEXT: &str = "a: 😀é\r\nb: 1\rc\n";

    #[test]
    fn positions_count_code_units_of_the_encoding() {
        let text = Text::new(TEXT.to_owned());
        for (encoding, column) in [(Encoding::Utf8, 9), (Encoding::Utf16, 6)] {
            let end = Position::new(0, column);
            assert_eq!(text.position(9, encoding), end, "{encoding:?}");
            assert_eq!(text.offset(end, encoding), 9, "{encoding:?}");
            assert_eq!(text.position(11, encoding), Position::new(1, 0));
            assert_eq!(text.position(16, encoding), Position::new(2, 0));
            assert_eq!(text.position(99, encoding), Position::new(3, 0));
        }
        // The macro's columns are characters.
        assert_eq!(text.at((1, 5)), 7);
        assert_eq!((text.at((2, 1)), text.at((2, 99)), text.at((9, 1))), (11, 15, 18));
    }

    #[test]
    fn no_position_is_outside() {
        let text = Text::new(TEXT.to_owned());
        for (line, character) in [(0, 99), (0, 4), (9, 0), (u32::MAX, u32::MAX)] {
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                let offset = text.offset(Position::new(line, character), encoding);
                assert!(text.as_str().is_char_boundary(offset), "{line}:{character}");
            }
        }
    }

    #[test]
    fn changes_are_of_ranges_or_of_all() {
        let partial = |range, text: &str| Change::from(Partial::new(range, None, text.to_owned()));
        let range = Range::new(Position::new(0, 3), Position::new(0, 5));
        let text = Text::new(TEXT.to_owned()).changed(partial(range, "x\ny"), Encoding::Utf16);
        assert_eq!(text.as_str(), "a: x\nyé\r\nb: 1\rc\n");
        assert_eq!(text.position(5, Encoding::Utf16), Position::new(1, 0));

        let backwards = Range::new(Position::new(1, 1), Position::new(0, 0));
        let text = text.changed(partial(backwards, "!"), Encoding::Utf16);
        assert_eq!(text.as_str(), "a: x\ny!é\r\nb: 1\rc\n");
        let text = text.changed(Change::from(Whole::new("z".to_owned())), Encoding::Utf16);
        assert_eq!(text.as_str(), "z");
    }
}
