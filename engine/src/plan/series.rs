//! The arguments of `generate_series` over dates and times, as the query engine takes them.

use arrow::datatypes::{DataType, IntervalUnit, TimeUnit};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::Expr;

use crate::functions::IsoText;
use crate::sql::rewrite::interval_amounts;

/// Returns arguments of a table function: after a date or a timestamp, texts are the end and the
/// step of a series, and timestamps have the unit that the query engine counts in.
pub(super) fn of_times(arguments: Vec<Expr>) -> Result<Vec<Expr>> {
    let first = match arguments.first() {
        Some(Expr::Literal(first, _)) => first.data_type(),
        _ => return Ok(arguments),
    };
    let moment = match first {
        DataType::Timestamp(_, zone) => DataType::Timestamp(TimeUnit::Nanosecond, zone),
        DataType::Date32 => DataType::Date32,
        _ => return Ok(arguments),
    };
    let types = [moment.clone(), moment, DataType::Interval(IntervalUnit::MonthDayNano)];
    let typed = arguments.into_iter().enumerate().map(|(place, argument)| match argument {
        Expr::Literal(value, metadata) if is_cast(&value) => {
            let value = match types.get(place) {
                Some(to) => spelled(value, to)?.cast_to(to)?,
                None => value,
            };
            Ok(Expr::Literal(value, metadata))
        }
        other => Ok(other),
    });
    typed.collect()
}

/// Returns a text as the cast to a type reads it; other values are as they are.
fn spelled(value: ScalarValue, to: &DataType) -> Result<ScalarValue> {
    let Some(Some(text)) = value.try_as_str() else { return Ok(value) };
    if matches!(to, DataType::Interval(_)) {
        let amounts = interval_amounts(text);
        return Ok(amounts.map_or(value, ScalarValue::from));
    }
    let text = Expr::Literal(value.clone(), None);
    Ok(match IsoText::read(&text, to, false)? {
        Some(Expr::Literal(read, _)) => read,
        _ => value,
    })
}

/// Returns whether a value is a timestamp or a text.
fn is_cast(value: &ScalarValue) -> bool {
    matches!(value.data_type(), DataType::Timestamp(_, _)) || value.data_type().is_string()
}
