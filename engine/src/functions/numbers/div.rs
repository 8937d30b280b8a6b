//! `div(a, b)`: the quotient without what is behind the point.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, Float64Array};
use arrow::compute::kernels::numeric;
use arrow::datatypes::{DataType, Float64Type};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use crate::error::{Code, Error, external};

/// Returns the function.
pub(super) fn div() -> ScalarUDF {
    ScalarUDF::from(Div { signature: Signature::user_defined(Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Div {
    signature: Signature,
}

impl ScalarUDFImpl for Div {
    fn name(&self) -> &'static str {
        "div"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let [left, right] = types else { return plan_err!("div takes two numbers") };
        if let Some(other) = [left, right].into_iter().find(|of| !of.is_numeric() && !of.is_null())
        {
            return plan_err!("div takes numbers, not a value of type {other}");
        }
        let is_integral = |of: &DataType| of.is_integer() || of.is_null();
        let both = if is_integral(left) && is_integral(right) {
            DataType::Int64
        } else {
            DataType::Float64
        };
        Ok(vec![both.clone(), both])
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        Ok(types.first().cloned().unwrap_or(DataType::Int64))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(&arguments.args)?;
        let [left, right] = columns.as_slice() else { return exec_err!("div takes two numbers") };
        let quotients: ArrayRef = match (left.as_primitive_opt(), right.as_primitive_opt()) {
            (Some(left), Some(right)) => doubles(left, right)?,
            _ => numeric::div(left, right)?,
        };
        Ok(ColumnarValue::Array(quotients))
    }
}

fn doubles(left: &Float64Array, right: &Float64Array) -> Result<ArrayRef> {
    let quotients = arrow::compute::binary::<Float64Type, Float64Type, _, Float64Type>(
        left,
        right,
        |left, right| (left / right).trunc(),
    )?;
    let is_zero = right.iter().zip(left).any(|pair| matches!(pair, (Some(0.0), Some(_))));
    if is_zero {
        return Err(external(Error::new(Code::DivisionByZero, "division by zero")));
    }
    Ok(Arc::new(quotients))
}
