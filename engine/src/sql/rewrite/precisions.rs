//! `x::timestamp(2)` and `x::time(0)`: moments are rounded to so many digits of a second. The engine
//! below cuts them, and only to its own units.

use sqlparser::ast::{CastKind, DataType, Expr, Value};
use sqlparser::tokenizer::Span;

use super::functions::{call, null};
use crate::functions::PRECISION;

/// The digits of a second that are kept where none are asked for.
const MOST_DIGITS: u64 = 6;

/// Returns the rounded value that a cast with few digits is one of.
pub(super) fn of(value: &mut Expr, kind: &CastKind, data_type: &DataType) -> Option<Expr> {
    let (digits, whole) = match data_type {
        DataType::Timestamp(Some(digits), zone) => (*digits, DataType::Timestamp(None, *zone)),
        DataType::Time(Some(digits), zone) => (*digits, DataType::Time(None, *zone)),
        _ => return None,
    };
    if digits >= MOST_DIGITS {
        return None;
    }
    let moment = Expr::Cast {
        kind: kind.clone(),
        expr: Box::new(std::mem::replace(value, null())),
        data_type: whole,
        array: false,
        format: None,
    };
    let digits = Expr::Value(Value::Number(digits.to_string(), false).with_empty_span());
    Some(call(PRECISION, vec![moment, digits], Span::empty()))
}
