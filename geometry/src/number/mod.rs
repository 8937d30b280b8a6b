//! Numbers as text: ordinates written as PostGIS writes them, and read quickly.

mod read;
mod scaled;

pub(crate) use read::read_prefix;
use scaled::write_scaled;

/// Up to and including this magnitude numbers are written with an exponent.
const SMALLEST_FIXED: f64 = 1e-8;
/// From this magnitude on numbers are written with an exponent.
const LARGEST_FIXED: f64 = 1e15;

/// What ASCII text is appended to.
pub(crate) trait Ascii {
    /// Appends text of ASCII characters.
    fn push_ascii(&mut self, text: &[u8]);
}

impl Ascii for String {
    #[inline]
    fn push_ascii(&mut self, text: &[u8]) {
        self.push_str(std::str::from_utf8(text).unwrap_or_default());
    }
}

/// Bytes that become text at the end need not be looked at number by number.
impl Ascii for Vec<u8> {
    #[inline]
    fn push_ascii(&mut self, text: &[u8]) {
        self.extend_from_slice(text);
    }
}

/// Returns an ordinate as text with at most 15 decimals.
pub fn ordinate_text(value: f64) -> String {
    let mut text = String::new();
    write_ordinate(&mut text, value, 15);
    text
}

/// Writes an ordinate with at most a number of decimals, rounded half to even.
///
/// The digits are the fewest that identify the number. There is no negative zero.
pub(crate) fn write_ordinate(out: &mut impl Ascii, value: f64, max_decimals: usize) {
    let magnitude = value.abs();
    if magnitude == 0.0 {
        out.push_ascii(b"0");
        return;
    }
    if magnitude < LARGEST_FIXED && whole(magnitude) as f64 == magnitude {
        write_integer(out, value);
        return;
    }
    if !value.is_finite() {
        write_special(out, value);
        return;
    }
    let is_negative = value < 0.0;
    if write_scaled(out, magnitude, is_negative, max_decimals) {
        return;
    }
    let mut buffer = zmij::Buffer::new();
    let shortest = buffer.format_finite(magnitude);
    if magnitude > SMALLEST_FIXED
        && magnitude < LARGEST_FIXED
        && write_rounded(out, shortest, is_negative, max_decimals)
    {
        return;
    }
    let decimal = Decimal::read(shortest);
    if magnitude <= SMALLEST_FIXED || magnitude >= LARGEST_FIXED {
        decimal.write_exponential(out, is_negative, max_decimals);
    } else {
        decimal.write_fixed(out, is_negative, max_decimals);
    }
}

/// Returns a number of moderate size without its decimals, in one instruction; `trunc` is a call
/// where SSE 4.1 is not taken for granted.
#[expect(clippy::cast_possible_truncation, reason = "the caller checked the range")]
#[inline]
fn whole(value: f64) -> i64 {
    value as i64
}

fn write_integer(out: &mut impl Ascii, value: f64) {
    let integer = whole(value);
    if integer < 0 {
        out.push_ascii(b"-");
    }
    push_digits(out, &mut [0; 20], integer.unsigned_abs());
}

fn write_special(out: &mut impl Ascii, value: f64) {
    let text = if value.is_nan() {
        "NaN"
    } else if value < 0.0 {
        "-Infinity"
    } else {
        "Infinity"
    };
    out.push_ascii(text.as_bytes());
}

/// The most bytes of a number without an exponent.
const FIXED_SIZE: usize = 40;

/// Writes a positive number, given as digits around a point, with at most a number of decimals,
/// rounded half to even; or returns that it is spelt otherwise.
fn write_rounded(out: &mut impl Ascii, text: &str, is_negative: bool, max_decimals: usize) -> bool {
    let number = text.as_bytes();
    let Some(point) = number.iter().position(|byte| *byte == b'.') else { return false };
    let (whole, decimals) = (&number[..point], &number[point + 1..]);
    if number.len() >= FIXED_SIZE || whole.is_empty() || !decimals.iter().all(u8::is_ascii_digit) {
        return false;
    }
    if decimals.len() <= max_decimals {
        if is_negative {
            out.push_ascii(b"-");
        }
        out.push_ascii(number);
        return true;
    }
    // One byte more in front, for what is carried out of the first digit.
    let mut buffer = [b'0'; FIXED_SIZE + 1];
    let mut end = point + 2 + max_decimals;
    buffer[1..end].copy_from_slice(&number[..=point + max_decimals]);
    let (dropped, more) = (decimals[max_decimals], decimals.len() > max_decimals + 1);
    let last = if max_decimals > 0 { decimals[max_decimals - 1] } else { whole[point - 1] };
    let is_up = dropped > b'5' || (dropped == b'5' && (more || last % 2 == 1));
    if is_up {
        for digit in buffer[..end].iter_mut().rev().filter(|digit| **digit != b'.') {
            if *digit < b'9' {
                *digit += 1;
                break;
            }
            *digit = b'0';
        }
    }
    while buffer[end - 1] == b'0' {
        end -= 1;
    }
    if buffer[end - 1] == b'.' {
        end -= 1;
    }
    let start = usize::from(buffer[0] == b'0');
    let rounded = &buffer[start..end];
    if is_negative && rounded != b"0" {
        out.push_ascii(b"-");
    }
    out.push_ascii(rounded);
    true
}

/// A positive number as `digits * 10^exponent`, without trailing zeros in the digits.
#[derive(Debug, Clone, Copy)]
struct Decimal {
    digits: u64,
    exponent: i32,
}

impl Decimal {
    /// Returns the decimal that a text spells: digits, a point, an exponent.
    fn read(text: &str) -> Self {
        let (mut digits, mut decimals, mut exponent) = (0_u64, 0, 0);
        let mut bytes = text.bytes();
        let mut after_point = false;
        for byte in bytes.by_ref() {
            match byte {
                b'.' => after_point = true,
                b'e' => break,
                digit => {
                    digits = digits * 10 + u64::from(digit.wrapping_sub(b'0'));
                    decimals += i32::from(after_point);
                }
            }
        }
        let mut is_negative = false;
        for byte in bytes {
            match byte {
                b'-' => is_negative = true,
                b'+' => {}
                digit => exponent = exponent * 10 + i32::from(digit.wrapping_sub(b'0')),
            }
        }
        let exponent = if is_negative { -exponent } else { exponent };
        Self { digits, exponent: exponent - decimals }.without_zeros()
    }

    /// Returns the same number without trailing zeros in its digits.
    fn without_zeros(mut self) -> Self {
        while self.digits != 0 && self.digits.is_multiple_of(10) {
            self.digits /= 10;
            self.exponent += 1;
        }
        self
    }

    /// Returns the number without its last digits, rounded half to even.
    fn without_last(self, count: u32) -> Self {
        let Some(divisor) = 10_u64.checked_pow(count) else {
            return Self { digits: 0, exponent: 0 };
        };
        let rest = self.digits % divisor;
        let mut digits = self.digits / divisor;
        let half = divisor / 2;
        if rest > half || (rest == half && digits % 2 == 1) {
            digits += 1;
        }
        Self { digits, exponent: self.exponent.saturating_add_unsigned(count) }.without_zeros()
    }

    fn write_fixed(self, out: &mut impl Ascii, is_negative: bool, max_decimals: usize) {
        let decimals = usize::try_from(-self.exponent).unwrap_or(0);
        let surplus = decimals.saturating_sub(max_decimals);
        let rounded = if surplus == 0 {
            self
        } else {
            self.without_last(u32::try_from(surplus).unwrap_or(u32::MAX))
        };
        if rounded.digits == 0 {
            out.push_ascii(b"0");
            return;
        }
        if is_negative {
            out.push_ascii(b"-");
        }
        let mut buffer = [0; 20];
        let digits = ascii_digits(&mut buffer, rounded.digits);
        let Ok(decimals) = usize::try_from(-rounded.exponent) else {
            out.push_ascii(digits);
            push_zeros(out, usize::try_from(rounded.exponent).unwrap_or(0));
            return;
        };
        let Some(whole) = digits.len().checked_sub(decimals).filter(|whole| *whole > 0) else {
            out.push_ascii(b"0.");
            push_zeros(out, decimals - digits.len());
            out.push_ascii(digits);
            return;
        };
        let (whole, fraction) = digits.split_at(whole);
        out.push_ascii(whole);
        if !fraction.is_empty() {
            out.push_ascii(b".");
            out.push_ascii(fraction);
        }
    }

    fn write_exponential(self, out: &mut impl Ascii, is_negative: bool, max_decimals: usize) {
        let mut buffer = [0; 20];
        let surplus = ascii_digits(&mut buffer, self.digits).len().saturating_sub(1 + max_decimals);
        let rounded = if surplus == 0 {
            self
        } else {
            self.without_last(u32::try_from(surplus).unwrap_or(u32::MAX))
        };
        if is_negative {
            out.push_ascii(b"-");
        }
        let digits = ascii_digits(&mut buffer, rounded.digits);
        let (first, rest) = digits.split_at(1);
        out.push_ascii(first);
        if !rest.is_empty() {
            out.push_ascii(b".");
            out.push_ascii(rest);
        }
        let exponent = rounded.exponent + i32::try_from(rest.len()).unwrap_or(0);
        out.push_ascii(if exponent < 0 { b"e-" } else { b"e+" });
        push_digits(out, &mut buffer, u64::from(exponent.unsigned_abs()));
    }
}

fn push_digits(out: &mut impl Ascii, buffer: &mut [u8; 20], value: u64) {
    out.push_ascii(ascii_digits(buffer, value));
}

fn ascii_digits(buffer: &mut [u8; 20], mut value: u64) -> &[u8] {
    let mut start = buffer.len();
    for (index, place) in buffer.iter_mut().enumerate().rev() {
        // A remainder of ten fits into a byte.
        *place = b'0' + u8::try_from(value % 10).unwrap_or(0);
        value /= 10;
        start = index;
        if value == 0 {
            break;
        }
    }
    buffer.get(start..).unwrap_or_default()
}

fn push_zeros(out: &mut impl Ascii, count: usize) {
    for _ in 0..count {
        out.push_ascii(b"0");
    }
}

/// The powers of ten that a double holds exactly.
const EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: f64, max_decimals: usize) -> String {
        let mut out = String::new();
        write_ordinate(&mut out, value, max_decimals);
        out
    }

    #[test]
    fn numbers_look_as_in_postgis() {
        let cases = [
            (0.1 + 0.2, "0.3"),
            (1.0 / 3.0, "0.333333333333333"),
            (2.0 / 3.0, "0.666666666666667"),
            (1e20, "1e+20"),
            (1e-10, "1e-10"),
            (1e-8, "1e-8"),
            (1e16, "1e+16"),
            (1e15, "1e+15"),
            (1e-7, "0.0000001"),
            (123_456_789_012_345_680.0, "1.234567890123457e+17"),
            (999_999_999_999_999.0, "999999999999999"),
            (-0.0, "0"),
            (-100.0, "-100"),
            (1.10, "1.1"),
            (-71.032_502_284_939_2, "-71.0325022849392"),
            (1.5e-9, "1.5e-9"),
            (1e308, "1e+308"),
            (123_456.789, "123456.789"),
            (0.999_999_999_999_999_9, "1"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ];
        for (value, text) in cases {
            assert_eq!(written(value, 15), text);
        }
    }

    #[test]
    fn decimals_are_rounded_half_to_even() {
        let cases = [
            (2.5, 0, "2"),
            (3.5, 0, "4"),
            (0.5, 0, "0"),
            (-0.4, 0, "0"),
            (1.005, 2, "1"),
            (1.015, 2, "1.02"),
            (99.99, 1, "100"),
            (-12.345_678, 3, "-12.346"),
            (0.000_012, 3, "0"),
            (9.9999e20, 2, "1e+21"),
            (1.25e20, 1, "1.2e+20"),
        ];
        for (value, decimals, text) in cases {
            assert_eq!(written(value, decimals), text);
        }
    }
}
