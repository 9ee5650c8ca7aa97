//! Whole numbers of any size as decimal digits.

use std::fmt::Write as _;

/// A whole number in limbs of nine decimal digits, the lowest first.
#[derive(Default)]
pub(crate) struct Decimal(Vec<u32>);

impl Decimal {
    const LIMB: u64 = 1_000_000_000;

    /// Multiplies by a number and adds another.
    pub(crate) fn push(&mut self, base: u32, digit: u32) {
        let mut carry = u64::from(digit);

        for limb in &mut self.0 {
            // Below 2^30 times 2^32, plus less than 2^33: no overflow.
            let product = u64::from(*limb).wrapping_mul(u64::from(base)).wrapping_add(carry);
            *limb = u32::try_from(product % Self::LIMB).unwrap_or_default();
            carry = product / Self::LIMB;
        }

        while carry > 0 {
            self.0.push(u32::try_from(carry % Self::LIMB).unwrap_or_default());
            carry /= Self::LIMB;
        }
    }

    /// The digits, without leading zeros.
    pub(crate) fn into_text(self) -> String {
        let mut limbs = self.0.into_iter().rev();
        let mut text = limbs.next().unwrap_or_default().to_string();

        for limb in limbs {
            // Writing to a string does not fail.
            let _ = write!(text, "{limb:09}");
        }

        text
    }
}

/// Every digit of a whole float, however large. Rust's own printing of floats would be 18 KB of the component.
pub(crate) fn whole_digits(float: f64) -> String {
    const EXPONENT_BIAS: u64 = 1075;
    const MANTISSA_BITS: u32 = 52;

    let bits = float.abs().to_bits();
    let exponent = (bits >> MANTISSA_BITS).saturating_sub(EXPONENT_BIAS);

    if exponent == 0 {
        #[allow(clippy::cast_possible_truncation, reason = "below 2^53")]
        return (float as i64).to_string();
    }

    let mantissa = (bits & ((1 << MANTISSA_BITS) - 1)) | (1 << MANTISSA_BITS);
    let mut number = Decimal::default();
    number.push(1, u32::try_from(mantissa >> 32).unwrap_or_default());
    for half in [(mantissa >> 16) & 0xffff, mantissa & 0xffff] {
        number.push(1 << 16, u32::try_from(half).unwrap_or_default());
    }

    // As many powers of two at once as a factor has room for.
    let mut left = u32::try_from(exponent).unwrap_or_default();
    while left > 0 {
        let shift = left.min(31);
        number.push(1 << shift, 0);
        left = left.saturating_sub(shift);
    }

    let sign = if float < 0.0 { "-" } else { "" };
    format!("{sign}{}", number.into_text())
}
