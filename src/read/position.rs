//! Byte offsets to lines and columns.

/// Lines and columns of some byte offsets of a text, both from 1, columns in characters.
#[derive(Debug)]
pub(crate) struct Positions {
    /// Ascending, each once.
    offsets: Vec<u32>,
    positions: Vec<(u32, u32)>,
}

impl Positions {
    /// Finds them in one pass over the text, however many they are. Offsets past the end are the end.
    pub(crate) fn of(text: &str, mut offsets: Vec<u32>) -> Self {
        offsets.sort_unstable();
        offsets.dedup();

        let positions = ascending(text, &offsets);
        Self { offsets, positions }
    }

    /// The line and the column of an offset that was asked for.
    pub(crate) fn get(&self, offset: u32) -> (u32, u32) {
        let at = self.offsets.binary_search(&offset).ok();
        at.and_then(|at| self.positions.get(at)).copied().unwrap_or((1, 1))
    }
}

fn ascending(text: &str, offsets: &[u32]) -> Vec<(u32, u32)> {
    let mut positions = Vec::with_capacity(offsets.len());
    let (mut line, mut column, mut read) = (1_u32, 1_u32, 0_usize);

    for offset in offsets {
        let offset = text.floor_char_boundary(*offset as usize);
        let part = text.get(read..offset).unwrap_or_default();
        let breaks = line_breaks(text, read, offset);
        let last_line = part.rfind(['\n', '\r']).and_then(|at| part.get(at.saturating_add(1)..));

        line = line.saturating_add(breaks);
        column = match last_line {
            Some(rest) => characters(rest).saturating_add(1),
            None => column.saturating_add(characters(part)),
        };
        positions.push((line, column));
        read = offset;
    }

    positions
}

/// How many lines end between two offsets. CRLF is one line break.
fn line_breaks(text: &str, start: usize, end: usize) -> u32 {
    let mut last =
        start.checked_sub(1).and_then(|at| text.as_bytes().get(at)).copied().unwrap_or(b' ');
    let mut breaks = 0_u32;

    for byte in text.as_bytes().get(start..end).unwrap_or_default() {
        if *byte == b'\r' || (*byte == b'\n' && last != b'\r') {
            breaks = breaks.saturating_add(1);
        }
        last = *byte;
    }

    breaks
}

fn characters(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        let text = "a: é\r\nb: 1\n";
        let positions = Positions::of(text, vec![99, 10, 0, 7, 3, 3]);
        let found = [0, 3, 7, 10, 99].map(|offset| positions.get(offset));
        assert_eq!(found, [(1, 1), (1, 4), (2, 1), (2, 4), (3, 1)]);
    }
}
