//! Moments rounded to so many digits of a second, as `timestamp(2)` has them.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, PrimitiveArray};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Int64Type, Time64MicrosecondType, TimeUnit,
    TimestampMicrosecondType,
};
use datafusion::common::{DataFusionError, Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::super::columnar::mapped;
use crate::error::{Code, Error, external};

/// The function that rounds moments of microseconds to as many digits as its second argument says.
pub(crate) const PRECISION: &str = "godwit_precision";

/// The microseconds from 1970 to 2000, which halves are rounded away from.
const YEAR_2000: i64 = 946_684_800_000_000;

/// Returns the function.
pub(super) fn precision() -> ScalarUDF {
    ScalarUDF::from(Precision { signature: Signature::any(2, Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Precision {
    signature: Signature,
}

impl ScalarUDFImpl for Precision {
    fn name(&self) -> &'static str {
        PRECISION
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        let [moment, _] = types else {
            return plan_err!("{PRECISION} takes a moment and a number of digits");
        };
        Ok(moment.clone())
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [moments, digits] = arguments.args.as_slice() else {
            return exec_err!("{PRECISION} takes a moment and a number of digits");
        };
        let digits = digits.to_array(1)?;
        let digits = digits.as_primitive_opt::<Int64Type>().and_then(|all| all.iter().next()?);
        let digits = digits.and_then(|digits| u32::try_from(digits).ok());
        let Some(unit) = digits.and_then(|digits| 10_i64.checked_pow(6_u32.checked_sub(digits)?))
        else {
            return Ok(moments.clone());
        };
        mapped(moments, |moments| rounded(moments, unit))
    }
}

/// Returns moments that are multiples of so many microseconds.
fn rounded(moments: &ArrayRef, unit: i64) -> Result<ArrayRef> {
    match moments.data_type() {
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            each::<TimestampMicrosecondType>(moments, unit, YEAR_2000)
        }
        DataType::Time64(TimeUnit::Microsecond) => each::<Time64MicrosecondType>(moments, unit, 0),
        _ => Ok(Arc::clone(moments)),
    }
}

fn each<T: ArrowPrimitiveType<Native = i64>>(
    moments: &ArrayRef,
    unit: i64,
    origin: i64,
) -> Result<ArrayRef> {
    let rounded: PrimitiveArray<T> = moments
        .as_primitive::<T>()
        .try_unary(|moment| nearest(moment, unit, origin).ok_or_else(out_of_range))?;
    Ok(Arc::new(rounded.with_data_type(moments.data_type().clone())))
}

fn nearest(moment: i64, unit: i64, origin: i64) -> Option<i64> {
    let distance = moment.checked_sub(origin)?;
    let units = distance.checked_abs()?.checked_add(unit / 2)? / unit;
    origin.checked_add(units.checked_mul(unit)?.checked_mul(distance.signum())?)
}

fn out_of_range() -> DataFusionError {
    external(Error::new(Code::DatetimeOverflow, "timestamp out of range"))
}
