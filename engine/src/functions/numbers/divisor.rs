//! Divisors of floating-point numbers, which are not zero: the engine below has infinities for such
//! quotients.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, Float64Array};
use arrow::buffer::NullBuffer;
use arrow::compute::cast;
use arrow::datatypes::{DataType, FieldRef, Float64Type};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};

use super::super::plain::strict_field;
use crate::error::{Code, Error, external};

/// The name of the function.
pub(crate) const DIVISOR: &str = "godwit_divisor";

/// Returns the function of a divisor, and of values that what it divides is made of: where one of
/// them is null, it is too. Nothing divided by zero is nothing.
pub(crate) fn divisor() -> ScalarUDF {
    ScalarUDF::from(Divisor { signature: Signature::variadic_any(Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Divisor {
    signature: Signature,
}

impl ScalarUDFImpl for Divisor {
    fn name(&self) -> &'static str {
        DIVISOR
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        Ok(types.first().cloned().unwrap_or(DataType::Float64))
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs) -> Result<FieldRef> {
        let fields = arguments.arg_fields;
        let data_type = fields.first().map_or(DataType::Float64, |of| of.data_type().clone());
        Ok(strict_field(self.name(), data_type, fields.get(..1).unwrap_or_default()))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [divisor, parts @ ..] = arguments.args.as_slice() else {
            return exec_err!("a divisor and what it divides are expected");
        };
        let mut nulls: Option<NullBuffer> = None;
        for part in parts {
            match part {
                ColumnarValue::Array(part) => {
                    nulls = NullBuffer::union(nulls.as_ref(), part.logical_nulls().as_ref());
                }
                ColumnarValue::Scalar(part) if part.is_null() => return Ok(divisor.clone()),
                ColumnarValue::Scalar(_) => {}
            }
        }
        let is_there = |row: usize| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
        let fails = match divisor {
            ColumnarValue::Scalar(divisor) => {
                is_zero(divisor) && (0..arguments.number_rows).any(is_there)
            }
            ColumnarValue::Array(divisors) => {
                let divisors = doubles(divisors)?;
                let mut rows = divisors.iter().enumerate();
                rows.any(|(row, divisor)| divisor == Some(0.0) && is_there(row))
            }
        };
        if fails {
            return Err(external(
                Error::new(Code::DivisionByZero, "division by zero")
                    .with_hint("Type x / nullif(y, 0) for NULL where the divisor is zero."),
            ));
        }
        Ok(divisor.clone())
    }
}

fn is_zero(divisor: &ScalarValue) -> bool {
    match divisor {
        ScalarValue::Float64(of) => *of == Some(0.0),
        ScalarValue::Float32(of) => *of == Some(0.0),
        _ => false,
    }
}

fn doubles(numbers: &ArrayRef) -> Result<Float64Array> {
    let numbers = match numbers.data_type() {
        DataType::Float64 => Arc::clone(numbers),
        _ => cast(numbers, &DataType::Float64)?,
    };
    Ok(numbers.as_primitive::<Float64Type>().clone())
}
