//! Roots, powers, logarithms and their kin, which fail where they have no value or one that is too
//! large; those of the engine below have NaN and infinities there.

use arrow::array::{ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use datafusion::common::{DataFusionError, Result};
use datafusion::functions::math;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF};

use super::super::wrapped::{Answers, wrapped};
use crate::error::{Code, Error, external};

/// Returns the functions.
pub(super) fn all() -> [ScalarUDF; 11] {
    [
        (math::ln(), Domain::Logarithm),
        (math::log(), Domain::Logarithm),
        (math::log2(), Domain::Logarithm),
        (math::log10(), Domain::Logarithm),
        (math::sqrt(), Domain::Root),
        (math::power(), Domain::Power),
        (math::exp(), Domain::Range),
        (math::asin(), Domain::Range),
        (math::acos(), Domain::Range),
        (math::acosh(), Domain::Range),
        (math::atanh(), Domain::Range),
    ]
    .map(|(inner, domain)| wrapped(inner, domain))
}

/// The domain of a function of the engine below, outside of which it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Domain {
    Logarithm,
    Root,
    Power,
    Range,
}

impl Domain {
    /// Returns what is wrong with an answer to finite numbers.
    fn error(self, answer: f64, arguments: &[f64]) -> DataFusionError {
        let first = arguments.first().copied().unwrap_or_default();
        let last = arguments.last().copied().unwrap_or_default();
        let (code, message) = match self {
            Self::Logarithm if arguments.contains(&0.0) => {
                (Code::InvalidLogarithm, "cannot take logarithm of zero")
            }
            Self::Logarithm if arguments.iter().any(|of| *of < 0.0) => {
                (Code::InvalidLogarithm, "cannot take logarithm of a negative number")
            }
            Self::Logarithm => (Code::DivisionByZero, "division by zero"),
            Self::Root => (Code::InvalidPower, "cannot take square root of a negative number"),
            Self::Power if first == 0.0 && last < 0.0 => {
                (Code::InvalidPower, "zero raised to a negative power is undefined")
            }
            Self::Power if answer.is_nan() => (
                Code::InvalidPower,
                "a negative number raised to a non-integer power yields a complex result",
            ),
            Self::Range if answer.is_nan() => (Code::ValueOutOfRange, "input is out of range"),
            Self::Power | Self::Range => (Code::ValueOutOfRange, "value out of range: overflow"),
        };
        external(Error::new(code, message))
    }

    /// Fails if an answer is not finite and the arguments are.
    fn check(self, answers: &ArrayRef, arguments: &[ColumnarValue]) -> Result<()> {
        let answers = cast(answers, &DataType::Float64)?;
        let answers = answers.as_primitive::<Float64Type>();
        if answers.values().iter().all(|answer| answer.is_finite()) {
            return Ok(());
        }
        let columns = arguments
            .iter()
            .map(|column| Ok(cast(&column.to_array(answers.len())?, &DataType::Float64)?))
            .collect::<Result<Vec<_>>>()?;
        let columns: Vec<_> = columns.iter().map(AsArray::as_primitive::<Float64Type>).collect();
        for (row, answer) in answers.iter().enumerate() {
            let Some(answer) = answer.filter(|answer| !answer.is_finite()) else { continue };
            let values: Vec<f64> = columns.iter().map(|column| column.value(row)).collect();
            let is_given = values.iter().all(|value| value.is_finite())
                || (answer.is_nan() && !values.iter().any(|value| value.is_nan()));
            if is_given {
                return Err(self.error(answer, &values));
            }
        }
        Ok(())
    }
}

impl Answers for Domain {
    fn answer(&self, inner: &ScalarUDF, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let values = arguments.args.clone();
        let rows = arguments.number_rows;
        let answers = inner.inner().invoke_with_args(arguments)?;
        if answers.data_type().is_floating() {
            let is_constant = matches!(answers, ColumnarValue::Scalar(_));
            self.check(&answers.to_array(if is_constant { 1 } else { rows })?, &values)?;
        }
        Ok(answers)
    }
}
