//! Text to values: JSON, and YAML with exactly the meaning `PyYAML`'s `safe_load` gives it.
//!
//! What `PyYAML` reads, this reads to the same value; what it refuses is refused. What it makes of text and no JSON
//! can say (an infinite number, binary data, a mapping as a key) is a problem that says how to write it instead.
//! `docs/yaml.md` lists the differences.

mod document;
mod json;
mod position;
mod scalar;
mod timestamp;
mod unique;
mod yaml;
mod yaml_number;

use crate::problem::Problem;
use crate::value::Source;

pub use document::{Document, MAX_ALIASED_BYTES, MAX_INTEGER_DIGITS};
pub(crate) use position::Positions;

/// Reads JSON, or YAML where the text is not JSON.
///
/// Paths of problems start at the document's root.
pub fn read(text: &str, source: Source) -> Result<Document<'_>, Vec<Problem>> {
    if !text.trim_start_matches(['\u{feff}', ' ', '\t', '\n', '\r']).starts_with(['{', '[']) {
        return read_yaml(text, source);
    }
    let (json, begun) = match json::read(text, source) {
        Ok(document) => return Ok(document),
        Err(json::Failure::Value(problems)) => return Err(problems),
        Err(json::Failure::Syntax { problem, begun }) => (problem, begun),
    };
    yaml::read(text, source).map_err(|failure| match failure {
        yaml::Failure::Syntax(_) if begun => vec![json],
        yaml::Failure::Syntax(problem) => vec![problem],
        yaml::Failure::Value(problems) => problems,
    })
}

/// Reads YAML, of which JSON text is a part: its numbers are then read as YAML 1.1 reads them.
///
/// Paths of problems start at the document's root.
pub fn read_yaml(text: &str, source: Source) -> Result<Document<'_>, Vec<Problem>> {
    yaml::read(text, source).map_err(|failure| match failure {
        yaml::Failure::Syntax(problem) => vec![problem],
        yaml::Failure::Value(problems) => problems,
    })
}

/// The line and the column of a byte offset, both from 1; the column counts characters. Offsets past the end are the
/// end.
pub fn position(text: &str, offset: usize) -> (u32, u32) {
    let offset = u32::try_from(text.floor_char_boundary(offset)).unwrap_or(u32::MAX);
    Positions::of(text, vec![offset]).get(offset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Code;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        for (text, offset, expected) in [
            ("", 0, (1, 1)),
            ("ab", 1, (1, 2)),
            ("a\nb", 2, (2, 1)),
            ("a\r\nb", 3, (2, 1)),
            ("a\rb", 2, (2, 1)),
            ("é: ü", 5, (1, 4)),
            ("é", 1, (1, 1)),
            ("ab", 99, (1, 3)),
        ] {
            assert_eq!(position(text, offset), expected, "{text:?} at {offset}");
        }
    }

    #[test]
    fn text_is_json_where_it_can_be() {
        let float =
            |text| read(text, Source::Context).unwrap().root.get("a").cloned().unwrap().value;
        assert_eq!(float("{\"a\": 1e3}"), crate::value::Value::Float(1000.0));
        assert_eq!(float("{a: 1e3}"), crate::value::Value::String("1e3".into()));
    }

    #[test]
    fn text_that_begins_as_json_is_told_what_json_lacks() {
        for (text, code) in [
            ("{\"a\": 1 \"b\": 2}", Code::InvalidJson),
            ("{\"a\": [1, 2}", Code::InvalidJson),
            ("{\"a\": 1", Code::InvalidJson),
            ("{\"a\": NaN}", Code::InvalidJson),
            ("{\"a\": -Infinity}", Code::InvalidJson),
            ("{\"a\": \"\\ud83d\"}", Code::InvalidJson),
            ("{\"a\": 1} x", Code::InvalidJson),
            ("{a: [1, 2}", Code::InvalidYaml),
            ("{a: .inf}", Code::NotFinite),
            ("{\"a\": 1e999}", Code::NotFinite),
        ] {
            let problems = read(text, Source::Context).unwrap_err();
            assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), [code], "{text}");
        }
    }
}
