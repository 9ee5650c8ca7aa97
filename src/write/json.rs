//! Values to JSON text, in three styles.

use super::plain::split_plain;
use crate::value::{Key, KeyKind, Node, Number, PythonFloat, Value};
use std::cmp::Ordering;
use std::fmt::Write as _;

/// A value as compact JSON text, in its own order; dates and keys of any kind as strings.
///
/// The text is also YAML, 1.1 and 1.2, with the same meaning: people paste it into templates.
pub fn json(node: &Node<'_>) -> String {
    write(node, Style::Compact)
}

/// A configuration as Python's `json.dumps(config, sort_keys=True)` writes it.
pub fn python_json(config: &Node<'_>) -> String {
    write(config, Style::Python)
}

/// Who reads the text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Programs: no spaces, the value's own order, Unicode as it is.
    Compact,
    /// Python's `json.dumps(…, sort_keys=True)`.
    Python,
    /// The same, as `PyYAML` reads it right.
    Consumer,
}

pub(super) fn write(node: &Node<'_>, style: Style) -> String {
    let mut writer = Writer::new(style);
    writer.node(node);
    writer.out
}

pub(super) struct Writer {
    pub(super) out: String,
    style: Style,
    /// Whether something was written otherwise than Python writes it.
    pub(super) repaired: bool,
}

impl Writer {
    pub(super) fn new(style: Style) -> Self {
        Self { out: String::new(), style, repaired: false }
    }

    pub(super) fn node(&mut self, node: &Node<'_>) {
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
            self.out.push(':');
            self.space();
            self.node(value);
        }
    }

    fn separate(&mut self, position: usize) {
        if position > 0 {
            self.out.push(',');
            self.space();
        }
    }

    fn space(&mut self) {
        if self.style != Style::Compact {
            self.out.push(' ');
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

    pub(super) fn string(&mut self, text: &str) {
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
                    && !matches!(
                        character,
                        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
                    )
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Map, Origin};
    use std::borrow::Cow;

    fn node(value: Value<'_>) -> Node<'_> {
        Node::new(value, Origin::MACRO)
    }

    fn integer(digits: &str) -> Node<'_> {
        node(Value::Integer(Cow::Borrowed(digits)))
    }

    fn map<'a>(keys: &[(&'a str, KeyKind)]) -> Node<'a> {
        let entry = |(text, kind): &(&'a str, KeyKind)| {
            (Key::new(*text, *kind, Origin::MACRO), node(Value::Null))
        };
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
            (
                "\0\u{1b}\u{7f}",
                r#""\u0000\u001b\u007f""#,
                r#""\u0000\u001b\u007f""#,
                r#""\u0000\u001b\u007f""#,
            ),
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
                (
                    "b",
                    Node::list(
                        [integer("123456789012345678901234567890"), node(Value::Bool(true))],
                        Origin::MACRO,
                    ),
                ),
                (
                    "a",
                    Node::map([("\u{e9}", node(Value::Null)), ("z", integer("-1"))], Origin::MACRO),
                ),
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
}
