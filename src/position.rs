//! Byte offsets to lines and columns.

/// Line and column of ascending byte offsets, both from 1, columns in characters. One pass, however many they are.
pub(crate) fn positions(text: &str, offsets: impl IntoIterator<Item = u32>) -> Vec<(u32, u32)> {
    let mut offsets = offsets.into_iter().peekable();
    let mut positions = Vec::new();
    let (mut line, mut column, mut last) = (1_u32, 1_u32, ' ');
    for (at, c) in text.char_indices() {
        while offsets.next_if(|offset| *offset as usize <= at).is_some() {
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
        assert_eq!(positions(text, [0, 3, 7, 10, 99]), [(1, 1), (1, 4), (2, 1), (2, 4), (3, 1)]);
    }
}
