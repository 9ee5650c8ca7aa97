//! Amounts: `1000m` and `1` are one amount to Kubernetes, which compares them by value.

use sentry_streams_k8s::value::{Node, Value};

/// Whether two values are the same amount. What is no quantity is the same as nothing.
pub(super) fn is_same(a: &Node<'_>, b: &Node<'_>) -> bool {
    matches!((value(a), value(b)), (Some(a), Some(b)) if a == b)
}

/// Digits without zeros at their end, and the power of ten that they are multiplied by.
fn value(node: &Node<'_>) -> Option<(i128, i32)> {
    match &node.value {
        Value::String(text) | Value::Integer(text) => read_amount(text),
        Value::Float(number) => read_amount(&number.to_string()),
        _ => None,
    }
}

/// The digits of an amount, without zeros at their end, and the power of ten that they are multiplied by.
pub(crate) fn read_amount(text: &str) -> Option<(i128, i32)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '+' | '-'))
        .unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let places = i32::try_from(fraction.len()).ok()?;

    let (factor, power) = match suffix {
        "" => (1, 0),
        "n" => (1, -9),
        "u" => (1, -6),
        "m" => (1, -3),
        "k" => (1, 3),
        "M" => (1, 6),
        "G" => (1, 9),
        "T" => (1, 12),
        "P" => (1, 15),
        "E" => (1, 18),
        "Ki" => (1 << 10, 0),
        "Mi" => (1 << 20, 0),
        "Gi" => (1 << 30, 0),
        "Ti" => (1 << 40, 0),
        "Pi" => (1 << 50, 0),
        "Ei" => (1_i128 << 60, 0),
        _ => (1, suffix.strip_prefix(['e', 'E'])?.parse::<i32>().ok()?),
    };
    let (mut digits, mut power) = (digits.checked_mul(factor)?, power.checked_sub(places)?);
    if digits == 0 {
        return Some((0, 0));
    }
    while digits.checked_rem(10) == Some(0) {
        digits = digits.checked_div(10)?;
        power = power.checked_add(1)?;
    }
    Some((digits, power))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_compared_by_value() {
        for (a, b) in [
            ("1000m", "1"),
            ("0.5", "500m"),
            ("1Gi", "1024Mi"),
            ("1Gi", "1073741824"),
            ("1e3", "1k"),
            ("1E3", "1000"),
            ("0", "0Mi"),
            ("1.50", "1500m"),
            ("+1", "1"),
            ("-1", "-1000m"),
            ("2Ei", "2305843009213693952"),
        ] {
            assert_eq!(read_amount(a), read_amount(b), "{a} and {b}");
            assert!(read_amount(a).is_some());
        }
        assert_ne!(read_amount("1Gi"), read_amount("1G"));
        for text in [
            "",
            "m",
            "1x",
            "1.2.3",
            "--1",
            "1e",
            "1e99999999999",
            "99999999999999999999999999999999999999999",
        ] {
            assert_eq!(read_amount(text), None, "{text}");
        }
    }
}
