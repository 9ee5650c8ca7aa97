//! Floats as Python writes them.

use std::fmt;

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
        let (sign, mantissa) =
            mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{}", if fraction == "0" { "" } else { fraction });
        let significant = all.trim_start_matches('0');
        // Where the point stands, counted from the first significant digit.
        let leading =
            length(whole).saturating_sub(length(&all).saturating_sub(length(significant)));
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
                    None => {
                        write!(f, "{digits}{}.0", "0".repeat(point.saturating_sub(digits.len())))
                    }
                }
            }
        }
    }
}

/// The length of a short text of digits.
fn length(digits: &str) -> i32 {
    i32::try_from(digits.len()).unwrap_or(i32::MAX)
}
