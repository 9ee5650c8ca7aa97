//! Text that JSON writes as it is, found eight bytes at a time: most of every document.

/// The start of a text that needs no escape in any JSON, which is ASCII without control characters, quotes and
/// backslashes; and the rest.
#[expect(clippy::inline_always, reason = "called for every string that is read or written")]
#[inline(always)]
pub(crate) fn split_plain(text: &str) -> (&str, &str) {
    let bytes = text.as_bytes();
    let (blocks, rest) = bytes.as_chunks();
    for (position, block) in blocks.iter().enumerate() {
        if let Some(before) = special(*block) {
            return split(text, position.saturating_mul(8).saturating_add(before));
        }
    }
    // The last eight bytes again: what comes before the rest is known to be plain.
    let plain = match (bytes.last_chunk(), rest) {
        (_, []) => None,
        (Some(last), _) => {
            special(*last).map(|before| bytes.len().saturating_sub(8).saturating_add(before))
        }
        (None, _) => {
            let mut last = [b' '; 8];
            last.iter_mut().zip(rest).for_each(|(space, byte)| *space = *byte);
            special(last)
        }
    };
    split(text, plain.unwrap_or(text.len()))
}

fn split(text: &str, at: usize) -> (&str, &str) {
    text.split_at_checked(at).unwrap_or_default()
}

/// How many of eight bytes come before the first that is not plain.
fn special(block: [u8; 8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let block = u64::from_le_bytes(block);
    // Sets the high bit of the first byte below a number, and maybe of bytes behind it.
    let below =
        |block: u64, number: u8| block.wrapping_sub(ONES.wrapping_mul(u64::from(number))) & !block;
    let is = |byte: u8| below(block ^ ONES.wrapping_mul(u64::from(byte)), 1);
    let marks = (block | below(block, b' ') | is(b'"') | is(b'\\') | is(0x7f)) & HIGH;
    (marks != 0).then(|| marks.trailing_zeros() as usize / 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_split_before_its_first_byte_that_is_not_plain() {
        for byte in 0..=u8::MAX {
            for (before, after) in
                (0..20).flat_map(|before| (0..10).map(move |after| (before, after)))
            {
                let bytes =
                    [&b"abcdefghij ~!#[]^_}|"[..before], &[byte], &b"0123456789"[..after]].concat();
                let text = String::from_utf8_lossy(&bytes);
                let is_plain = matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
                let expected = if is_plain { text.len() } else { before };
                assert_eq!(split_plain(&text).0.len(), expected, "{text:?}");
            }
        }
        assert_eq!(split_plain(""), ("", ""));
    }
}
