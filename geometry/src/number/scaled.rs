//! Numbers written by scaling them to whole numbers, which is quicker than to look for their
//! shortest digits.

use super::{Ascii, EXACT_POWERS, SMALLEST_FIXED, whole};

/// The powers of ten up to the largest that scaled numbers are divided by.
const WHOLE_POWERS: [u64; MOST_SCALED + 1] = {
    let mut powers = [1; MOST_SCALED + 1];
    let mut index = 1;
    while index <= MOST_SCALED {
        powers[index] = powers[index - 1] * 10;
        index += 1;
    }
    powers
};

/// Below this magnitude a scaled number is precise enough to be rounded.
const LARGEST_SCALED: f64 = 1e13;
/// How close to a half a scaled number has to be for its rounding to depend on its last digits.
const UNCLEAR: f64 = 0.01;
/// The most decimals of a scaled number.
const MOST_SCALED: usize = 12;
/// Where its point is, behind up to 14 digits.
const POINT: usize = 14;

/// Writes a positive number with at most a number of decimals by scaling it to a whole number, or
/// returns that its digits have to be looked at.
pub(super) fn write_scaled(
    out: &mut impl Ascii,
    magnitude: f64,
    is_negative: bool,
    max_decimals: usize,
) -> bool {
    let (Some(power), Some(unit), Some(missing)) = (
        EXACT_POWERS.get(max_decimals),
        WHOLE_POWERS.get(max_decimals),
        MOST_SCALED.checked_sub(max_decimals).and_then(|missing| WHOLE_POWERS.get(missing)),
    ) else {
        return false;
    };
    let scaled = magnitude * power;
    if !(1.0..LARGEST_SCALED).contains(&scaled) || magnitude <= SMALLEST_FIXED {
        return false;
    }
    let below = whole(scaled);
    let above_half = scaled - below as f64 - 0.5;
    if above_half.abs() < UNCLEAR {
        return false;
    }
    let rounded = below.unsigned_abs() + u64::from(above_half > 0.0);
    let mut buffer = [b'0'; POINT + 1 + MOST_SCALED];
    let (units, rest) = split(rounded, *unit);
    let start = put_whole(&mut buffer, units);
    buffer[POINT] = b'.';
    // Twelve digits in groups that do not wait for each other.
    let decimals = rest * missing;
    let groups = [decimals / 100_000_000, decimals / 10_000 % 10_000, decimals % 10_000];
    for (group, place) in groups.into_iter().zip((POINT + 1..).step_by(4)) {
        put_pair(&mut buffer, place, group / 100);
        put_pair(&mut buffer, place + 2, group % 100);
    }
    let mut end = POINT + 1 + max_decimals;
    while buffer[end - 1] == b'0' {
        end -= 1;
    }
    if end == POINT + 1 {
        end = POINT;
    }
    if is_negative {
        out.push_ascii(b"-");
    }
    out.push_ascii(&buffer[start..end]);
    true
}

/// Divides a scaled number into its whole part and its decimals; by the power of nine decimals, which
/// most texts have, without an instruction that divides.
fn split(scaled: u64, unit: u64) -> (u64, u64) {
    const NINE_DECIMALS: u64 = WHOLE_POWERS[9];
    if unit == NINE_DECIMALS {
        (scaled / NINE_DECIMALS, scaled % NINE_DECIMALS)
    } else {
        (scaled / unit, scaled % unit)
    }
}

/// Puts a whole number in front of the point, and returns where it starts.
fn put_whole(buffer: &mut [u8], mut whole: u64) -> usize {
    let mut start = POINT;
    while whole >= 100 {
        start -= 2;
        put_pair(buffer, start, whole % 100);
        whole /= 100;
    }
    start -= 2;
    put_pair(buffer, start, whole);
    start + usize::from(whole < 10)
}

/// Puts the two digits of a number below 100 at a place.
#[inline]
fn put_pair(buffer: &mut [u8], place: usize, number: u64) {
    // A digit fits into a byte.
    let digit = |value: u64| b'0' + u8::try_from(value).unwrap_or(0);
    buffer[place] = digit(number / 10);
    buffer[place + 1] = digit(number % 10);
}

#[cfg(test)]
mod tests {
    use super::super::Decimal;
    use super::*;

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
}
