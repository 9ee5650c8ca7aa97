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
    let mut offsets = offsets.iter().peekable();
    let mut positions = Vec::with_capacity(offsets.len());
    let (mut line, mut column, mut last) = (1_u32, 1_u32, ' ');

    for (at, c) in text.char_indices() {
        while offsets.next_if(|offset| **offset as usize <= at).is_some() {
            positions.push((line, column));
        }
        if offsets.peek().is_none() {
            return positions;
        }
        // CRLF is one line break.
        if c == '\r' || (c == '\n' && last != '\r') {
            line = line.saturating_add(1);
        }
        column = if c == '\r' || c == '\n' { 1 } else { column.saturating_add(1) };
        last = c;
    }

    positions.extend(offsets.map(|_| (line, column)));
    positions
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
