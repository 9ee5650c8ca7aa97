//! The pipeline configuration's text, and its hash.
//!
//! The text is Python's `json.dumps(config, sort_keys=True)`, for two readers. `configVersion` is the hash of exactly
//! that text, so pods do not restart because another program rendered them. The consumer reads the text from the
//! `ConfigMap` with `PyYAML`, which misreads two things Python writes: a float without a point (`1e-05` is a string in
//! YAML 1.1) and the two halves of a character above U+FFFF (`\ud83d\ude00` are two characters, neither of them one).
//! Only these two are written differently for it.

use super::json::{Style, Writer, write};
use crate::problem::{Code, Cure, HIDDEN, Problem, Problems, may_hold_secret};
use crate::value::{Key, KeyKind, Map, Node, Path, Trail, Value};
use md5::{Digest, Md5};
use std::fmt::Write as _;

/// The longest key, quotes and escapes counted, that a YAML reader looks ahead for in one line (YAML 1.1, 9.3.1).
const MAX_KEY_LENGTH: usize = 1024;

/// A pipeline configuration as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigText {
    /// What the `ConfigMap` holds: Python's text, written so that the consumer reads back the same values.
    pub text: String,
    /// The `configVersion`: the hash of Python's text.
    pub version: String,
}

impl ConfigText {
    /// Writes a configuration that stands at a path; problems say what JSON, or its reader, cannot take.
    pub fn new(config: &Node<'_>, path: &Path) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        refuse(config, None, &Trail::ROOT, path, &mut problems);
        if !problems.is_empty() {
            return Err(problems.into_list());
        }

        let mut writer = Writer::new(Style::Consumer);
        writer.node(config);
        let text = writer.out;
        let version = if writer.repaired {
            config_version(&write(config, Style::Python))
        } else {
            config_version(&text)
        };
        Ok(Self { text, version })
    }
}

/// The md5 of a text in hexadecimal digits, as Python's `hexdigest`.
pub fn config_version(text: &str) -> String {
    Md5::digest(text).iter().fold(String::with_capacity(32), |mut digits, byte| {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// Finds what has no JSON text in Python, or none that its reader takes.
fn refuse(
    node: &Node<'_>,
    key: Option<&Key<'_>>,
    trail: &Trail<'_>,
    root: &Path,
    problems: &mut Problems,
) {
    if let Some(key) = key.filter(|key| written_length(&key.text) > MAX_KEY_LENGTH) {
        problems.add_with(|| {
            let message =
                format!("the consumer cannot read a key of more than {MAX_KEY_LENGTH} characters");
            Problem::new(Code::LongKey, trail.under(root), message)
                .help(Code::LongKey.cure())
                .origin(key.origin)
        });
    }

    match &node.value {
        Value::Timestamp(text) => problems.add_with(|| {
            let shown = if may_hold_secret(trail) { HIDDEN } else { text };
            let message = format!("YAML 1.1 reads {shown} as a date, which JSON cannot hold");
            Problem::new(Code::DateInConfig, trail.under(root), message)
                .help(format!("quote it: \"{shown}\""))
                .origin(node.origin)
                .cure(Cure::Quote)
        }),
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                refuse(item, None, &trail.index(index), root, problems);
            }
        }
        Value::Map(map) => {
            let refused = refused_kinds(map);
            for (key, value) in map.iter() {
                let trail = &trail.entry(map, &key.text);
                if refused.contains(&key.kind) {
                    problems.add_with(|| mixed_key(key, trail.under(root)));
                }
                refuse(value, Some(key), trail, root, problems);
            }
        }
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::String(_) => {}
    }
}

fn mixed_key(key: &Key<'_>, path: Path) -> Problem {
    let kind = match key.kind {
        KeyKind::Null => "null",
        KeyKind::Bool => "a boolean",
        _ => "a number",
    };

    Problem::new(
        Code::MixedKeys,
        path,
        format!("the key {} is {kind} among keys of another kind", key.text),
    )
    .help(format!("quote the key: \"{}\"", key.text))
    .origin(key.origin)
    .cure(Cure::Quote)
}

/// The kinds of keys to quote so that the mapping can be sorted: all but strings beside strings, `null` beside numbers.
fn refused_kinds(map: &Map<'_>) -> &'static [KeyKind] {
    let has = |kind| map.iter().any(|(key, _)| key.kind == kind);
    if map.iter().all(|(key, _)| key.kind == KeyKind::String) {
        &[]
    } else if has(KeyKind::String) {
        &[KeyKind::Integer, KeyKind::Float, KeyKind::Bool, KeyKind::Null]
    } else if map.len() > 1 {
        &[KeyKind::Null]
    } else {
        &[]
    }
}

fn written_length(key: &str) -> usize {
    // A character is written as six at most, between two quotes.
    if key.len().saturating_mul(6) < MAX_KEY_LENGTH.saturating_sub(2) {
        return key.len();
    }
    let mut writer = Writer::new(Style::Consumer);
    writer.string(key);
    writer.out.chars().count()
}

#[cfg(test)]
mod tests {
    use super::super::python_json;
    use super::*;
    use crate::value::Origin;
    use std::borrow::Cow;

    fn node(value: Value<'_>) -> Node<'_> {
        Node::new(value, Origin::MACRO)
    }

    fn map<'a>(keys: &[(&'a str, KeyKind)]) -> Node<'a> {
        let entry = |(text, kind): &(&'a str, KeyKind)| {
            (Key::new(*text, *kind, Origin::MACRO), node(Value::Null))
        };
        node(Value::Map(Map::from_unique(keys.iter().map(entry).collect())))
    }

    #[test]
    fn keys_that_are_not_strings_are_sorted_before_they_are_text() {
        use KeyKind::{Bool, Float, Integer, Null};
        let keys = map(&[("10", Integer), ("9", Integer), ("1.5", Float), ("true", Bool)]);
        assert_eq!(python_json(&keys), r#"{"true": null, "1.5": null, "9": null, "10": null}"#);
        assert!(ConfigText::new(&keys, &Path::root()).is_ok());
        assert!(ConfigText::new(&map(&[("null", Null)]), &Path::root()).is_ok());
    }

    /// Without one order of all keys, sorting many of them panics.
    #[test]
    fn keys_python_cannot_sort_have_an_order_all_the_same() {
        use KeyKind::{Integer, Null, String};
        let keys: Vec<_> = (0..64)
            .flat_map(|n| {
                [
                    (format!("{n}"), Integer),
                    (format!("{}a", 99 - n), String),
                    (format!("{n}"), String),
                ]
            })
            .chain([("null".to_owned(), Null)])
            .collect();
        let keys: Vec<_> = keys.iter().map(|(text, kind)| (text.as_str(), *kind)).collect();
        let text = python_json(&map(&keys));
        assert!(text.starts_with(r#"{"0": null, "1": null, "2": null"#), "{text}");
    }

    #[test]
    fn keys_python_cannot_sort_are_refused() {
        use KeyKind::{Bool, Integer, Null, String};
        let problems = ConfigText::new(
            &map(&[("pipeline", String), ("1", Integer), ("null", Null)]),
            &Path::field("c"),
        );
        let problems = problems.unwrap_err();
        let told: Vec<_> = problems
            .iter()
            .map(|p| (p.code, p.path.to_string(), &*p.message, p.help.as_deref().unwrap()))
            .collect();
        assert_eq!(
            told,
            [
                (
                    Code::MixedKeys,
                    "c.1".into(),
                    "the key 1 is a number among keys of another kind",
                    "quote the key: \"1\""
                ),
                (
                    Code::MixedKeys,
                    "c.null".into(),
                    "the key null is null among keys of another kind",
                    "quote the key: \"null\""
                ),
            ]
        );
        assert_eq!(
            ConfigText::new(&map(&[("null", Null), ("1", Integer)]), &Path::root())
                .unwrap_err()
                .len(),
            1
        );
        let problem = ConfigText::new(&map(&[("a", String), ("true", Bool)]), &Path::root())
            .unwrap_err()
            .remove(0);
        assert_eq!(problem.message, "the key true is a boolean among keys of another kind");
    }

    #[test]
    fn dates_are_refused() {
        let date = Node::list([node(Value::Timestamp(Cow::Borrowed("2024-01-01")))], Origin::MACRO);
        let problem = ConfigText::new(&date, &Path::field("c")).unwrap_err().remove(0);
        assert_eq!((problem.code, problem.path.to_string().as_str()), (Code::DateInConfig, "c[0]"));
        assert_eq!(problem.message, "YAML 1.1 reads 2024-01-01 as a date, which JSON cannot hold");
        assert_eq!(problem.help.as_deref(), Some("quote it: \"2024-01-01\""));
    }

    /// `PyYAML` reads a key of 1022 characters and their quotes, and fails on the next.
    #[test]
    fn keys_the_consumer_cannot_read_are_refused() {
        for (key, right) in
            [("k".repeat(1022), true), ("k".repeat(1023), false), ("é".repeat(171), false)]
        {
            let config = Node::map([(key, node(Value::Null))], Origin::MACRO);
            assert_eq!(ConfigText::new(&config, &Path::root()).is_ok(), right);
        }
    }

    #[test]
    fn the_version_is_the_hash_of_pythons_text() {
        let config = Node::map(
            [("emoji", Node::string("😀", Origin::MACRO)), ("f", node(Value::Float(1e-5)))],
            Origin::MACRO,
        );
        let config = ConfigText::new(&config, &Path::root()).unwrap();
        assert_eq!(config.text, r#"{"emoji": "😀", "f": 1.0e-05}"#);
        // hashlib.md5(json.dumps({"emoji": "😀", "f": 1e-5}, sort_keys=True).encode()).hexdigest()
        assert_eq!(config.version, "95087bfed167356e940c04c023515b21");
        assert_eq!(config_version(""), "d41d8cd98f00b204e9800998ecf8427e");
    }
}
