//! Amounts with units: `500m`, `1.5Gi`, `1e3`.

use crate::value::{Node, PythonFloat, Value};
use std::borrow::Cow;

/// An amount, exact to a billionth, which is as fine as Kubernetes keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Quantity {
    billionths: i128,
}

const BILLION: i128 = 1_000_000_000;

/// 2^63 - 1.
const MAX_ALLOWED: i128 = 9_223_372_036_854_775_807 * BILLION;

impl Quantity {
    pub(super) const ZERO: Self = Self { billionths: 0 };

    /// Reads an amount as apimachinery's `resource.ParseQuantity` does: finer than a billionth is rounded away from
    /// zero. Amounts beyond all use stay at a bound.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, rest) = split_digits(unsigned);
        let (fraction, suffix) = match rest.strip_prefix('.') {
            Some(rest) => split_digits(rest),
            None => ("", rest),
        };
        // A text without digits is zero, as ParseQuantity reads it.
        let unit = Unit::parse(suffix)?;
        let mut amount = unit.billionths(whole, fraction);
        // maxAllowed: what ParseQuantity does not keep as a short decimal number ends at 63 bits.
        let digits = whole.trim_start_matches('0').len().saturating_add(fraction.len());
        if matches!(unit, Unit::Binary(_)) || digits > 18 {
            amount = amount.min(MAX_ALLOWED);
        }
        Some(Self { billionths: if negative { amount.saturating_neg() } else { amount } })
    }

    pub(super) fn is_negative(self) -> bool {
        self.billionths < 0
    }

    /// The whole number that it is, where it is one.
    pub(super) fn whole(self) -> Option<i64> {
        i64::try_from(self.billionths.checked_div(BILLION)?).ok().filter(|_| self.is_whole())
    }

    /// Whether it is a whole number.
    pub(super) fn is_whole(self) -> bool {
        self.billionths.checked_rem(BILLION) == Some(0)
    }

    /// Whether it is a whole multiple of another amount, which is not zero.
    pub(super) fn is_multiple_of(self, other: Self) -> bool {
        self.billionths.checked_rem(other.billionths) == Some(0)
    }

    pub(super) fn saturating_add(self, other: Self) -> Self {
        Self { billionths: self.billionths.saturating_add(other.billionths) }
    }
}

fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

#[derive(Clone, Copy)]
enum Unit {
    /// Times ten to the power.
    Decimal(i64),
    /// Times two to the power.
    Binary(u32),
}

impl Unit {
    fn parse(suffix: &str) -> Option<Self> {
        Some(match suffix {
            "" => Self::Decimal(0),
            "n" => Self::Decimal(-9),
            "u" => Self::Decimal(-6),
            "m" => Self::Decimal(-3),
            "k" => Self::Decimal(3),
            "M" => Self::Decimal(6),
            "G" => Self::Decimal(9),
            "T" => Self::Decimal(12),
            "P" => Self::Decimal(15),
            "E" => Self::Decimal(18),
            "Ki" => Self::Binary(10),
            "Mi" => Self::Binary(20),
            "Gi" => Self::Binary(30),
            "Ti" => Self::Binary(40),
            "Pi" => Self::Binary(50),
            "Ei" => Self::Binary(60),
            _ => Self::Decimal(suffix.strip_prefix(['e', 'E'])?.parse().ok()?),
        })
    }

    /// The digits before and after the point in this unit, in billionths, rounded up.
    fn billionths(self, whole: &str, fraction: &str) -> i128 {
        let (power_of_ten, factor) = match self {
            Self::Decimal(power) => (power.saturating_add(9), 1_i128),
            Self::Binary(power) => (9, 1_i128.checked_shl(power).unwrap_or(i128::MAX)),
        };
        let mut amount = 0_i128;
        for digit in whole.bytes().chain(fraction.bytes()) {
            amount = amount.saturating_mul(10).saturating_add(i128::from(digit.wrapping_sub(b'0')));
        }
        if amount == 0 {
            return 0;
        }
        amount = amount.saturating_mul(factor);
        let places = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
        let shift = power_of_ten.saturating_sub(places);
        let power =
            u32::try_from(shift.unsigned_abs()).ok().and_then(|shift| 10_i128.checked_pow(shift));
        match (shift >= 0, power) {
            (true, power) => amount.saturating_mul(power.unwrap_or(i128::MAX)),
            // Rounded up: what is not zero stays so.
            (false, Some(power)) => {
                let exact = amount.checked_rem(power) == Some(0);
                amount.checked_div(power).unwrap_or(0).saturating_add(i128::from(!exact))
            }
            (false, None) => 1,
        }
    }
}

/// The text that a quantity is read from: numbers are taken too.
pub(super) fn quantity_text<'n>(node: &'n Node<'_>) -> Option<Cow<'n, str>> {
    match &node.value {
        // The API server drops space around it.
        Value::String(text) => Some(Cow::Borrowed(text.trim())),
        Value::Integer(digits) => Some(Cow::Borrowed(digits)),
        Value::Float(value) => Some(Cow::Owned(PythonFloat(*value).to_string())),
        Value::Null => Some(Cow::Borrowed("0")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_kubernetes_reads_them() {
        for (text, billionths) in [
            ("0", 0),
            ("1", BILLION),
            ("+1", BILLION),
            ("-1", -BILLION),
            ("1.", BILLION),
            (".5", BILLION / 2),
            ("0.5", BILLION / 2),
            ("500m", BILLION / 2),
            ("1000.5m", 1_000_500_000),
            ("1k", 1000 * BILLION),
            ("1Ki", 1024 * BILLION),
            ("1.5Ki", 1536 * BILLION),
            ("1e3", 1000 * BILLION),
            ("1E3", 1000 * BILLION),
            ("1e+3", 1000 * BILLION),
            ("1e-3", BILLION / 1000),
            ("1E", 1_000_000_000_000_000_000 * BILLION),
            ("1n", 1),
            ("0.1n", 1),
            ("1e-1000", 1),
            ("m", 0),
            ("0m", 0),
            (".", 0),
        ] {
            assert_eq!(Quantity::parse(text).map(|q| q.billionths), Some(billionths), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in [
            "",
            "1mm",
            "1GiMi",
            "1 Gi",
            " 1",
            "1gb",
            "1KB",
            "1K",
            "1ki",
            "infm",
            "[1]m",
            "1e+16m",
            "1e",
            "1e+",
            "--1",
            "1..2",
            "0x10",
            "1_000",
            "one",
            "1e99999999999999999999",
            "１",
        ] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }

    #[test]
    fn huge_amounts_stay_at_a_bound() {
        assert!(Quantity::parse(&"9".repeat(1000)) > Quantity::parse("1Ei"));
        assert_eq!(Quantity::parse("9Ei").map(|q| q.billionths), Some(MAX_ALLOWED));
        assert!(Quantity::parse("1e1000") > Quantity::parse("1Ei"));
        assert!(Quantity::parse(&format!("-{}", "9".repeat(1000))).unwrap().is_negative());
    }
}
