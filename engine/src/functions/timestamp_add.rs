//! `timestampadd`: a point in time so many units later, as ODBC and JDBC have it.

use arrow::array::{ArrayRef, AsArray as _, IntervalMonthDayNanoArray};
use arrow::compute::kernels::numeric::add;
use arrow::datatypes::{DataType, Int64Type, IntervalMonthDayNano};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use super::checked::value_out_of_range;
use super::columnar::{answered, are_constant};
use super::time_unit::{Unit, timestamp};
use crate::error::{Code, Error, external};

/// A point in time so many units later: `timestampadd('month', 1, t)`.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct TimestampAdd {
    signature: Signature,
}

impl TimestampAdd {
    /// Returns the function.
    pub(super) fn new() -> Self {
        Self { signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for TimestampAdd {
    fn name(&self) -> &'static str {
        "timestampadd"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        let [_, _, time] = types else {
            return plan_err!("timestampadd takes a unit, a number and a timestamp");
        };
        Ok(time.clone())
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let [_, count, time] = types else {
            return plan_err!("timestampadd takes a unit, a number and a timestamp");
        };
        if !(count.is_integer() || count.is_null() || count.is_string()) {
            return plan_err!("the number of timestampadd is an integer, not {count}");
        }
        Ok(vec![DataType::Utf8, DataType::Int64, timestamp(time)?])
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = arguments.number_rows;
        let [unit, counts, times] = arguments.args.as_slice() else {
            return plan_err!("timestampadd takes a unit, a number and a timestamp");
        };
        let unit = Unit::of(unit)?;
        let is_constant = are_constant([counts, times]);
        let rows = if is_constant { 1 } else { rows };
        let intervals = intervals(&counts.to_array(rows)?, unit)?;
        let sums = add(&times.to_array(rows)?, &intervals).map_err(|error| {
            let error =
                Error::new(Code::DatetimeOverflow, "timestamp out of range").with_source(error);
            external(error)
        })?;
        answered(sums, is_constant)
    }
}

/// Returns so many units each.
fn intervals(counts: &ArrayRef, unit: Unit) -> Result<IntervalMonthDayNanoArray> {
    counts
        .as_primitive::<Int64Type>()
        .iter()
        .map(|count| count.map(|count| interval(count, unit)).transpose())
        .collect()
}

fn interval(count: i64, unit: Unit) -> Result<IntervalMonthDayNano> {
    let small = |factor: i64| {
        let number = count.checked_mul(factor).and_then(|number| i32::try_from(number).ok());
        number.ok_or_else(|| value_out_of_range(&DataType::Int32))
    };
    Ok(match unit {
        Unit::Nanoseconds(factor) => {
            let nanoseconds = count.checked_mul(factor);
            let nanoseconds = nanoseconds.ok_or_else(|| value_out_of_range(&DataType::Int64))?;
            IntervalMonthDayNano::new(0, 0, nanoseconds)
        }
        Unit::Days(factor) => IntervalMonthDayNano::new(0, small(factor)?, 0),
        Unit::Months(factor) => IntervalMonthDayNano::new(small(factor)?, 0, 0),
    })
}
