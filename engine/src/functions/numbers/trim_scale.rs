//! `trim_scale(number)`: a number without the zeros at the end of its fraction.

use arrow::datatypes::{DECIMAL_DEFAULT_SCALE, DECIMAL128_MAX_PRECISION, DataType};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// Returns the function.
pub(super) fn trim_scale() -> ScalarUDF {
    ScalarUDF::from(TrimScale { signature: Signature::user_defined(Volatility::Immutable) })
}

/// A decimal becomes a `numeric` without a scale, which is written with the digits that it needs.
/// Other numbers are written so as they are.
#[derive(Debug, PartialEq, Eq, Hash)]
struct TrimScale {
    signature: Signature,
}

impl ScalarUDFImpl for TrimScale {
    fn name(&self) -> &'static str {
        "trim_scale"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        match types {
            [DataType::Null] => Ok(vec![free()]),
            [DataType::Decimal32(precision, scale) | DataType::Decimal64(precision, scale)] => {
                Ok(vec![DataType::Decimal128(*precision, *scale)])
            }
            [number] if number.is_numeric() => Ok(vec![number.clone()]),
            [other] => plan_err!("trim_scale takes a number, not a value of type {other}"),
            _ => plan_err!("trim_scale takes one number"),
        }
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        let [number] = types else { return plan_err!("trim_scale takes one number") };
        Ok(match number {
            DataType::Decimal128(precision, scale) if fits(*precision, *scale) => free(),
            other => other.clone(),
        })
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [number] = arguments.args.as_slice() else {
            return exec_err!("trim_scale takes one number");
        };
        number.cast_to(arguments.return_field.data_type(), None)
    }
}

/// Returns the type of `numeric` without a scale.
fn free() -> DataType {
    DataType::Decimal128(DECIMAL128_MAX_PRECISION, DECIMAL_DEFAULT_SCALE)
}

/// Returns whether every decimal of a size is one of that type.
fn fits(precision: u8, scale: i8) -> bool {
    let most = DECIMAL128_MAX_PRECISION.saturating_sub(DECIMAL_DEFAULT_SCALE.unsigned_abs());
    let whole = i16::from(precision) - i16::from(scale);
    (0..=DECIMAL_DEFAULT_SCALE).contains(&scale) && whole <= i16::from(most)
}
