//! What YAML 1.1, as `PyYAML` has it, makes of a scalar's text.

use super::document::MAX_INTEGER_DIGITS;
use super::yaml_number::{self, NumberError};
use super::{timestamp, unique};
use crate::problem::{Code, Cure, HIDDEN, Problem, quoted};
use crate::value::{Key, KeyKind, Origin, Path, Value};
use std::borrow::Cow;

/// The type of a scalar: written as a tag, or found in plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    String,
    Null,
    Bool,
    Integer,
    Float,
    Timestamp,
    /// `<<`.
    Merge,
    /// `=`.
    Default,
}

/// The type `PyYAML` finds in plain text.
pub(super) fn implicit(text: &str) -> Kind {
    match text.as_bytes() {
        [] | b"~" | b"null" | b"Null" | b"NULL" => Kind::Null,
        b"<<" => Kind::Merge,
        b"=" => Kind::Default,
        [b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O', ..]
            if boolean(text).is_some() =>
        {
            Kind::Bool
        }
        [b'-' | b'+' | b'.' | b'0'..=b'9', ..] => {
            if yaml_number::is_integer(text) {
                Kind::Integer
            } else if yaml_number::is_float(text) {
                Kind::Float
            } else if timestamp::parse(text).is_some() {
                Kind::Timestamp
            } else {
                Kind::String
            }
        }
        _ => Kind::String,
    }
}

/// `yes`, `Yes` and `YES`, but not `yEs`; never `y`.
fn boolean(text: &str) -> Option<bool> {
    Some(match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => true,
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => false,
        _ => return None,
    })
}

/// Why a scalar has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// A tag says a type that the text is none of: the tag's name, and what it says.
    Mistagged(&'static str, &'static str),
    /// Text in the form of a date that does not exist.
    NoSuchDate,
    /// A date as a key, for which JSON has no text.
    DateAsKey,
    /// `<<` where it merges nothing.
    Merge,
    /// A lone `=`.
    Default,
    /// A number that cannot be read.
    Number(NumberError),
}

impl Unreadable {
    /// The problem, at a path. The text is none where it is not to be shown.
    pub(super) fn problem(self, path: Path, text: Option<&str>) -> Problem {
        let written = text.map_or_else(|| HIDDEN.to_owned(), quoted);
        let quote_it = format!("quote it: {written}");
        let new = |code, message: &str| Problem::new(code, path.clone(), message);

        match self {
            Self::Mistagged(tag, expected) => {
                new(Code::InvalidYaml, &format!("the tag !!{tag} says {expected}, and {written} is none"))
                    .help("remove the tag, or write the value it says")
            }
            Self::NoSuchDate => {
                new(Code::InvalidYaml, &format!("YAML 1.1 takes {written} for a date, and there is no such date"))
                    .help(quote_it)
                    .cure(Cure::Quote)
            }
            Self::DateAsKey => new(
                Code::NotJson,
                &format!("YAML 1.1 takes the key {written} for a date, and a date cannot be a key in JSON"),
            )
            .help(quote_it)
            .cure(Cure::Quote),
            Self::Merge => {
                new(Code::InvalidYaml, "`<<` stands where it merges nothing: it is a key whose value is a mapping")
                    .help("quote it where the text itself is meant: \"<<\"")
            }
            Self::Default => {
                new(Code::InvalidYaml, "YAML 1.1 takes a lone `=` for a type of its own, which has no value here")
                    .help("quote it: \"=\"")
                    .cure(Cure::Quote)
            }
            Self::Number(NumberError::Empty) => {
                new(Code::InvalidYaml, &format!("YAML 1.1 takes {written} for a number, and it has no digits"))
                    .help(quote_it)
                    .cure(Cure::Quote)
            }
            Self::Number(NumberError::TooLong) => too_long_integer(path),
            Self::Number(NumberError::Infinite) => {
                new(Code::NotFinite, &format!("{written} is an infinite number, which JSON cannot say"))
                    .help(format!("write a finite number; for the text, {quote_it}"))
            }
            Self::Number(NumberError::NotANumber) => {
                new(Code::NotFinite, &format!("{written} is no number, which JSON cannot say"))
                    .help(format!("write a number; for the text, {quote_it}"))
            }
        }
    }
}

/// A scalar's value.
pub(super) fn value<'a>(kind: Kind, text: &Cow<'a, str>) -> Result<Value<'a>, Unreadable> {
    match kind {
        Kind::String => Ok(Value::String(text.clone())),
        Kind::Null => Ok(Value::Null),
        // A tag allows any case.
        Kind::Bool => match boolean(&text.to_ascii_lowercase()) {
            Some(value) => Ok(Value::Bool(value)),
            None => Err(Unreadable::Mistagged("bool", "true or false")),
        },
        Kind::Integer if yaml_number::is_integer(text) => {
            yaml_number::integer(text).map(Value::Integer).map_err(Unreadable::Number)
        }
        Kind::Integer => Err(Unreadable::Mistagged("int", "a whole number")),
        // `!!float 1` is 1.0.
        Kind::Float
            if yaml_number::is_float(text) || text.parse::<f64>().is_ok_and(f64::is_finite) =>
        {
            yaml_number::float(text).map(Value::Float).map_err(Unreadable::Number)
        }
        Kind::Float => Err(Unreadable::Mistagged("float", "a number")),
        Kind::Timestamp => match timestamp::parse(text) {
            None => Err(Unreadable::Mistagged("timestamp", "a date")),
            Some(parsed) => match parsed.to_text() {
                // As written is the common case.
                Some(written) if written == **text => Ok(Value::Timestamp(text.clone())),
                Some(written) => Ok(Value::Timestamp(Cow::Owned(written))),
                None => Err(Unreadable::NoSuchDate),
            },
        },
        Kind::Merge => Err(Unreadable::Merge),
        Kind::Default => Err(Unreadable::Default),
    }
}

/// A scalar as a mapping's key.
pub(super) fn key<'a>(
    kind: Kind,
    text: &Cow<'a, str>,
    origin: Origin,
) -> Result<Key<'a>, Unreadable> {
    // `=` is a string there.
    if kind == Kind::Default {
        return Ok(Key::new(text.clone(), KeyKind::String, origin));
    }

    Ok(match value(kind, text)? {
        Value::Integer(digits) => Key::new(digits, KeyKind::Integer, origin),
        Value::Float(number) => unique::float_key(number, origin),
        Value::Bool(value) => Key::new(if value { "true" } else { "false" }, KeyKind::Bool, origin),
        Value::Null => Key::new("null", KeyKind::Null, origin),
        Value::Timestamp(_) => return Err(Unreadable::DateAsKey),
        // Other kinds are text.
        _ => Key::new(text.clone(), KeyKind::String, origin),
    })
}

/// The problem of an integer past [`MAX_INTEGER_DIGITS`].
pub(super) fn too_long_integer(path: Path) -> Problem {
    Problem::new(
        Code::TooLarge,
        path,
        format!("a number has more than {MAX_INTEGER_DIGITS} digits"),
    )
    .help("quote it where text is meant")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &'static str) -> Value<'static> {
        value(implicit(text), &Cow::Borrowed(text)).unwrap()
    }

    #[test]
    fn plain_text_has_the_types_of_yaml_1_1() {
        for text in ["yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"] {
            assert_eq!(read(text), Value::Bool(true), "{text}");
        }
        for text in ["no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"] {
            assert_eq!(read(text), Value::Bool(false), "{text}");
        }
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(read(text), Value::Null, "{text}");
        }
        for (text, expected) in [
            ("017", "15"),
            ("0x1F", "31"),
            ("0b101", "5"),
            ("1_000", "1000"),
            ("+1", "1"),
            ("22:22", "1342"),
        ] {
            assert_eq!(read(text), Value::Integer(expected.into()), "{text}");
        }
        for (text, expected) in [("1.0e+3", 1000.0), (".5", 0.5), ("1.", 1.0), ("1:30.5", 90.5)] {
            assert_eq!(read(text), Value::Float(expected), "{text}");
        }
        for (text, expected) in
            [("2024-01-01", "2024-01-01"), ("2024-1-1 1:00:00Z", "2024-01-01 01:00:00+00:00")]
        {
            assert_eq!(read(text), Value::Timestamp(expected.into()), "{text}");
        }
        for text in [
            "y", "Y", "n", "N", "yEs", "nULL", "0o17", "08", "0X1f", "0B101", "1:60", "0:0",
            "02:30", "8080:80", "1e3", "1.0e3", "1e-05", "-.5", "10m", "1.2.3", "a", "-", "<",
            "==", "!", "2024-1-1",
        ] {
            assert_eq!(read(text), Value::String(text.into()), "{text}");
        }
    }

    #[test]
    fn what_json_cannot_say_is_a_problem_with_a_cure() {
        for (text, code, help) in [
            (".inf", Code::NotFinite, "write a finite number; for the text, quote it: \".inf\""),
            ("-.INF", Code::NotFinite, "write a finite number; for the text, quote it: \"-.INF\""),
            (".NaN", Code::NotFinite, "write a number; for the text, quote it: \".NaN\""),
            (
                "1.0e+400",
                Code::NotFinite,
                "write a finite number; for the text, quote it: \"1.0e+400\"",
            ),
            ("2024-13-01", Code::InvalidYaml, "quote it: \"2024-13-01\""),
            ("0x_", Code::InvalidYaml, "quote it: \"0x_\""),
            ("=", Code::InvalidYaml, "quote it: \"=\""),
            ("<<", Code::InvalidYaml, "quote it where the text itself is meant: \"<<\""),
        ] {
            let problem = value(implicit(text), &Cow::Borrowed(text))
                .unwrap_err()
                .problem(Path::root(), Some(text));
            assert_eq!((problem.code, problem.help.as_deref()), (code, Some(help)), "{text}");
        }
    }

    #[test]
    fn tags_say_the_type() {
        for (kind, text, expected) in [
            (Kind::String, "5", Some(Value::String("5".into()))),
            (Kind::Integer, "0x10", Some(Value::Integer("16".into()))),
            (Kind::Integer, "5.0", None),
            (Kind::Float, "5", Some(Value::Float(5.0))),
            (Kind::Float, "1e3", Some(Value::Float(1000.0))),
            (Kind::Float, "x", None),
            (Kind::Bool, "no", Some(Value::Bool(false))),
            (Kind::Bool, "yEs", Some(Value::Bool(true))),
            (Kind::Bool, "n", None),
            (Kind::Null, "anything", Some(Value::Null)),
            (Kind::Timestamp, "2024-01-01", Some(Value::Timestamp("2024-01-01".into()))),
            (Kind::Timestamp, "today", None),
        ] {
            assert_eq!(value(kind, &Cow::Borrowed(text)).ok(), expected, "{kind:?} {text}");
        }
    }

    #[test]
    fn keys_keep_what_they_were() {
        for (text, expected, kind) in [
            ("a", "a", KeyKind::String),
            ("=", "=", KeyKind::String),
            ("0x10", "16", KeyKind::Integer),
            ("1.50", "1.5", KeyKind::Float),
            ("on", "true", KeyKind::Bool),
            ("~", "null", KeyKind::Null),
        ] {
            let read = key(implicit(text), &Cow::Borrowed(text), Origin::MACRO).unwrap();
            assert_eq!((read.text.as_ref(), read.kind), (expected, kind), "{text}");
        }
        let date = key(Kind::Timestamp, &Cow::Borrowed("2024-01-01"), Origin::MACRO);
        assert_eq!(date.unwrap_err().problem(Path::root(), None).code, Code::NotJson);
    }
}
