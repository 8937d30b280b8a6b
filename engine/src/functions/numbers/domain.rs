//! Roots, powers, logarithms and their kin, which fail where they have no value or one that is too
//! large; those of the engine below have NaN and infinities there.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, FieldRef, Float64Type};
use datafusion::common::{DataFusionError, Result};
use datafusion::functions::math;
use datafusion::logical_expr::interval_arithmetic::Interval;
use datafusion::logical_expr::simplify::{ExprSimplifyResult, SimplifyContext};
use datafusion::logical_expr::sort_properties::{ExprProperties, SortProperties};
use datafusion::logical_expr::{
    ColumnarValue, Documentation, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF,
    ScalarUDFImpl, Signature,
};

use super::super::plain::failed;
use crate::error::{Code, Error};

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    let of = |inner: Arc<ScalarUDF>, kind| ScalarUDF::from(Domain { inner, kind });
    vec![
        of(math::ln(), Kind::Logarithm),
        of(math::log(), Kind::Logarithm),
        of(math::log2(), Kind::Logarithm),
        of(math::log10(), Kind::Logarithm),
        of(math::sqrt(), Kind::Root),
        of(math::power(), Kind::Power),
        of(math::exp(), Kind::Range),
        of(math::asin(), Kind::Range),
        of(math::acos(), Kind::Range),
        of(math::acosh(), Kind::Range),
        of(math::atanh(), Kind::Range),
    ]
}

/// What it means that there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Logarithm,
    Root,
    Power,
    Range,
}

/// A function of the engine below that fails outside of its domain.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Domain {
    inner: Arc<ScalarUDF>,
    kind: Kind,
}

impl Domain {
    /// Returns what is wrong with an answer to finite numbers.
    fn error(&self, answer: f64, arguments: &[f64]) -> DataFusionError {
        let first = arguments.first().copied().unwrap_or_default();
        let last = arguments.last().copied().unwrap_or_default();
        let (code, message) = match self.kind {
            Kind::Logarithm if arguments.contains(&0.0) => {
                (Code::InvalidLogarithm, "cannot take logarithm of zero")
            }
            Kind::Logarithm if arguments.iter().any(|of| *of < 0.0) => {
                (Code::InvalidLogarithm, "cannot take logarithm of a negative number")
            }
            Kind::Logarithm => (Code::DivisionByZero, "division by zero"),
            Kind::Root => (Code::InvalidPower, "cannot take square root of a negative number"),
            Kind::Power if first == 0.0 && last < 0.0 => {
                (Code::InvalidPower, "zero raised to a negative power is undefined")
            }
            Kind::Power if answer.is_nan() => (
                Code::InvalidPower,
                "a negative number raised to a non-integer power yields a complex result",
            ),
            Kind::Range if answer.is_nan() => (Code::ValueOutOfRange, "input is out of range"),
            Kind::Power | Kind::Range => (Code::ValueOutOfRange, "value out of range: overflow"),
        };
        failed(Error::new(code, message))
    }

    /// Fails if an answer is not finite and the arguments are.
    fn check(&self, answers: &ArrayRef, arguments: &[ColumnarValue]) -> Result<()> {
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

impl ScalarUDFImpl for Domain {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        self.inner.coerce_types(types)
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(types)
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs) -> Result<FieldRef> {
        self.inner.return_field_from_args(arguments)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let values = arguments.args.clone();
        let rows = arguments.number_rows;
        let answers = self.inner.inner().invoke_with_args(arguments)?;
        if answers.data_type().is_floating() {
            let is_constant = matches!(answers, ColumnarValue::Scalar(_));
            self.check(&answers.to_array(if is_constant { 1 } else { rows })?, &values)?;
        }
        Ok(answers)
    }

    fn simplify(&self, arguments: Vec<Expr>, info: &SimplifyContext) -> Result<ExprSimplifyResult> {
        self.inner.simplify(arguments, info)
    }

    fn evaluate_bounds(&self, inputs: &[&Interval]) -> Result<Interval> {
        self.inner.evaluate_bounds(inputs)
    }

    fn output_ordering(&self, inputs: &[ExprProperties]) -> Result<SortProperties> {
        self.inner.output_ordering(inputs)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }
}
