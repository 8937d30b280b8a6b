//! JSON numbers, quickly.

use crate::objects::{Cursor, Parsed};

/// A JSON number: whole when it is written so and fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Integer(i64),
    Float(f64),
}

/// The powers of ten a double holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];
const EXACT_MANTISSA: u64 = 1 << 53;
/// So many digits never overflow the mantissa.
const MANTISSA_DIGITS: usize = 19;

/// A number as it is written.
struct Decimal {
    start: usize,
    is_negative: bool,
    mantissa: u64,
    digits: usize,
    exponent: i32,
    is_whole: bool,
}

impl Cursor<'_> {
    /// Takes a number; the cursor stands on its first byte.
    #[inline]
    pub(crate) fn number(&mut self) -> Parsed<Number> {
        let decimal = self.decimal()?;
        if decimal.is_whole && decimal.digits <= MANTISSA_DIGITS {
            let magnitude = decimal.mantissa;
            if let Ok(value) = i64::try_from(magnitude) {
                return Ok(Number::Integer(if decimal.is_negative { -value } else { value }));
            }
            if decimal.is_negative && magnitude == i64::MIN.unsigned_abs() {
                return Ok(Number::Integer(i64::MIN));
            }
        }
        Ok(Number::Float(self.to_float(&decimal)))
    }

    /// Takes a number as a double; the cursor stands on its first byte.
    #[inline]
    pub(crate) fn float(&mut self) -> Parsed<f64> {
        let decimal = self.decimal()?;
        Ok(self.to_float(&decimal))
    }

    #[inline]
    fn to_float(&self, decimal: &Decimal) -> f64 {
        if decimal.digits <= MANTISSA_DIGITS && decimal.mantissa <= EXACT_MANTISSA {
            let power = POWERS.get(decimal.exponent.unsigned_abs() as usize);
            if let Some(power) = power {
                // Both operands are exact, so the one rounding is the right one.
                let mantissa = decimal.mantissa as f64;
                let value = if decimal.exponent < 0 { mantissa / power } else { mantissa * power };
                return if decimal.is_negative { -value } else { value };
            }
        }
        let text = self.slice(decimal.start, self.position());
        let text = std::str::from_utf8(text).unwrap_or_default();
        text.parse().unwrap_or(f64::NAN)
    }

    #[inline]
    fn decimal(&mut self) -> Parsed<Decimal> {
        let start = self.position();
        let is_negative = self.peek() == Some(b'-');
        self.advance(usize::from(is_negative));
        let mut mantissa = 0;
        let whole_digits = self.digits(&mut mantissa);
        if whole_digits == 0 {
            return Err(self.expected_what("a number"));
        }
        if whole_digits > 1
            && self.slice(self.position() - whole_digits, self.position()).starts_with(b"0")
        {
            return Err(self.fault("a number cannot start with 0"));
        }
        let mut decimal = Decimal {
            start,
            is_negative,
            mantissa,
            digits: whole_digits,
            exponent: 0,
            is_whole: true,
        };
        if self.peek() == Some(b'.') {
            self.advance(1);
            let count = self.digits(&mut decimal.mantissa);
            if count == 0 {
                return Err(self.expected_what("a digit"));
            }
            decimal.digits += count;
            decimal.exponent = i32::try_from(count).map_or(i32::MIN, |count| -count);
            decimal.is_whole = false;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.exponent(&mut decimal)?;
        }
        Ok(decimal)
    }

    fn exponent(&mut self, decimal: &mut Decimal) -> Parsed<()> {
        self.advance(1);
        let is_negative = self.peek() == Some(b'-');
        self.advance(usize::from(matches!(self.peek(), Some(b'+' | b'-'))));
        let mut magnitude = 0;
        let count = self.digits(&mut magnitude);
        if count == 0 {
            return Err(self.expected_what("a digit"));
        }
        // Anything beyond the exact powers goes to the careful parser.
        let magnitude = if count > 6 { 1_000_000 } else { magnitude };
        let magnitude = i32::try_from(magnitude).unwrap_or(1_000_000);
        let signed = if is_negative { -magnitude } else { magnitude };
        decimal.exponent = decimal.exponent.saturating_add(signed);
        decimal.is_whole = false;
        Ok(())
    }

    /// Takes digits into `mantissa`, wrapping around, and returns how many there were.
    #[inline]
    fn digits(&mut self, mantissa: &mut u64) -> usize {
        let start = self.position();
        let mut rest = self.rest();
        while let Some((eight, tail)) = rest.split_first_chunk::<8>() {
            let Some(value) = eight_digits(u64::from_le_bytes(*eight)) else { break };
            *mantissa = mantissa.wrapping_mul(100_000_000).wrapping_add(value);
            self.advance(8);
            rest = tail;
        }
        for byte in rest {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            *mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
            self.advance(1);
        }
        self.position() - start
    }
}

/// Returns the value of eight ASCII digits, the first in the lowest byte.
#[inline]
fn eight_digits(text: u64) -> Option<u64> {
    const HIGH_NIBBLES: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    const ZEROES: u64 = 0x3030_3030_3030_3030;
    let are_digits = (text & HIGH_NIBBLES) == ZEROES
        && (text.wrapping_add(0x0606_0606_0606_0606) & HIGH_NIBBLES) == ZEROES;
    if !are_digits {
        return None;
    }
    // Pairs, then fours, then all eight, each step in one multiplication.
    let digits = text - ZEROES;
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours * 10_000 + (fours >> 32)) & 0xffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<Number> {
        let mut cursor = Cursor::new(text.as_bytes());
        let number = cursor.number().ok()?;
        (cursor.position() == text.len()).then_some(number)
    }

    #[test]
    fn numbers_agree_with_the_standard_library() {
        for text in [
            "0",
            "-0",
            "1",
            "12345678",
            "123456789",
            "-12345678.87654321",
            "0.1",
            "1e5",
            "1E+5",
            "1.5e-7",
            "123456789012345678",
            "9223372036854775807",
            "-9223372036854775808",
            "9223372036854775808",
            "18446744073709551616",
            "0.30000000000000004",
            "179.99999999999997",
            "2.2250738585072011e-308",
            "1e400",
            "-1e400",
            "1e-400",
            "123456789012345678901234567890",
            "0.000000000000000000000000000001",
            "1e22",
            "1e23",
            "9007199254740993",
            "9007199254740993.0",
            "1e9999999999",
        ] {
            let value = match parse(text).expect(text) {
                Number::Integer(value) => {
                    assert_eq!(Ok(value), text.parse::<i64>(), "{text}");
                    continue;
                }
                Number::Float(value) => value,
            };
            assert_eq!(Ok(value.to_bits()), text.parse::<f64>().map(f64::to_bits), "{text}");
        }
    }

    #[test]
    fn what_json_does_not_allow_is_refused() {
        for text in ["", "-", ".5", "1.", "+1", "01", "-01", "1e", "1e+", "NaN", "Infinity", "0x10"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn random_coordinates_are_exact() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let value = (state >> 11) as f64 / (1_u64 << 53) as f64 * 360.0 - 180.0;
            for text in [format!("{value}"), format!("{value:.6}"), format!("{value:e}")] {
                let mut cursor = Cursor::new(text.as_bytes());
                assert_eq!(cursor.float().ok(), text.parse().ok(), "{text}");
            }
        }
    }
}
