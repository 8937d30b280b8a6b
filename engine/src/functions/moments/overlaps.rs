//! `(a, b) OVERLAPS (c, d)`: whether two periods have a moment in common. A period is given by its
//! ends in any order, or by its begin and how long it is.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, BooleanArray, Int64Array};
use arrow::compute::cast;
use arrow::compute::kernels::numeric::add;
use arrow::datatypes::{DataType, Int64Type, IntervalUnit, TimeUnit};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// The function that the operator is.
pub(crate) const OVERLAPS: &str = "overlaps";

const INTERVAL: DataType = DataType::Interval(IntervalUnit::MonthDayNano);

/// Returns the function.
pub(super) fn overlaps() -> ScalarUDF {
    ScalarUDF::from(Overlaps { signature: Signature::user_defined(Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Overlaps {
    signature: Signature,
}

impl ScalarUDFImpl for Overlaps {
    fn name(&self) -> &'static str {
        OVERLAPS
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let [first, first_end, second, second_end] = types else {
            return plan_err!("OVERLAPS takes two periods of two moments each");
        };
        let Some(moment) = common(types) else {
            return plan_err!(
                "OVERLAPS takes dates, timestamps or times, not ({first}, {first_end}) and \
                 ({second}, {second_end})"
            );
        };
        let is_time = matches!(moment, DataType::Time64(_));
        let end = |of: &DataType| match of {
            DataType::Interval(_) | DataType::Duration(_) if !is_time => Some(INTERVAL),
            DataType::Interval(_) | DataType::Duration(_) => None,
            _ => Some(moment.clone()),
        };
        let (Some(first_end), Some(second_end)) = (end(first_end), end(second_end)) else {
            return plan_err!("OVERLAPS of times takes two times, not a time and an interval");
        };
        Ok(vec![moment.clone(), first_end, moment, second_end])
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = arguments.number_rows;
        let columns = arguments.args.iter().map(|value| value.to_array(rows));
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let [first, first_end, second, second_end] = columns.as_slice() else {
            return exec_err!("OVERLAPS takes two periods of two moments each");
        };
        let (first, second) = (periods(first, first_end)?, periods(second, second_end)?);
        let answers = first.zip(second).map(|(first, second)| meet(first, second));
        Ok(ColumnarValue::Array(Arc::new(answers.collect::<BooleanArray>())))
    }
}

/// Returns the type that all moments are brought to; nothing if there is none. The lengths of
/// periods have another one.
fn common(types: &[DataType]) -> Option<DataType> {
    let mut common = None;
    for (place, of) in types.iter().enumerate() {
        let wanted = match of {
            DataType::Date32 | DataType::Date64 | DataType::Timestamp(_, None) => {
                DataType::Timestamp(TimeUnit::Microsecond, None)
            }
            DataType::Timestamp(_, zone) => {
                DataType::Timestamp(TimeUnit::Microsecond, zone.clone())
            }
            DataType::Time32(_) | DataType::Time64(_) => DataType::Time64(TimeUnit::Microsecond),
            DataType::Interval(_) | DataType::Duration(_) if place % 2 == 1 => continue,
            text_or_null if text_or_null.is_string() || text_or_null.is_null() => continue,
            _ => return None,
        };
        common = match (common, wanted) {
            (None, wanted) => Some(wanted),
            (Some(known), wanted) if known == wanted => Some(known),
            // A moment without a zone is read as one of the zone.
            (Some(zoned @ DataType::Timestamp(_, Some(_))), DataType::Timestamp(..))
            | (Some(DataType::Timestamp(..)), zoned @ DataType::Timestamp(_, Some(_))) => {
                Some(zoned)
            }
            _ => return None,
        };
    }
    common
}

/// A period, whose end may not be known.
type Period = (i64, Option<i64>);

/// Returns the periods of each row, nothing where neither end is known.
fn periods(begins: &ArrayRef, ends: &ArrayRef) -> Result<impl Iterator<Item = Option<Period>>> {
    let ends = match ends.data_type() {
        DataType::Interval(_) => add(begins, ends)?,
        _ => Arc::clone(ends),
    };
    let (begins, ends) = (moments(begins)?, moments(&ends)?);
    let count = begins.len();
    let of_row = move |row: usize| {
        let moment = |column: &Int64Array| column.is_valid(row).then(|| column.value(row));
        match (moment(&begins), moment(&ends)) {
            (Some(begin), Some(end)) => Some((begin.min(end), Some(begin.max(end)))),
            (Some(one), None) | (None, Some(one)) => Some((one, None)),
            (None, None) => None,
        }
    };
    Ok((0..count).map(of_row))
}

/// Returns moments as numbers of microseconds.
fn moments(moments: &ArrayRef) -> Result<Int64Array> {
    Ok(cast(moments, &DataType::Int64)?.as_primitive::<Int64Type>().clone())
}

/// Returns whether periods have a moment in common; their ends are no part of them, but that a
/// period without length is its begin.
fn meet(first: Option<Period>, second: Option<Period>) -> Option<bool> {
    let (first, second) = (first?, second?);
    let (earlier, later) = if first.0 <= second.0 { (first, second) } else { (second, first) };
    if earlier.0 == later.0 {
        return (earlier.1.is_some() && later.1.is_some()).then_some(true);
    }
    if later.0 < earlier.1? {
        return Some(true);
    }
    // What ends before the other begins does so wherever that ends.
    later.1.map(|_| false)
}
