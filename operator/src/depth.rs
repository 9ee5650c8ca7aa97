//! Cuts off what is nested too deeply, before JSON is read.
//!
//! The library's JSON reader gives up at 128 levels, and one object that deep would end the watch of all. So deeper
//! values are replaced by a mark on their way in; a pipeline that has the mark is refused.

/// Levels that are let through, those of lists and watch events around an object among them.
pub(crate) const LEVELS: usize = 100;

/// Stands for what was cut off. No text that a person would write.
pub(crate) const MARK: &str = "\u{1}nested too deeply\u{1}";
const MARK_JSON: &[u8] = br#""\u0001nested too deeply\u0001""#;

/// Cuts a stream of JSON documents, piece by piece.
#[derive(Debug, Default)]
pub(crate) struct Cutter {
    depth: usize,
    is_in_string: bool,
    is_escaped: bool,
}

impl Cutter {
    /// The next piece, without what is too deep.
    pub(crate) fn cut(&mut self, piece: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(piece.len());
        for &byte in piece {
            let was_inside = self.depth <= LEVELS;
            if self.is_in_string {
                let is_end = byte == b'"' && !self.is_escaped;
                self.is_escaped = byte == b'\\' && !self.is_escaped;
                self.is_in_string = !is_end;
            } else {
                match byte {
                    b'"' => self.is_in_string = true,
                    b'{' | b'[' => {
                        self.depth = self.depth.saturating_add(1);
                        if was_inside && self.depth > LEVELS {
                            out.extend_from_slice(MARK_JSON);
                        }
                    }
                    b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
            }
            if was_inside && self.depth <= LEVELS {
                out.push(byte);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn nested(levels: usize) -> String {
        format!("{}1{}", "[".repeat(levels), "]".repeat(levels))
    }

    /// Cut in pieces of every size, the result is the same.
    fn cut(text: &str) -> String {
        let whole = Cutter::default().cut(text.as_bytes());
        for size in [1, 2, 7] {
            let mut cutter = Cutter::default();
            let pieces: Vec<_> =
                text.as_bytes().chunks(size).flat_map(|piece| cutter.cut(piece)).collect();
            assert_eq!(pieces, whole);
        }
        String::from_utf8(whole).unwrap()
    }

    #[test]
    fn leaves_alone_what_is_not_too_deep() {
        for text in
            [&nested(LEVELS), r#"{"a": "[[[{{{\"]", "b": [1, {}, "\\"]}"#, "{}\n{}\n", "", "é"]
        {
            assert_eq!(cut(text), *text);
        }
        let brackets_in_text = format!(r#"["{}\"", 1]"#, "[".repeat(500));
        assert_eq!(cut(&brackets_in_text), brackets_in_text);
    }

    #[test]
    fn cuts_what_is_too_deep_and_nothing_beside_it() {
        let text = format!(r#"{{"deep": {}, "beside": {}}}"#, nested(400), nested(3));
        let read: Value = serde_json::from_str(&cut(&text)).unwrap();
        assert_eq!(read["beside"], serde_json::json!([[[1]]]));
        assert!(cut(&text).contains("nested too deeply"));

        let mut deepest = &read["deep"];
        while let Some(inner) = deepest.get(0) {
            deepest = inner;
        }
        assert_eq!(deepest, MARK);
    }

    #[test]
    fn goes_on_with_the_next_document() {
        let text = format!("{}\n{}\n", nested(300), nested(2));
        assert_eq!(cut(&text).lines().nth(1), Some("[[1]]"));
    }
}
