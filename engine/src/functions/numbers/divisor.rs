//! Divisors of floating-point numbers, which are not zero: the engine below has infinities for such
//! quotients.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, Float64Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, FieldRef, Float64Type};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};

use super::super::plain::{failed, strict_field};
use crate::error::{Code, Error};

/// Returns the function of a divisor and what it divides. Nothing divided by zero is nothing.
pub(crate) fn divisor() -> ScalarUDF {
    ScalarUDF::from(Divisor { signature: Signature::any(2, Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Divisor {
    signature: Signature,
}

impl ScalarUDFImpl for Divisor {
    fn name(&self) -> &'static str {
        "godwit_divisor"
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
        let [divisor, divided] = arguments.args.as_slice() else {
            return exec_err!("a divisor and what it divides are expected");
        };
        let is_zero = match divisor {
            ColumnarValue::Scalar(ScalarValue::Float64(of)) => *of == Some(0.0),
            ColumnarValue::Scalar(ScalarValue::Float32(of)) => *of == Some(0.0),
            ColumnarValue::Scalar(_) => false,
            ColumnarValue::Array(divisors) => {
                let divisors = doubles(divisors)?;
                let divided = match divided {
                    ColumnarValue::Array(divided) => divided.logical_nulls(),
                    ColumnarValue::Scalar(divided) if divided.is_null() => {
                        return Ok(divisor.clone());
                    }
                    ColumnarValue::Scalar(_) => None,
                };
                let mut rows = divisors.iter().enumerate();
                let is_there = |row| divided.as_ref().is_none_or(|nulls| nulls.is_valid(row));
                rows.any(|(row, divisor)| divisor == Some(0.0) && is_there(row))
            }
        };
        let is_divided = match divided {
            ColumnarValue::Array(divided) => divided.logical_null_count() < divided.len(),
            ColumnarValue::Scalar(divided) => !divided.is_null(),
        };
        if is_zero && is_divided {
            return Err(failed(
                Error::new(Code::DivisionByZero, "division by zero")
                    .with_hint("Type x / nullif(y, 0) for NULL where the divisor is zero."),
            ));
        }
        Ok(divisor.clone())
    }
}

fn doubles(numbers: &ArrayRef) -> Result<Float64Array> {
    let numbers = match numbers.data_type() {
        DataType::Float64 => Arc::clone(numbers),
        _ => cast(numbers, &DataType::Float64)?,
    };
    Ok(numbers.as_primitive::<Float64Type>().clone())
}
