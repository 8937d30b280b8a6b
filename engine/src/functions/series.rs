//! `generate_series`, also of numbers with a fraction, and of moments from one date to another; that
//! of the engine below counts integers, days and moments.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, Float64Builder, ListBuilder};
use arrow::datatypes::{DataType, Field, Float64Type, IntervalUnit, TimeUnit};
use datafusion::common::types::{
    NativeType, logical_date, logical_float64, logical_interval_mdn, logical_string,
};
use datafusion::common::{DataFusionError, Result, exec_err};
use datafusion::functions_nested::range::gen_series_udf;
use datafusion::logical_expr::{
    Coercion, ColumnarValue, Documentation, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature, TypeSignature, TypeSignatureClass, Volatility,
};

use super::columnar::{answered, are_constant};
use crate::error::{Code, Error, external};

/// How many values a series with fractions may have: it is in memory as a whole.
const MOST_VALUES: f64 = 10_000_000.0;

/// Up to here each whole number is a double.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// Powers of ten are exact doubles to this one, and more.
const MOST_DIGITS: usize = 15;

/// Returns the function.
pub(super) fn series() -> ScalarUDF {
    let inner = gen_series_udf();
    let double = Coercion::new_implicit(
        TypeSignatureClass::Native(logical_float64()),
        vec![TypeSignatureClass::Numeric],
        NativeType::Float64,
    );
    let date = Coercion::new_exact(TypeSignatureClass::Native(logical_date()));
    let timestamp = Coercion::new_exact(TypeSignatureClass::Timestamp);
    let spelled = Coercion::new_implicit(
        TypeSignatureClass::Native(logical_interval_mdn()),
        vec![TypeSignatureClass::Native(logical_string())],
        NativeType::Interval(IntervalUnit::MonthDayNano),
    );
    let takes = vec![
        inner.signature().type_signature.clone(),
        TypeSignature::Coercible(vec![date.clone(), date, spelled.clone()]),
        TypeSignature::Coercible(vec![timestamp.clone(), timestamp, spelled]),
        TypeSignature::Coercible(vec![double.clone(), double.clone()]),
        TypeSignature::Coercible(vec![double.clone(), double.clone(), double]),
    ];
    ScalarUDF::from(Series { inner, signature: Signature::one_of(takes, Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Series {
    inner: Arc<ScalarUDF>,
    signature: Signature,
}

impl ScalarUDFImpl for Series {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        if types.first().is_some_and(DataType::is_floating) {
            return Ok(DataType::List(Arc::new(Field::new_list_field(DataType::Float64, true))));
        }
        let moments: Vec<DataType> = types.iter().map(as_moment).collect();
        self.inner.return_type(&moments)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let begin = arguments.args.first();
        let is_of_doubles = begin.is_some_and(|begin| begin.data_type().is_floating());
        if !is_of_doubles {
            return self.inner.inner().invoke_with_args(of_moments(arguments)?);
        }
        let is_constant = are_constant(&arguments.args);
        let rows = if is_constant { 1 } else { arguments.number_rows };
        let columns =
            arguments.args.iter().map(|value| value.to_array(rows)).collect::<Result<Vec<_>>>()?;
        answered(lists(&columns)?, is_constant)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }
}

/// Returns the type that a date is counted in: the step may have hours.
fn as_moment(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Date32 | DataType::Date64 => DataType::Timestamp(TimeUnit::Nanosecond, None),
        other => other.clone(),
    }
}

/// Returns arguments with moments in the place of dates.
fn of_moments(mut arguments: ScalarFunctionArgs) -> Result<ScalarFunctionArgs> {
    for argument in &mut arguments.args {
        let data_type = argument.data_type();
        let moment = as_moment(&data_type);
        if moment != data_type {
            *argument = argument.cast_to(&moment, None)?;
        }
    }
    Ok(arguments)
}

fn lists(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let (begins, ends, steps) = match columns {
        [begins, ends] => (begins, ends, None),
        [begins, ends, steps] => (begins, ends, Some(steps.as_primitive::<Float64Type>())),
        _ => return exec_err!("a series has a beginning, an end and a step"),
    };
    let (begins, ends) = (begins.as_primitive::<Float64Type>(), ends.as_primitive::<Float64Type>());
    let mut lists = ListBuilder::new(Float64Builder::new());
    for (row, (begin, end)) in begins.iter().zip(ends).enumerate() {
        let step = match steps {
            Some(steps) => steps.is_valid(row).then(|| steps.value(row)),
            None => Some(1.0),
        };
        let (Some(begin), Some(end), Some(step)) = (begin, end, step) else {
            lists.append_null();
            continue;
        };
        append(begin, end, step, lists.values())?;
        lists.append(true);
    }
    Ok(Arc::new(lists.finish()))
}

/// Appends the values of a series.
fn append(begin: f64, end: f64, step: f64, values: &mut Float64Builder) -> Result<()> {
    if ![begin, end, step].iter().all(|number| number.is_finite()) {
        return Err(refused("beginning, end and step of a series are finite numbers"));
    }
    if step == 0.0 {
        return Err(refused("the step of a series is not zero"));
    }
    // Whole numbers of the smallest digit are added up without an error.
    let digits = digits(&[begin, end, step]);
    let scale = 10_f64.powi(i32::try_from(digits).unwrap_or_default());
    let whole = [begin, end, step].map(|number| (number * scale).round());
    let is_exact =
        digits <= MOST_DIGITS && whole.iter().all(|number| number.abs() <= LARGEST_EXACT);
    let ([begin, end, step], scale) =
        if is_exact { (whole, scale) } else { ([begin, end, step], 1.0) };
    let steps = ((end - begin) / step).floor();
    if steps >= MOST_VALUES {
        return Err(too_long());
    }
    let mut count = 0.0;
    while count <= steps {
        values.append_value((begin + count * step) / scale);
        count += 1.0;
    }
    Ok(())
}

/// Returns how many digits behind the point the numbers have at most.
fn digits(numbers: &[f64]) -> usize {
    let behind = |number: &f64| {
        let text = number.to_string();
        text.split_once('.').map_or(0, |(_, fraction)| fraction.len())
    };
    numbers.iter().map(behind).max().unwrap_or_default()
}

fn refused(message: &str) -> DataFusionError {
    external(Error::new(Code::InvalidParameter, message))
}

fn too_long() -> DataFusionError {
    let message = format!("a series with fractions has at most {MOST_VALUES} values");
    let hint = "Multiply whole numbers: SELECT n * 0.1 FROM generate_series(0, 1000) AS t(n).";
    external(Error::new(Code::LimitExceeded, message).with_hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(begin: f64, end: f64, step: f64) -> Vec<f64> {
        let mut values = Float64Builder::new();
        append(begin, end, step, &mut values).unwrap();
        values.finish().values().to_vec()
    }

    #[test]
    fn tenths_are_added_without_an_error() {
        assert_eq!(values(0.0, 0.3, 0.1), [0.0, 0.1, 0.2, 0.3]);
        assert_eq!(values(2.0, 1.0, -0.3), [2.0, 1.7, 1.4, 1.1]);
        assert_eq!(values(0.0, 1.0, 0.1).len(), 11);
        assert!(values(2.0, 1.0, 0.5).is_empty());
    }

    #[test]
    fn numbers_of_more_digits_begin_as_they_are() {
        let third = 1.0 / 3.0;
        assert_eq!(values(third, 2.0, 1.0), [third, third + 1.0]);
    }

    #[test]
    fn numbers_without_end_are_refused() {
        let mut values = Float64Builder::new();
        for (begin, end, step) in
            [(0.0, 1.0, 0.0), (f64::NAN, 1.0, 1.0), (0.0, f64::INFINITY, 1.0), (0.0, 1.0, 1e-9)]
        {
            assert!(append(begin, end, step, &mut values).is_err());
        }
    }
}
