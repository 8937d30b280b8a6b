//! Numbers as `PostgreSQL` writes them.

use std::fmt::{Display, LowerExp, Write as _};

use arrow::datatypes::{DECIMAL_DEFAULT_SCALE, DECIMAL128_MAX_PRECISION, DataType};

/// The digits of a number of type `numeric` before and behind its point.
const MOST_DIGITS: (usize, usize) = (131_072, 16_383);

/// Writes a double with the fewest digits that tell it from others.
pub fn write_double(value: f64, out: &mut String) {
    if value.is_finite() { write_finite(value, 15, out) } else { write_special(value, out) }
}

/// Writes a number of single precision with the fewest digits that tell it from others.
pub fn write_single(value: f32, out: &mut String) {
    if value.is_finite() { write_finite(value, 6, out) } else { write_special(value.into(), out) }
}

/// Returns whether a type is what `numeric` without digits is here, a product of such, or what the
/// query engine makes of a decimal beside a double. Its numbers have no more digits behind their
/// point than they need.
pub fn is_free_numeric(data_type: &DataType) -> bool {
    const PRODUCT: i8 = 2 * DECIMAL_DEFAULT_SCALE;
    const BESIDE_DOUBLES: i8 = 15;
    let DataType::Decimal128(precision, scale) = data_type else { return false };
    match *scale {
        DECIMAL_DEFAULT_SCALE | PRODUCT => *precision == DECIMAL128_MAX_PRECISION,
        BESIDE_DOUBLES => matches!(*precision, 30 | DECIMAL128_MAX_PRECISION),
        _ => false,
    }
}

/// Returns the digits of a number without the zeros that say nothing.
pub fn without_zeros(number: &str) -> &str {
    if !number.contains('.') {
        return number;
    }
    number.trim_end_matches('0').trim_end_matches('.')
}

/// Writes a number, with an exponent from `10^most` on.
fn write_finite<T: Display + LowerExp>(value: T, most: i32, out: &mut String) {
    let text = format!("{value:e}");
    let parts = text.split_once('e');
    let exponent = parts.and_then(|(_, exponent)| exponent.parse::<i32>().ok());
    // Writing to a text cannot fail.
    match parts.zip(exponent) {
        Some(((digits, _), exponent)) if !(-4..most).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            let _ = write!(out, "{digits}e{sign}{:02}", exponent.unsigned_abs());
        }
        _ => {
            let _ = write!(out, "{value}");
        }
    }
}

/// Writes what is no number in JSON.
fn write_special(value: f64, out: &mut String) {
    out.push_str(match value {
        value if value.is_nan() => "\"NaN\"",
        value if value > 0.0 => "\"Infinity\"",
        _ => "\"-Infinity\"",
    });
}

/// Returns a number of JSON without an exponent, as `numeric` has it: `1.50e1` as `15.0`. There is
/// none with that many digits.
pub(super) fn plain(number: &str) -> Option<String> {
    let (sign, unsigned) = match number.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", number),
    };
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let is_zero = digits.bytes().all(|digit| digit == b'0');
    let exponent = exponent.parse::<i64>().ok()?;
    let point = i64::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let scale = i64::try_from(fraction.len()).ok()?.checked_sub(exponent)?.max(0);
    let scale = usize::try_from(scale).ok()?;
    if scale > MOST_DIGITS.1 || (!is_zero && point > i64::try_from(MOST_DIGITS.0).ok()?) {
        return None;
    }
    if is_zero {
        return Some(if scale == 0 { "0".to_owned() } else { format!("0.{:0<scale$}", "") });
    }
    let (whole, fraction) = match usize::try_from(point) {
        Ok(point) if point >= digits.len() => (format!("{digits:0<point$}"), String::new()),
        Ok(point) => {
            let (whole, fraction) = digits.split_at_checked(point)?;
            (whole.to_owned(), fraction.to_owned())
        }
        Err(_) => (String::new(), format!("{digits:0>scale$}")),
    };
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floating_numbers_have_exponents_where_postgresql_has_them() {
        let cases = [
            (1e15, "1e+15"),
            (123_456_789_012_345.0, "123456789012345"),
            (1e-4, "0.0001"),
            (1e-5, "1e-05"),
            (1.5e300, "1.5e+300"),
            (-0.0, "-0"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (f64::NAN, "\"NaN\""),
            (f64::NEG_INFINITY, "\"-Infinity\""),
        ];
        for (value, expected) in cases {
            let mut text = String::new();
            write_double(value, &mut text);
            assert_eq!(text, expected);
        }
        let mut text = String::new();
        write_single(0.1, &mut text);
        text.push(' ');
        write_single(1e7, &mut text);
        assert_eq!(text, "0.1 1e+07");
    }

    #[test]
    fn zeros_at_the_end_of_a_fraction_go() {
        let cases = [("100.00", "100"), ("1.50", "1.5"), ("0.00", "0"), ("-10.0", "-10")];
        for (text, expected) in cases.into_iter().chain([("100", "100")]) {
            assert_eq!(without_zeros(text), expected);
        }
        assert!(is_free_numeric(&DataType::Decimal128(38, 10)));
        assert!(is_free_numeric(&DataType::Decimal128(30, 15)));
        assert!(!is_free_numeric(&DataType::Decimal128(38, 18)));
        assert!(!is_free_numeric(&DataType::Decimal128(10, 2)));
    }

    #[test]
    fn exponents_are_written_out() {
        let cases = [
            ("1e20", "100000000000000000000"),
            ("1.50", "1.50"),
            ("1.50e1", "15.0"),
            ("0.5e1", "5"),
            ("1.5e-3", "0.0015"),
            ("12e-1", "1.2"),
            ("-0", "0"),
            ("-0.00", "0.00"),
            ("-1E2", "-100"),
            ("0e5", "0"),
            ("0e-2", "0.00"),
        ];
        for (text, expected) in cases {
            assert_eq!(plain(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(plain("1e200000"), None);
        assert_eq!(plain("1e-99999999999999999999"), None);
    }
}
