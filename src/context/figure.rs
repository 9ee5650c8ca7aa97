//! Resource figures: what one process needs, times the processes.

use crate::problem::Code;
use crate::value::{Node, PythonFloat, Value};

/// A resource figure: what one process needs, and the unit Kubernetes reads it in.
pub(super) struct Figure {
    pub(super) field: &'static str,
    pub(super) unit: &'static str,
    /// In words, for one.
    pub(super) unit_name: &'static str,
    /// How many of the smallest parts that Kubernetes keeps make one: a finer fraction would be rounded.
    parts: f64,
    /// The code of a warning that it is zero.
    pub(super) zero_code: Code,
}

/// Kubernetes keeps thousandths of a CPU and nothing smaller.
pub(super) const CPU: Figure = Figure {
    field: "cpu_per_process",
    unit: "m",
    unit_name: "thousandths of a CPU",
    parts: 1.0,
    zero_code: Code::CpuZero,
};

/// Kubernetes keeps bytes; the figure is in Mi.
pub(super) const MEMORY: Figure = Figure {
    field: "memory_per_process",
    unit: "Mi",
    unit_name: "MiB",
    parts: 1_048_576.0,
    zero_code: Code::MemoryZero,
};

/// A figure, which is digits or a float, for so many processes; none where Kubernetes would not keep it exactly.
pub(super) fn figure_text(node: &Node<'_>, count: i64, figure: &Figure) -> Option<String> {
    match &node.value {
        Value::Integer(digits) | Value::String(digits) if count == 1 => Some(digits.to_string()),
        Value::Integer(digits) | Value::String(digits) => times(digits, count),
        Value::Float(value) => whole_parts(*value, count, figure.parts),
        _ => None,
    }
}

/// A product of any size the machine can hold, in decimal digits.
fn times(digits: &str, count: i64) -> Option<String> {
    let product = digits.parse::<i128>().ok()?.checked_mul(i128::from(count))?;
    Some(product.to_string())
}

/// A float times a count, where Kubernetes reads its plain notation and keeps all of it.
fn whole_parts(value: f64, count: i64, parts: f64) -> Option<String> {
    /// From here on Python writes an exponent.
    const PLAIN: f64 = 1e16;

    #[allow(
        clippy::cast_precision_loss,
        reason = "a count of processes that large is refused by the bound below"
    )]
    let product = value * count as f64;
    let is_exact = (product * parts).fract() == 0.0 && product * parts < 9.0e15;
    ((0.0..PLAIN).contains(&product) && is_exact && product.is_sign_positive())
        .then(|| PythonFloat(product).to_string())
}

/// Whether a value is a number, or text of digits alone.
pub(super) fn is_number(value: &Value<'_>) -> bool {
    match value {
        Value::Integer(_) | Value::Float(_) => true,
        Value::String(text) => is_digits(text),
        _ => false,
    }
}

/// Whether a text is digits and nothing else.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
