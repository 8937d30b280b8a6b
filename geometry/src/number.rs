//! Numbers as text: ordinates written as PostGIS writes them, and read quickly.

/// Up to and including this magnitude numbers are written with an exponent.
const SMALLEST_FIXED: f64 = 1e-8;
/// From this magnitude on numbers are written with an exponent.
const LARGEST_FIXED: f64 = 1e15;

/// Writes an ordinate with at most a number of decimals, rounded half to even.
///
/// The digits are the fewest that identify the number. There is no negative zero.
pub fn write_ordinate(out: &mut String, value: f64, max_decimals: usize) {
    let magnitude = value.abs();
    if magnitude == 0.0 {
        out.push('0');
        return;
    }
    if magnitude < LARGEST_FIXED && magnitude.trunc() == magnitude {
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

#[expect(clippy::cast_possible_truncation, reason = "the caller checked the range")]
fn write_integer(out: &mut String, value: f64) {
    let integer = value as i64;
    if integer < 0 {
        out.push('-');
    }
    push_digits(out, &mut [0; 20], integer.unsigned_abs());
}

fn write_special(out: &mut String, value: f64) {
    out.push_str(if value.is_nan() {
        "NaN"
    } else if value < 0.0 {
        "-Infinity"
    } else {
        "Infinity"
    });
}

/// Below this magnitude a scaled number is precise enough to be rounded.
const LARGEST_SCALED: f64 = 1e13;
/// How close to a half a scaled number has to be for its rounding to depend on its last digits.
const UNCLEAR: f64 = 0.01;
/// The bytes of a scaled number: 13 digits, a point and a zero in front.
const SCALED_SIZE: usize = 24;

/// Writes a positive number with at most a number of decimals by scaling it to a whole number, or
/// returns that its digits have to be looked at.
fn write_scaled(out: &mut String, magnitude: f64, is_negative: bool, max_decimals: usize) -> bool {
    let Some(power) = EXACT_POWERS.get(max_decimals).filter(|_| max_decimals <= 12) else {
        return false;
    };
    let scaled = magnitude * power;
    if !(1.0..LARGEST_SCALED).contains(&scaled)
        || magnitude <= SMALLEST_FIXED
        || (scaled.fract() - 0.5).abs() < UNCLEAR
    {
        return false;
    }
    // The value is positive and far below the largest integer.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "see above")]
    let mut digits = (scaled + 0.5) as u64;
    let mut decimals = max_decimals;
    while decimals > 0 && digits.is_multiple_of(10) {
        digits /= 10;
        decimals -= 1;
    }
    let mut buffer = [b'0'; SCALED_SIZE];
    let mut start = SCALED_SIZE;
    for place in 0.. {
        if place == decimals && decimals > 0 {
            start -= 1;
            buffer[start] = b'.';
        }
        if place > decimals && digits == 0 {
            break;
        }
        start -= 1;
        // A remainder of ten fits into a byte.
        buffer[start] = b'0' + u8::try_from(digits % 10).unwrap_or(0);
        digits /= 10;
    }
    if is_negative {
        out.push('-');
    }
    push_ascii(out, &buffer[start..]);
    true
}

/// The most bytes of a number without an exponent.
const FIXED_SIZE: usize = 40;

/// Writes a positive number, given as digits around a point, with at most a number of decimals,
/// rounded half to even; or returns that it is spelt otherwise.
fn write_rounded(out: &mut String, text: &str, is_negative: bool, max_decimals: usize) -> bool {
    let number = text.as_bytes();
    let Some(point) = number.iter().position(|byte| *byte == b'.') else { return false };
    let (whole, decimals) = (&number[..point], &number[point + 1..]);
    if number.len() >= FIXED_SIZE || whole.is_empty() || !decimals.iter().all(u8::is_ascii_digit) {
        return false;
    }
    if decimals.len() <= max_decimals {
        if is_negative {
            out.push('-');
        }
        out.push_str(text);
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
        out.push('-');
    }
    push_ascii(out, rounded);
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

    fn write_fixed(self, out: &mut String, is_negative: bool, max_decimals: usize) {
        let decimals = usize::try_from(-self.exponent).unwrap_or(0);
        let surplus = decimals.saturating_sub(max_decimals);
        let rounded = if surplus == 0 {
            self
        } else {
            self.without_last(u32::try_from(surplus).unwrap_or(u32::MAX))
        };
        if rounded.digits == 0 {
            out.push('0');
            return;
        }
        if is_negative {
            out.push('-');
        }
        let mut buffer = [0; 20];
        let digits = ascii_digits(&mut buffer, rounded.digits);
        let Ok(decimals) = usize::try_from(-rounded.exponent) else {
            push_ascii(out, digits);
            push_zeros(out, usize::try_from(rounded.exponent).unwrap_or(0));
            return;
        };
        let Some(whole) = digits.len().checked_sub(decimals).filter(|whole| *whole > 0) else {
            out.push_str("0.");
            push_zeros(out, decimals - digits.len());
            push_ascii(out, digits);
            return;
        };
        let (whole, fraction) = digits.split_at(whole);
        push_ascii(out, whole);
        if !fraction.is_empty() {
            out.push('.');
            push_ascii(out, fraction);
        }
    }

    fn write_exponential(self, out: &mut String, is_negative: bool, max_decimals: usize) {
        let mut buffer = [0; 20];
        let surplus = ascii_digits(&mut buffer, self.digits).len().saturating_sub(1 + max_decimals);
        let rounded = if surplus == 0 {
            self
        } else {
            self.without_last(u32::try_from(surplus).unwrap_or(u32::MAX))
        };
        if is_negative {
            out.push('-');
        }
        let digits = ascii_digits(&mut buffer, rounded.digits);
        let (first, rest) = digits.split_at(1);
        push_ascii(out, first);
        if !rest.is_empty() {
            out.push('.');
            push_ascii(out, rest);
        }
        let exponent = rounded.exponent + i32::try_from(rest.len()).unwrap_or(0);
        out.push_str(if exponent < 0 { "e-" } else { "e+" });
        push_digits(out, &mut buffer, u64::from(exponent.unsigned_abs()));
    }
}

fn push_digits(out: &mut String, buffer: &mut [u8; 20], value: u64) {
    push_ascii(out, ascii_digits(buffer, value));
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

fn push_ascii(out: &mut String, digits: &[u8]) {
    out.push_str(std::str::from_utf8(digits).unwrap_or_default());
}

fn push_zeros(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n('0', count));
}

/// The powers of ten that a double holds exactly.
const EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// Reads the number at the start of the bytes: its value and how many bytes it takes.
///
/// An optional sign, digits with at most one point, an optional exponent.
pub fn read_prefix(bytes: &[u8]) -> Option<(f64, usize)> {
    let mut position = usize::from(matches!(bytes.first(), Some(b'-' | b'+')));
    let is_negative = bytes.first() == Some(&b'-');
    let (mut mantissa, mut digit_count, mut decimals) = (0_u64, 0_usize, 0_usize);
    let mut after_point = false;
    while let Some(&byte) = bytes.get(position) {
        match byte {
            b'0'..=b'9' => {
                mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
                digit_count += 1;
                decimals += usize::from(after_point);
            }
            b'.' if !after_point => after_point = true,
            _ => break,
        }
        position += 1;
    }
    if digit_count == 0 {
        return None;
    }
    let has_exponent = matches!(bytes.get(position), Some(b'e' | b'E'));
    // When the mantissa and the power are exact, one division rounds correctly.
    if !has_exponent
        && digit_count <= 19
        && mantissa <= 1 << f64::MANTISSA_DIGITS
        && let Some(power) = EXACT_POWERS.get(decimals)
    {
        let value = mantissa as f64 / power;
        return Some((if is_negative { -value } else { value }, position));
    }
    if has_exponent {
        let sign = usize::from(matches!(bytes.get(position + 1), Some(b'-' | b'+')));
        let digits = bytes.get(position + 1 + sign..).unwrap_or_default();
        let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if length > 0 {
            position += 1 + sign + length;
        }
    }
    let text = std::str::from_utf8(bytes.get(..position)?).ok()?;
    text.parse().ok().map(|value| (value, position))
}

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

    #[test]
    fn scaled_numbers_are_rounded_as_their_digits_are() {
        let mut state = 1_u64;
        for _ in 0..100_000 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let unit = (state >> 11) as f64 / (1_u64 << 53) as f64;
            let decimals = usize::try_from(state % 13).unwrap_or(0);
            let scale = EXACT_POWERS[usize::try_from(state >> 32).unwrap_or(0) % 8];
            for value in
                [unit * scale, (unit * scale * 1e4).round() / 1e4, (unit * 1e3).round() / 8.0]
            {
                let mut scaled = String::new();
                if !write_scaled(&mut scaled, value, false, decimals) {
                    continue;
                }
                let mut expected = String::new();
                let mut buffer = zmij::Buffer::new();
                let decimal = Decimal::read(buffer.format_finite(value));
                decimal.without_zeros().write_fixed(&mut expected, false, decimals);
                assert_eq!(scaled, expected, "{value:?} with {decimals} decimals");
            }
        }
    }

    #[test]
    fn numbers_are_read_to_the_last_bit() {
        for text in [
            "0",
            "-0",
            "1.5",
            "-71.0325022849392",
            "179.99999999999997",
            "1e3",
            "1E-7",
            "+2.",
            ".5",
            "123456789012345678901234567890",
            "2.2250738585072014e-308",
            "0.1",
            "1e400",
        ] {
            let expected: f64 = text.parse().expect("a number");
            let (value, length) = read_prefix(text.as_bytes()).expect("a number");
            assert_eq!(value.to_bits(), expected.to_bits(), "{text}");
            assert_eq!(length, text.len(), "{text}");
        }
        assert_eq!(read_prefix(b"1.5.2"), Some((1.5, 3)));
        assert_eq!(read_prefix(b"1e"), Some((1.0, 1)));
        for text in ["", "-", ".", "e5", "abc", "+."] {
            assert_eq!(read_prefix(text.as_bytes()), None, "{text}");
        }
    }
}
