//! `isfinite(moment)`: dates, timestamps and intervals are finite here at all times.

use std::sync::Arc;

use arrow::array::{Array as _, BooleanArray};
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// Returns the function.
pub(super) fn isfinite() -> ScalarUDF {
    ScalarUDF::from(IsFinite { signature: Signature::user_defined(Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct IsFinite {
    signature: Signature,
}

impl ScalarUDFImpl for IsFinite {
    fn name(&self) -> &'static str {
        "isfinite"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        match types {
            [
                moment @ (DataType::Date32
                | DataType::Date64
                | DataType::Timestamp(..)
                | DataType::Interval(_)
                | DataType::Duration(_)
                | DataType::Null),
            ] => Ok(vec![moment.clone()]),
            [other] => {
                plan_err!("isfinite takes a date, a timestamp or an interval, not {other}")
            }
            _ => plan_err!("isfinite takes one date, timestamp or interval"),
        }
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [moments] = arguments.args.as_slice() else {
            return exec_err!("isfinite takes one date, timestamp or interval");
        };
        let moments = moments.to_array(arguments.number_rows)?;
        let nulls = moments.logical_nulls();
        let is_known = |row: usize| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
        let answers: BooleanArray =
            (0..moments.len()).map(|row| is_known(row).then_some(true)).collect();
        Ok(ColumnarValue::Array(Arc::new(answers)))
    }
}
