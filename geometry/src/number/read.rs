//! Numbers read from text.

use super::EXACT_POWERS;

/// Reads the number at the start of the bytes: its value and how many bytes it takes.
///
/// An optional sign, digits with at most one point, an optional exponent.
pub(crate) fn read_prefix(bytes: &[u8]) -> Option<(f64, usize)> {
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
