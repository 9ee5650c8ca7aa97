//! Values to text.

use std::fmt;

/// A float as Python's `repr` writes it: the shortest digits that read back the same, `1e+16`, `0.0001`, `1.0`.
#[derive(Clone, Copy, Debug)]
pub struct PythonFloat(pub f64);

impl fmt::Display for PythonFloat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scientific = format!("{:e}", self.0);
        let Some((digits, exponent)) = scientific.split_once('e') else { return f.write_str(&scientific) };
        let exponent: i32 = exponent.parse().map_err(|_| fmt::Error)?;
        if (-4..16).contains(&exponent) {
            // Rust's plain notation has the same digits; Python always shows a fraction.
            let plain = format!("{}", self.0);
            f.write_str(&plain)?;
            if plain.contains('.') { Ok(()) } else { f.write_str(".0") }
        } else {
            write!(f, "{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.unsigned_abs())
        }
    }
}
