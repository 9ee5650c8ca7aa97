//! YAML 1.1's numbers: five ways to write an integer, four to write a float.

use super::document::MAX_INTEGER_DIGITS;
use crate::value::Decimal;
use std::borrow::Cow;

/// Whether `PyYAML` takes plain text for an integer.
pub(super) fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if let Some(binary) = digits.strip_prefix("0b") {
        return is_all(binary, |b| matches!(b, b'0' | b'1' | b'_'));
    }
    if let Some(hexadecimal) = digits.strip_prefix("0x") {
        return is_all(hexadecimal, |b| b.is_ascii_hexdigit() || b == b'_');
    }
    if let Some(octal) = digits.strip_prefix('0') {
        return octal.is_empty() || is_all(octal, |b| matches!(b, b'0'..=b'7' | b'_'));
    }
    digits.starts_with(|c: char| c.is_ascii_digit()) && is_decimal_or_sexagesimal(digits)
}

/// Whether `PyYAML` takes plain text for a float.
pub(super) fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let Some((whole, rest)) = unsigned.split_once('.') else { return false };
    if whole.is_empty() {
        return match rest {
            "inf" | "Inf" | "INF" => true,
            "nan" | "NaN" | "NAN" => unsigned == text,
            // `.5` is a float, `-.5` is a string.
            _ => {
                unsigned == text
                    && rest.starts_with(|c: char| c.is_ascii_digit())
                    && is_fraction(rest)
            }
        };
    }
    if !whole.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    if whole.contains(':') {
        return is_decimal_or_sexagesimal(whole) && rest.bytes().all(is_digit);
    }
    whole.bytes().all(is_digit) && is_fraction(rest)
}

/// `[0-9_]*([eE][-+][0-9]+)?`: an exponent has a sign.
fn is_fraction(text: &str) -> bool {
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.strip_prefix(['-', '+'])),
        None => (text, Some("0")),
    };
    digits.bytes().all(is_digit)
        && exponent.is_some_and(|exponent| is_all(exponent, |b| b.is_ascii_digit()))
}

/// `[0-9_]*(:[0-5]?[0-9])*`.
fn is_decimal_or_sexagesimal(text: &str) -> bool {
    let mut parts = text.split(':');
    parts.next().is_some_and(|first| first.bytes().all(is_digit))
        && parts.all(|part| matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']))
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'_'
}

fn is_all(text: &str, rule: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(rule)
}

/// Why text that looks like a number is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberError {
    /// It has no digits, like `0x_`.
    Empty,
    /// An integer has more digits than are read.
    TooLong,
    /// A float is infinite.
    Infinite,
    /// A float is not a number.
    NotANumber,
}

/// The decimal digits of an integer that [`is_integer`] accepts.
pub(super) fn integer<'a>(text: &Cow<'a, str>) -> Result<Cow<'a, str>, NumberError> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => ("-", unsigned),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let written = unsigned.bytes().filter(|&b| b != b'_').count();
    // A binary digit is less than a third of a decimal one.
    if written > MAX_INTEGER_DIGITS.saturating_mul(4) {
        return Err(NumberError::TooLong);
    }
    let decimal = if let Some(binary) = unsigned.strip_prefix("0b") {
        to_decimal(binary, 2)?
    } else if let Some(hexadecimal) = unsigned.strip_prefix("0x") {
        to_decimal(hexadecimal, 16)?
    } else if unsigned.starts_with('0') && written > 1 {
        to_decimal(unsigned, 8)?
    } else if unsigned.contains(':') {
        from_sexagesimal(unsigned)
    } else if unsigned.contains('_') {
        unsigned.replace('_', "")
    } else {
        return canonical(text, sign, unsigned);
    };
    canonical(&Cow::Owned(format!("{sign}{decimal}")), sign, &decimal)
        .map(|digits| Cow::Owned(digits.into_owned()))
}

/// A sign and decimal digits without leading zeros as they are kept: `-0` is `0`, `+1` is `1`.
fn canonical<'a>(
    text: &Cow<'a, str>,
    sign: &str,
    digits: &str,
) -> Result<Cow<'a, str>, NumberError> {
    if digits.len() > MAX_INTEGER_DIGITS {
        Err(NumberError::TooLong)
    } else if digits == "0" {
        Ok(Cow::Borrowed("0"))
    } else {
        Ok(match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.strip_prefix('+').unwrap_or(text)),
            Cow::Owned(_) => Cow::Owned(format!("{sign}{digits}")),
        })
    }
}

fn to_decimal(digits: &str, base: u32) -> Result<String, NumberError> {
    let mut decimal = Decimal::default();
    let mut empty = true;
    for digit in digits.chars().filter_map(|c| c.to_digit(base)) {
        decimal.push(base, digit);
        empty = false;
    }
    if empty { Err(NumberError::Empty) } else { Ok(decimal.into_text()) }
}

/// `22:22` is 22 times 60 plus 22.
fn from_sexagesimal(text: &str) -> String {
    let mut decimal = Decimal::default();
    let mut parts = text.split(':');
    for digit in parts.next().unwrap_or_default().chars().filter_map(|c| c.to_digit(10)) {
        decimal.push(10, digit);
    }
    for part in parts {
        decimal.push(60, part.parse().unwrap_or_default());
    }
    decimal.into_text()
}

/// The value of a float that [`is_float`] accepts.
pub(super) fn float(text: &str) -> Result<f64, NumberError> {
    let text =
        if text.contains('_') { Cow::Owned(text.replace('_', "")) } else { Cow::Borrowed(text) };
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => (-1.0, unsigned),
        None => (1.0, text.strip_prefix('+').unwrap_or(&text)),
    };
    match unsigned {
        ".inf" | ".Inf" | ".INF" => return Err(NumberError::Infinite),
        ".nan" | ".NaN" | ".NAN" => return Err(NumberError::NotANumber),
        _ => {}
    }
    let mut value = 0.0;
    let mut base: u128 = 1;
    for part in unsigned.rsplit(':') {
        // Python's sum: each part times an exact power of 60, from the last. Past 2^127 only zeros stay finite sums
        // that anyone would write.
        #[expect(clippy::cast_precision_loss, reason = "Python rounds the power here too")]
        let weight = base as f64;
        let part: f64 = part.parse().map_err(|_| NumberError::Empty)?;
        value += part * weight;
        base = base.checked_mul(60).ok_or(NumberError::Infinite)?;
    }
    let value = sign * value;
    if value.is_finite() { Ok(value) } else { Err(NumberError::Infinite) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_in_every_base() {
        for (text, expected) in [
            ("0", "0"),
            ("-0", "0"),
            ("+1", "1"),
            ("-12", "-12"),
            ("017", "15"),
            ("00", "0"),
            ("0_", "0"),
            ("-0_7", "-7"),
            ("0x1F", "31"),
            ("-0xff", "-255"),
            ("0b101", "5"),
            ("1_000", "1000"),
            ("1:30", "90"),
            ("12:30:45", "45045"),
            ("22:22", "1342"),
            ("-1:30", "-90"),
            ("+1_0:00", "600"),
            ("0xffffffffffffffffffffffff", "79228162514264337593543950335"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
        ] {
            assert!(is_integer(text), "{text}");
            assert_eq!(integer(&Cow::Borrowed(text)).unwrap(), expected, "{text}");
            assert_eq!(integer(&Cow::Owned(text.to_owned())).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_integer() {
        for text in [
            "0o17", "08", "0X1f", "0B101", "1:60", "0:0", "02:30", "8080:80", "_1", "1e3", "", "-",
            "+-1", "1.", "0b", "0x", "--1", "1:", ":1",
        ] {
            assert!(!is_integer(text), "{text}");
        }
        assert_eq!(integer(&Cow::Borrowed("0x_")), Err(NumberError::Empty));
    }

    #[test]
    fn integers_have_a_longest() {
        let digits = |count| "9".repeat(count);
        assert!(integer(&Cow::Owned(digits(MAX_INTEGER_DIGITS))).is_ok());
        assert_eq!(integer(&Cow::Owned(digits(MAX_INTEGER_DIGITS + 1))), Err(NumberError::TooLong));
        assert_eq!(
            integer(&Cow::Owned(format!("0x{}", "f".repeat(4000)))),
            Err(NumberError::TooLong)
        );
        assert_eq!(
            integer(&Cow::Owned(format!("1{}", ":00".repeat(1_000_000)))),
            Err(NumberError::TooLong)
        );
    }

    #[test]
    fn floats() {
        for (text, expected) in [
            ("1.0", 1.0),
            ("1.", 1.0),
            (".5", 0.5),
            ("1.0e+3", 1000.0),
            ("1.5e-7", 1.5e-7),
            ("1_000.5", 1000.5),
            ("1._5", 1.5),
            ("+1.5", 1.5),
            ("-0.0", 0.0),
            ("1:30.5", 90.5),
            ("-1:30.", -90.0),
            ("00:00.1", 0.1),
            ("1.0E-400", 0.0),
        ] {
            assert!(is_float(text), "{text}");
            assert!(
                (float(text).unwrap() - expected).abs() < f64::EPSILON * expected.abs() + 1e-300,
                "{text}"
            );
        }
        assert_eq!(float("1.0e+400"), Err(NumberError::Infinite));
        assert_eq!(float("-.inf"), Err(NumberError::Infinite));
        assert_eq!(float(".nan"), Err(NumberError::NotANumber));
    }

    #[test]
    fn what_is_no_float() {
        for text in [
            "1e3", "1.0e3", "1e-05", "-.5", "+.5", "-.nan", ".", "._5", "1.e5", "1:60.5", "1",
            "a.b", "1.2.3", "1.5:30", ".inF", "e.5", "-",
        ] {
            assert!(!is_float(text), "{text}");
        }
    }
}
