//! Values to JSON text: [`json`] for results, [`ConfigText`] for the pipeline configuration.
//!
//! The configuration's text is Python's `json.dumps(config, sort_keys=True)`, for two readers. `configVersion` is the
//! hash of exactly that text, so pods do not restart because another program rendered them. The consumer reads the
//! text from the `ConfigMap` with `PyYAML`, which misreads two things Python writes: a float without a point (`1e-05`
//! is a string in YAML 1.1) and the two halves of a character above U+FFFF (`\ud83d\ude00` are two characters, neither
//! of them one). Only these two are written differently for it.

use crate::node::{Key, KeyKind, Map, Node, Value};
use crate::number::Number;
use crate::plain::split_plain;
use crate::problem::{Path, Problem, Trail, tell};
use md5::{Digest, Md5};
use std::cmp::Ordering;
use std::fmt::{self, Write};

/// The longest key, quotes and escapes counted, that a YAML reader looks ahead for in one line (YAML 1.1, 9.3.1).
const MAX_KEY_LENGTH: usize = 1024;

/// A finite float as Python's `repr` writes it: the shortest digits that read back the same, `1e+16`, `0.0001`, `1.0`.
#[derive(Clone, Copy, Debug)]
pub struct PythonFloat(pub f64);

impl fmt::Display for PythonFloat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Of two shortest texts that are equally near, Python takes the even one, and so does ryu; Rust does not.
        let mut buffer = ryu::Buffer::new();
        let text = buffer.format_finite(self.0);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let exponent: i32 = exponent.parse().map_err(|_| fmt::Error)?;
        let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{}", if fraction == "0" { "" } else { fraction });
        let significant = all.trim_start_matches('0');
        // Where the point stands, counted from the first significant digit.
        let leading = length(whole).saturating_sub(length(&all).saturating_sub(length(significant)));
        let point = if significant.is_empty() { 1 } else { leading.saturating_add(exponent) };
        let digits = significant.trim_end_matches('0');
        let digits = if digits.is_empty() { "0" } else { digits };
        f.write_str(sign)?;
        match point {
            ..=-4 | 17.. => {
                let exponent = point.saturating_sub(1);
                let (first, rest) = digits.split_at(1);
                let sign = if exponent < 0 { '-' } else { '+' };
                write!(
                    f,
                    "{first}{}{rest}e{sign}{:02}",
                    if rest.is_empty() { "" } else { "." },
                    exponent.unsigned_abs()
                )
            }
            ..=0 => write!(f, "0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
            _ => {
                let point = point.unsigned_abs() as usize;
                match digits.split_at_checked(point) {
                    Some((whole, "")) => write!(f, "{whole}.0"),
                    Some((whole, fraction)) => write!(f, "{whole}.{fraction}"),
                    None => write!(f, "{digits}{}.0", "0".repeat(point.saturating_sub(digits.len()))),
                }
            }
        }
    }
}

/// The length of a short text of digits.
fn length(digits: &str) -> i32 {
    i32::try_from(digits.len()).unwrap_or(i32::MAX)
}

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
        let mut problems = Vec::new();
        refuse(config, &Trail::ROOT, path, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut writer = Writer::new(Style::Consumer);
        writer.node(config);
        let text = writer.out;
        let version =
            if writer.repaired { config_version(&write(config, Style::Python)) } else { config_version(&text) };
        Ok(Self { text, version })
    }
}

/// A value as compact JSON text, in its own order; dates and keys of any kind as strings.
///
/// The text is also YAML, 1.1 and 1.2, with the same meaning: people paste it into templates.
pub fn json(node: &Node<'_>) -> String {
    write(node, Style::Compact)
}

/// The same, where the text of one node inside is known.
pub(crate) fn json_around(node: &Node<'_>, known: Option<Known<'_>>) -> String {
    let mut writer = Writer::new(Style::Compact);
    writer.known = known;
    writer.node(node);
    writer.out
}

/// A node, by its place in memory, and its JSON text.
pub(crate) type Known<'n> = (&'n Node<'n>, &'n str);

/// A configuration as Python's `json.dumps(config, sort_keys=True)` writes it.
pub fn python_json(config: &Node<'_>) -> String {
    write(config, Style::Python)
}

/// The md5 of a text in hexadecimal digits, as Python's `hexdigest`.
pub fn config_version(text: &str) -> String {
    Md5::digest(text).iter().fold(String::with_capacity(32), |mut digits, byte| {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// Who reads the text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Programs: no spaces, the value's own order, Unicode as it is.
    Compact,
    /// Python's `json.dumps(…, sort_keys=True)`.
    Python,
    /// The same, as `PyYAML` reads it right.
    Consumer,
}

fn write(node: &Node<'_>, style: Style) -> String {
    let mut writer = Writer::new(style);
    writer.node(node);
    writer.out
}

struct Writer<'k> {
    out: String,
    style: Style,
    known: Option<Known<'k>>,
    /// Whether something was written otherwise than Python writes it.
    repaired: bool,
}

impl Writer<'_> {
    fn new(style: Style) -> Self {
        Self { out: String::new(), style, known: None, repaired: false }
    }

    fn node(&mut self, node: &Node<'_>) {
        if let Some((_, text)) = self.known.filter(|(known, _)| std::ptr::eq(*known, node)) {
            self.out.push_str(text);
            return;
        }
        match &node.value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(true) => self.out.push_str("true"),
            Value::Bool(false) => self.out.push_str("false"),
            Value::Integer(digits) => self.out.push_str(digits),
            Value::Float(float) => self.float(*float),
            Value::String(text) | Value::Timestamp(text) => self.string(text),
            Value::List(items) => {
                self.out.push('[');
                for (position, item) in items.iter().enumerate() {
                    self.separate(position);
                    self.node(item);
                }
                self.out.push(']');
            }
            Value::Map(map) => {
                self.out.push('{');
                if self.style == Style::Compact {
                    self.entries(map.iter());
                } else {
                    self.entries(map.sorted(python_order).into_iter());
                }
                self.out.push('}');
            }
        }
    }

    fn entries<'n, 'a: 'n>(&mut self, entries: impl Iterator<Item = (&'n Key<'a>, &'n Node<'a>)>) {
        for (position, (key, value)) in entries.enumerate() {
            self.separate(position);
            self.string(&key.text);
            self.out.push_str(if self.style == Style::Compact { ":" } else { ": " });
            self.node(value);
        }
    }

    fn separate(&mut self, position: usize) {
        if position > 0 {
            self.out.push_str(if self.style == Style::Compact { "," } else { ", " });
        }
    }

    fn float(&mut self, float: f64) {
        let text = PythonFloat(float).to_string();
        match text.split_once('e') {
            Some((digits, exponent)) if self.style != Style::Python && !digits.contains('.') => {
                self.out.extend([digits, ".0e", exponent]);
                self.repaired = true;
            }
            _ => self.out.push_str(&text),
        }
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        let mut rest = text;
        loop {
            // Most text is plain, and copied as a whole.
            let (plain, special) = split_plain(rest);
            self.out.push_str(plain);
            let mut characters = special.chars();
            let Some(character) = characters.next() else { break };
            self.special(character);
            rest = characters.as_str();
        }
        self.out.push('"');
    }

    fn special(&mut self, character: char) {
        match character {
            '"' => self.out.push_str("\\\""),
            '\\' => self.out.push_str("\\\\"),
            '\n' => self.out.push_str("\\n"),
            '\r' => self.out.push_str("\\r"),
            '\t' => self.out.push_str("\\t"),
            '\u{8}' => self.out.push_str("\\b"),
            '\u{c}' => self.out.push_str("\\f"),
            _ if self.is_raw(character) => {
                self.out.push(character);
                self.repaired = true;
            }
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a String cannot fail.
                    let _ = write!(self.out, "\\u{unit:04x}");
                }
            }
        }
    }

    /// Whether a character outside ASCII stands for itself.
    fn is_raw(&self, character: char) -> bool {
        match self.style {
            Style::Python => false,
            Style::Consumer => character > '\u{ffff}',
            // Neither control characters and line breaks nor what YAML does not allow in its text.
            Style::Compact => {
                !character.is_control()
                    && !matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
            }
        }
    }
}

/// The order of `sort_keys=True`, which sorts keys before it makes them text.
fn python_order(a: &Key<'_>, b: &Key<'_>) -> Ordering {
    // Nearly all keys.
    if (a.kind, b.kind) == (KeyKind::String, KeyKind::String) {
        return a.text.cmp(&b.text);
    }
    match (Number::of_key(a), Number::of_key(b)) {
        (Some(a), Some(b)) => a.compare(&b),
        // Python refuses this mixture, and so does `refuse`; sorting takes an order that is one.
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.text.cmp(&b.text),
    }
}

/// Finds what has no JSON text in Python, or none that its reader takes.
fn refuse(node: &Node<'_>, trail: &Trail<'_>, root: &Path, problems: &mut Vec<Problem>) {
    match &node.value {
        Value::Timestamp(text) => tell(problems, || {
            unsupported(trail.under(root), node, format!("YAML 1.1 reads {text} as a date, which JSON cannot hold"))
                .help(format!("quote it: \"{text}\""))
        }),
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                refuse(item, &trail.index(index), root, problems);
            }
        }
        Value::Map(map) => {
            let refused = refused_kinds(map);
            for (key, value) in map.iter() {
                let trail = &trail.key(&key.text);
                if refused.contains(&key.kind) {
                    let kind = match key.kind {
                        KeyKind::Null => "null",
                        KeyKind::Bool => "a boolean",
                        _ => "a number",
                    };
                    tell(problems, || {
                        let message = format!("the key {} is {kind} among keys of another kind", key.text);
                        unsupported(trail.under(root), value, message).help(format!("quote the key: \"{}\"", key.text))
                    });
                }
                if written_length(&key.text) > MAX_KEY_LENGTH {
                    tell(problems, || {
                        let message =
                            format!("the consumer cannot read a key of more than {MAX_KEY_LENGTH} characters");
                        unsupported(trail.under(root), value, message)
                            .help("shorten the key; characters outside ASCII count six times")
                    });
                }
                refuse(value, trail, root, problems);
            }
        }
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::String(_) => {}
    }
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

fn unsupported(path: Path, node: &Node<'_>, message: String) -> Problem {
    Problem::new("unsupported-value", path, message).origin(node.origin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::Origin;
    use std::borrow::Cow;

    fn node(value: Value<'_>) -> Node<'_> {
        Node::new(value, Origin::MACRO)
    }

    fn integer(digits: &str) -> Node<'_> {
        node(Value::Integer(Cow::Borrowed(digits)))
    }

    fn map<'a>(keys: &[(&'a str, KeyKind)]) -> Node<'a> {
        let entry =
            |(text, kind): &(&'a str, KeyKind)| (Key { text: Cow::Borrowed(*text), kind: *kind }, node(Value::Null));
        node(Value::Map(Map::from_unique(keys.iter().map(entry).collect())))
    }

    #[test]
    fn floats_are_written_as_python_and_as_yaml_reads_them() {
        for (float, python, consumer) in [
            (1.0, "1.0", "1.0"),
            (-0.0, "-0.0", "-0.0"),
            (0.1, "0.1", "0.1"),
            (0.0001, "0.0001", "0.0001"),
            (0.00001, "1e-05", "1.0e-05"),
            (1.5e-7, "1.5e-07", "1.5e-07"),
            (1e15, "1000000000000000.0", "1000000000000000.0"),
            (1e16, "1e+16", "1.0e+16"),
            // Two texts of 17 digits are equally near; Python takes the even one.
            (-1_934_437_170_814_996.3, "-1934437170814996.2", "-1934437170814996.2"),
            (-2e100, "-2e+100", "-2.0e+100"),
            (5e-324, "5e-324", "5.0e-324"),
            (f64::MAX, "1.7976931348623157e+308", "1.7976931348623157e+308"),
        ] {
            let float = node(Value::Float(float));
            assert_eq!(python_json(&float), python);
            assert_eq!(write(&float, Style::Consumer), consumer);
            assert_eq!(json(&float), consumer);
        }
    }

    #[test]
    fn strings_are_escaped_for_their_reader() {
        for (text, python, consumer, compact) in [
            ("a \"b\" \\ / ~", r#""a \"b\" \\ / ~""#, r#""a \"b\" \\ / ~""#, r#""a \"b\" \\ / ~""#),
            ("\n\r\t\u{8}\u{c}", r#""\n\r\t\b\f""#, r#""\n\r\t\b\f""#, r#""\n\r\t\b\f""#),
            ("\0\u{1b}\u{7f}", r#""\u0000\u001b\u007f""#, r#""\u0000\u001b\u007f""#, r#""\u0000\u001b\u007f""#),
            ("é\u{85}", r#""\u00e9\u0085""#, r#""\u00e9\u0085""#, r#""é\u0085""#),
            (
                "\u{2028}\u{feff}\u{ffff}",
                r#""\u2028\ufeff\uffff""#,
                r#""\u2028\ufeff\uffff""#,
                r#""\u2028\ufeff\uffff""#,
            ),
            ("😀", r#""\ud83d\ude00""#, r#""😀""#, r#""😀""#),
        ] {
            let text = Node::string(text, Origin::MACRO);
            assert_eq!(python_json(&text), python);
            assert_eq!(write(&text, Style::Consumer), consumer);
            assert_eq!(json(&text), compact);
        }
    }

    #[test]
    fn results_keep_their_order_and_configurations_are_sorted() {
        let tree = Node::map(
            [
                ("b", Node::list([integer("123456789012345678901234567890"), node(Value::Bool(true))], Origin::MACRO)),
                ("a", Node::map([("\u{e9}", node(Value::Null)), ("z", integer("-1"))], Origin::MACRO)),
                ("c", node(Value::Timestamp(Cow::Borrowed("2024-01-01")))),
            ],
            Origin::MACRO,
        );
        assert_eq!(
            json(&tree),
            r#"{"b":[123456789012345678901234567890,true],"a":{"é":null,"z":-1},"c":"2024-01-01"}"#
        );
        assert_eq!(
            python_json(&tree),
            r#"{"a": {"z": -1, "\u00e9": null}, "b": [123456789012345678901234567890, true], "c": "2024-01-01"}"#
        );
        assert_eq!(json(&node(Value::List(Vec::new()))), "[]");
        assert_eq!(python_json(&map(&[])), "{}");
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
            .flat_map(|n| [(format!("{n}"), Integer), (format!("{}a", 99 - n), String), (format!("{n}"), String)])
            .chain([("null".to_owned(), Null)])
            .collect();
        let keys: Vec<_> = keys.iter().map(|(text, kind)| (text.as_str(), *kind)).collect();
        let text = python_json(&map(&keys));
        assert!(text.starts_with(r#"{"0": null, "1": null, "2": null"#), "{text}");
    }

    #[test]
    fn keys_python_cannot_sort_are_refused() {
        use KeyKind::{Bool, Integer, Null, String};
        let problems =
            ConfigText::new(&map(&[("pipeline", String), ("1", Integer), ("null", Null)]), &Path::field("c"));
        let problems = problems.unwrap_err();
        let told: Vec<_> =
            problems.iter().map(|p| (p.code, p.path.to_string(), &*p.message, p.help.as_deref().unwrap())).collect();
        assert_eq!(
            told,
            [
                (
                    "unsupported-value",
                    "c.1".into(),
                    "the key 1 is a number among keys of another kind",
                    "quote the key: \"1\""
                ),
                (
                    "unsupported-value",
                    "c.null".into(),
                    "the key null is null among keys of another kind",
                    "quote the key: \"null\""
                ),
            ]
        );
        assert_eq!(ConfigText::new(&map(&[("null", Null), ("1", Integer)]), &Path::root()).unwrap_err().len(), 1);
        let problem = ConfigText::new(&map(&[("a", String), ("true", Bool)]), &Path::root()).unwrap_err().remove(0);
        assert_eq!(problem.message, "the key true is a boolean among keys of another kind");
    }

    #[test]
    fn dates_are_refused() {
        let date = Node::list([node(Value::Timestamp(Cow::Borrowed("2024-01-01")))], Origin::MACRO);
        let problem = ConfigText::new(&date, &Path::field("c")).unwrap_err().remove(0);
        assert_eq!((problem.code, problem.path.to_string().as_str()), ("unsupported-value", "c[0]"));
        assert_eq!(problem.message, "YAML 1.1 reads 2024-01-01 as a date, which JSON cannot hold");
        assert_eq!(problem.help.as_deref(), Some("quote it: \"2024-01-01\""));
    }

    /// `PyYAML` reads a key of 1022 characters and their quotes, and fails on the next.
    #[test]
    fn keys_the_consumer_cannot_read_are_refused() {
        for (key, right) in [("k".repeat(1022), true), ("k".repeat(1023), false), ("é".repeat(171), false)] {
            let config = Node::map([(key, node(Value::Null))], Origin::MACRO);
            assert_eq!(ConfigText::new(&config, &Path::root()).is_ok(), right);
        }
    }

    #[test]
    fn the_version_is_the_hash_of_pythons_text() {
        let config =
            Node::map([("emoji", Node::string("😀", Origin::MACRO)), ("f", node(Value::Float(1e-5)))], Origin::MACRO);
        let config = ConfigText::new(&config, &Path::root()).unwrap();
        assert_eq!(config.text, r#"{"emoji": "😀", "f": 1.0e-05}"#);
        // hashlib.md5(json.dumps({"emoji": "😀", "f": 1e-5}, sort_keys=True).encode()).hexdigest()
        assert_eq!(config.version, "95087bfed167356e940c04c023515b21");
        assert_eq!(config_version(""), "d41d8cd98f00b204e9800998ecf8427e");
    }
}
