//! A text or a fraction as written beside values of another type: among numbers a text is a number,
//! among geometries one of them, and among decimals a fraction is one of these.
//!
//! The planner asks for the type of a `CASE` before it is known what its results are brought to, so
//! what is written among them is a call, of which the type is that of the other results. The call is
//! gone when the plan is made.

use std::sync::Arc;

use arrow::datatypes::{DECIMAL128_MAX_PRECISION, DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};
use godwit_geometry::is_geometry;

/// What is written with more digits behind the point is a double, so that digits are left before it.
const MOST_DIGITS: i8 = 18;

/// The function of a text or a fraction and the values beside it.
pub(crate) const BESIDE: &str = "godwit_beside";

/// Returns the function.
pub(super) fn beside() -> ScalarUDF {
    ScalarUDF::from(Beside { signature: Signature::variadic_any(Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Beside {
    signature: Signature,
}

impl ScalarUDFImpl for Beside {
    fn name(&self) -> &'static str {
        BESIDE
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        plan_err!("{BESIDE} has no type without fields")
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let Some((text, others)) = arguments.arg_fields.split_first() else {
            return plan_err!("{BESIDE} takes a text and the values beside it");
        };
        if let Some(geometry) = others.iter().find(|field| is_geometry(field)) {
            return Ok(Arc::clone(geometry));
        }
        let written = arguments.scalar_arguments.first().copied().flatten();
        if let Some(ScalarValue::Float64(Some(fraction))) = written {
            let data_type = number_type(others, &fraction.to_string()).filter(DataType::is_decimal);
            let data_type = data_type.unwrap_or(DataType::Float64);
            return Ok(Arc::new(Field::new(BESIDE, data_type, false)));
        }
        let written = written.and_then(|text| text.try_as_str().flatten()).unwrap_or_default();
        let data_type = number_type(others, written).unwrap_or_else(|| text.data_type().clone());
        Ok(Arc::new(Field::new(BESIDE, data_type, text.is_nullable())))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some(text) = arguments.args.first() else {
            return exec_err!("{BESIDE} takes a text and the values beside it");
        };
        text.cast_to(arguments.return_field.data_type(), None)
    }
}

/// Returns the type of a number that is written beside others; nothing if these are no numbers.
fn number_type(others: &[FieldRef], text: &str) -> Option<DataType> {
    let types = others.iter().map(|field| field.data_type()).filter(|of| !of.is_null());
    let types: Vec<&DataType> = types.collect();
    let first = *types.first()?;
    if !types.iter().all(|of| of.is_numeric()) {
        return None;
    }
    if types.iter().any(|of| of.is_floating()) {
        return Some(DataType::Float64);
    }
    if let Some(decimal) = types.into_iter().find(|of| of.is_decimal()) {
        // No digit behind the point is lost.
        let (_, fraction) = text.trim().split_once('.').unwrap_or_default();
        let digits = i8::try_from(fraction.len()).unwrap_or(i8::MAX);
        return Some(match decimal {
            DataType::Decimal128(_, scale) if digits > *scale && digits > MOST_DIGITS => {
                DataType::Float64
            }
            DataType::Decimal128(_, scale) if digits > *scale => {
                DataType::Decimal128(DECIMAL128_MAX_PRECISION, digits)
            }
            decimal => decimal.clone(),
        });
    }
    Some(if others.iter().all(|field| field.data_type() == first) {
        first.clone()
    } else {
        DataType::Int64
    })
}
