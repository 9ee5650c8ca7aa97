//! Text that JSON writes as it is, found eight bytes at a time: most of every document.

/// The start of a text that needs no escape in any JSON, which is ASCII without control characters, quotes and
/// backslashes; and the rest.
pub(crate) fn split_plain(text: &str) -> (&str, &str) {
    let (blocks, _) = text.as_bytes().as_chunks();
    let plain = blocks.iter().take_while(|block| is_plain_block(u64::from_le_bytes(**block))).count().saturating_mul(8);
    let rest = text.as_bytes().get(plain..).unwrap_or_default();
    let plain = plain.saturating_add(rest.iter().take_while(|byte| is_plain(**byte)).count());
    text.split_at_checked(plain).unwrap_or_default()
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')
}

/// Whether each of eight bytes is plain.
fn is_plain_block(block: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // Sets the high bit of each byte below a number, and maybe that of bytes behind one, which changes no answer.
    let below = |block: u64, number: u8| block.wrapping_sub(ONES.wrapping_mul(u64::from(number))) & !block;
    let is = |byte: u8| below(block ^ ONES.wrapping_mul(u64::from(byte)), 1);
    (block | below(block, b' ') | is(b'"') | is(b'\\') | is(0x7f)) & HIGH == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_split_before_its_first_byte_that_is_not_plain() {
        for byte in 0..=u8::MAX {
            for before in 0..20 {
                let bytes = [&b"abcdefghij ~!#[]^_}|"[..before], &[byte], b"0123456789"].concat();
                let text = String::from_utf8_lossy(&bytes);
                let expected = if is_plain(byte) { text.len() } else { before };
                assert_eq!(split_plain(&text).0.len(), expected, "{text:?}");
            }
        }
        assert_eq!(split_plain(""), ("", ""));
    }
}
