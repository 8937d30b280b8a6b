//! Doubles that are rounded or cut at a number of places as they are written: 1.005 is 1.01 at two
//! places, and 0.29 stays 0.29, although its hundredfold is 28.999999999999996.

use std::sync::Arc;

use arrow::array::{AsArray as _, Float64Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int32Type};
use datafusion::common::Result;
use datafusion::functions::math;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF};

use super::super::columnar::{answered, are_constant};
use super::super::wrapped::{Answers, wrapped};

/// How far a product may be from what it would be with all digits, as a share of it.
const ERROR: f64 = 4.0 * f64::EPSILON;

/// Products from here on are whole in any case.
const WHOLE: f64 = 4_503_599_627_370_496.0;

/// Returns `trunc`.
pub(super) fn trunc() -> ScalarUDF {
    wrapped(math::trunc(), Cut)
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Cut;

impl Answers for Cut {
    fn answer(&self, inner: &ScalarUDF, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let values = arguments.args.clone();
        let rows = arguments.number_rows;
        let answers = inner.inner().invoke_with_args(arguments)?;
        as_written(answers, &values, rows, cut)
    }
}

/// Returns answers to doubles and places with those that go by the digits of the doubles; other
/// answers are what they are.
pub(super) fn as_written(
    answers: ColumnarValue,
    arguments: &[ColumnarValue],
    rows: usize,
    at: fn(f64, i32) -> f64,
) -> Result<ColumnarValue> {
    let [numbers, places] = arguments else { return Ok(answers) };
    if numbers.data_type() != DataType::Float64 || answers.data_type() != DataType::Float64 {
        return Ok(answers);
    }
    let is_constant = are_constant([numbers, places]);
    let rows = if is_constant { 1 } else { rows };
    let (numbers, answers) = (numbers.to_array(rows)?, answers.to_array(rows)?);
    let places = cast(&places.to_array(rows)?, &DataType::Int32)?;
    let (numbers, places) =
        (numbers.as_primitive::<Float64Type>(), places.as_primitive::<Int32Type>());
    let answers = answers.as_primitive::<Float64Type>();
    let exact = numbers.iter().zip(places.iter()).zip(answers).map(|((number, places), answer)| {
        match (number, places) {
            (Some(number), Some(places)) if number.is_finite() && (1..=15).contains(&places) => {
                Some(at(number, places))
            }
            _ => answer,
        }
    });
    answered(Arc::new(exact.collect::<Float64Array>()), is_constant)
}

/// Returns a number rounded at a place behind its point, a half away from zero.
pub(super) fn rounded(number: f64, places: i32) -> f64 {
    let factor = 10_f64.powi(places);
    let scaled = number.abs() * factor;
    if scaled >= WHOLE {
        return number;
    }
    if (scaled.fract() - 0.5).abs() > scaled * ERROR {
        return (scaled.round() / factor).copysign(number);
    }
    let text = number.abs().to_string();
    let behind = text.split_once('.').map_or("", |(_, fraction)| fraction);
    let next = usize::try_from(places).ok().and_then(|place| behind.as_bytes().get(place));
    let up = if next.is_some_and(|digit| *digit >= b'5') { 1.0 } else { 0.0 };
    ((scaled.floor() + up) / factor).copysign(number)
}

/// Returns a number without the digits behind a place.
fn cut(number: f64, places: i32) -> f64 {
    let factor = 10_f64.powi(places);
    let scaled = number.abs() * factor;
    if scaled >= WHOLE {
        return number;
    }
    if (scaled - scaled.round()).abs() > scaled * ERROR {
        return (scaled.trunc() / factor).copysign(number);
    }
    let text = number.abs().to_string();
    let end = text.find('.').zip(usize::try_from(places).ok());
    let end = end.map(|(point, places)| point + 1 + places);
    let kept = end.and_then(|end| text.get(..end)).unwrap_or(&text);
    kept.parse().map_or(number, |kept: f64| kept.copysign(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_and_cut_as_they_are_written() {
        for (number, places, nearest, below) in [
            (1.005, 2, 1.01, 1.0),
            (-1.005, 2, -1.01, -1.0),
            (2.675, 2, 2.68, 2.67),
            (0.285, 2, 0.29, 0.28),
            (0.29, 2, 0.29, 0.29),
            (1.13, 2, 1.13, 1.13),
            (-4.57, 2, -4.57, -4.57),
            (1.45, 1, 1.5, 1.4),
            (1.449_999_999_999_9, 1, 1.4, 1.4),
            (0.0, 3, 0.0, 0.0),
            (1e300, 2, 1e300, 1e300),
            (1e-300, 2, 0.0, 0.0),
            (123_456_789.987_654_3, 3, 123_456_789.988, 123_456_789.987),
            (9.999, 2, 10.0, 9.99),
        ] {
            assert_eq!(rounded(number, places), nearest, "{number}");
            assert_eq!(cut(number, places), below, "{number}");
        }
    }
}
