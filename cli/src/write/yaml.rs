//! Objects as YAML that a person would write.

use serde::ser::{Error as _, Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;
use serde_saphyr::{DoubleQuoted, SingleQuoted};

/// Writes an object as one YAML document: block style, literal blocks for text of several lines, quotes around what
/// YAML 1.1 or 1.2 would read as something other than this text.
pub(crate) fn write(object: &Value) -> anyhow::Result<String> {
    let options = serde_saphyr::ser_options! {
        // Long lines stay whole: a fold is hard to read in JSON or a command.
        folded_wrap_chars: usize::MAX,
    };
    Ok(serde_saphyr::to_string_with_options(&Yaml(object), options)?)
}

/// A value with its numbers as numbers: `serde_json` hands numbers of any size to other formats in a shape of its own.
struct Yaml<'v>(&'v Value);

impl Serialize for Yaml<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::String(text) if is_plain_json(text) => {
                SingleQuoted(text.as_str()).serialize(serializer)
            }
            Value::String(text) if begins_with_tab(text) => {
                DoubleQuoted(text.as_str()).serialize(serializer)
            }
            Value::String(text) => serializer.serialize_str(text),
            Value::Number(number) => {
                let text = number.as_str();
                if let Ok(integer) = text.parse() {
                    serializer.serialize_i128(integer)
                } else if text.contains(['.', 'e', 'E']) {
                    serializer.serialize_f64(text.parse().map_err(S::Error::custom)?)
                } else {
                    Err(S::Error::custom(format!(
                        "the number {text} is too large for YAML readers"
                    )))
                }
            }
            Value::Array(items) => {
                let mut sequence = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| sequence.serialize_element(&Yaml(item)))?;
                sequence.end()
            }
            Value::Object(map) => {
                let mut mapping = serializer.serialize_map(Some(map.len()))?;
                map.iter()
                    .try_for_each(|(key, value)| mapping.serialize_entry(key, &Yaml(value)))?;
                mapping.end()
            }
        }
    }
}

/// JSON text, which must be quoted in YAML, and is easier to read in single quotes.
fn is_plain_json(text: &str) -> bool {
    text.starts_with(['{', '[', '"'])
        && text.chars().all(|c| c != '\'' && (matches!(c, ' '..='~') || c.is_alphanumeric()))
}

/// Text that as a literal block would begin with a tab: libyaml, and kubectl with it, takes that for indentation.
fn begins_with_tab(text: &str) -> bool {
    text.trim_start_matches(['\n', ' ']).starts_with('\t')
}

#[cfg(test)]
mod tests;
