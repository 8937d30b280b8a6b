//! Texts of decimals without an exponent, which the cast of the engine below does not read: `1.5e3`
//! is `1500`.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::super::plain::{Plain, takes};

/// A power of ten beyond any decimal.
const MOST_ZEROS: i64 = 100;

/// Returns the function; other texts are as they are.
pub(crate) fn without_exponent() -> ScalarUDF {
    let types = [DataType::Utf8, DataType::LargeUtf8, DataType::Utf8View].map(|of| takes(&[of]));
    Plain::new("godwit_plain_number", types.into(), DataType::Utf8, write_all).strict().into()
}

fn write_all(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [texts] = columns else { return exec_err!("one text is expected") };
    let texts = cast(texts, &DataType::Utf8)?;
    let numbers = texts.as_string::<i32>();
    if !numbers.iter().flatten().any(|text| text.contains(['e', 'E'])) {
        return Ok(texts);
    }
    let plain = numbers
        .iter()
        .map(|text| text.map(|text| plain(text).unwrap_or_else(|| text.to_owned())))
        .collect::<StringArray>();
    Ok(Arc::new(plain))
}

/// Returns a number with an exponent as one without; nothing for what is none.
fn plain(text: &str) -> Option<String> {
    let (number, exponent) = text.trim().split_once(['e', 'E'])?;
    let exponent: i64 = exponent.parse().ok()?;
    let (sign, number) = match number.strip_prefix('-') {
        Some(number) => ("-", number),
        None => ("", number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let point = i64::try_from(whole.len()).ok()?.checked_add(exponent)?;
    if !(-MOST_ZEROS..=MOST_ZEROS).contains(&point) {
        return None;
    }
    let Ok(point) = usize::try_from(point) else {
        let zeros = "0".repeat(usize::try_from(point.unsigned_abs()).ok()?);
        return Some(format!("{sign}0.{zeros}{digits}"));
    };
    Some(match digits.split_at_checked(point) {
        Some((whole, "")) => format!("{sign}{whole}"),
        Some(("", fraction)) => format!("{sign}0.{fraction}"),
        Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{digits:0<point$}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_move_the_point() {
        for (text, expected) in [
            ("1e3", "1000"),
            (" -1.5E-2 ", "-0.015"),
            ("+12.345e1", "123.45"),
            ("12.345e2", "1234.5"),
            ("12.5e1", "125"),
            ("0e0", "0"),
            (".5e1", "5"),
            ("5e-1", "0.5"),
            ("5.5e-1", "0.55"),
        ] {
            assert_eq!(plain(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["15", "e3", "1e", "1e3.5", "1.2.3e4", "abce1", "1e999", "0x1e3"] {
            assert_eq!(plain(text), None, "{text}");
        }
    }
}
