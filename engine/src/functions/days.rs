//! `date - date`: the days between two dates. The engine below counts them, too, but takes them for
//! seconds where it looks for the values that a condition leaves.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, Datum, Int64Array};
use arrow::compute::kernels::numeric::sub;
use arrow::datatypes::{DataType, DurationMillisecondType, DurationSecondType, FieldRef};
use arrow::error::ArrowError;
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::sort_properties::{ExprProperties, SortProperties};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};
use datafusion::physical_expr_common::datum::apply;

use super::plain::strict_field;

/// How many seconds a day has.
const DAY: i64 = 86_400;

/// Returns the function.
pub(crate) fn days() -> ScalarUDF {
    ScalarUDF::from(Days { signature: Signature::any(2, Volatility::Immutable) })
}

/// The days from the second of two dates to the first.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Days {
    signature: Signature,
}

impl ScalarUDFImpl for Days {
    fn name(&self) -> &'static str {
        "godwit_days"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn schema_name(&self, arguments: &[Expr]) -> Result<String> {
        let names: Vec<String> =
            arguments.iter().map(|argument| argument.schema_name().to_string()).collect();
        Ok(names.join(" - "))
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        match types {
            [DataType::Date32, DataType::Date32] | [DataType::Date64, DataType::Date64] => {
                Ok(DataType::Int64)
            }
            _ => plan_err!("{} takes two dates", self.name()),
        }
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs) -> Result<FieldRef> {
        let fields = arguments.arg_fields;
        let types: Vec<_> = fields.iter().map(|field| field.data_type().clone()).collect();
        Ok(strict_field(self.name(), self.return_type(&types)?, fields))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [left, right] = arguments.args.as_slice() else {
            return exec_err!("{} takes two dates", self.name());
        };
        apply(left, right, between)
    }

    fn output_ordering(&self, inputs: &[ExprProperties]) -> Result<SortProperties> {
        let [left, right] = inputs else { return Ok(SortProperties::Unordered) };
        Ok(left.sort_properties.sub(&right.sort_properties))
    }
}

fn between(left: &dyn Datum, right: &dyn Datum) -> Result<ArrayRef, ArrowError> {
    let between = sub(left, right)?;
    let days: Int64Array = match between.as_primitive_opt::<DurationSecondType>() {
        Some(seconds) => seconds.unary(|of| of / DAY),
        None => between.as_primitive::<DurationMillisecondType>().unary(|of| of / (1000 * DAY)),
    };
    Ok(Arc::new(days))
}
