//! `x::timestamp(2)` and `x::time(0)`: moments are rounded to so many digits of a second. The engine
//! below cuts them, and only to its own units. `x::numeric(5, -2)` is rounded to hundreds.

use sqlparser::ast::{CastKind, DataType, ExactNumberInfo, Expr, UnaryOperator};
use sqlparser::tokenizer::Span;

use super::functions::call;
use crate::functions::PRECISION;
use crate::sql::made;

/// The digits of a second that are kept where none are asked for.
const MOST_DIGITS: u64 = 6;

/// Returns the rounded value that a cast with few digits is one of. Times stay of one unit, since
/// those of two cannot be compared.
pub(super) fn of(value: &mut Expr, kind: &CastKind, data_type: &mut DataType) -> Option<Expr> {
    let (digits, whole) = match data_type {
        DataType::Timestamp(Some(digits), zone) => (*digits, DataType::Timestamp(None, *zone)),
        DataType::Time(Some(digits), zone) => (*digits, DataType::Time(None, *zone)),
        _ => return None,
    };
    if digits >= MOST_DIGITS {
        return None;
    }
    if matches!(whole, DataType::Time(..)) {
        *data_type = whole.clone();
    }
    let moment = Expr::Cast {
        kind: kind.clone(),
        expr: Box::new(made::take(value)),
        data_type: whole,
        array: false,
        format: None,
    };
    Some(call(PRECISION, vec![moment, made::number(digits.to_string())], Span::empty()))
}

/// Makes a cast to a decimal of negative scale one to whole numbers, and returns the rounded value
/// that it is one of.
pub(super) fn of_negative_scale(
    value: &mut Expr,
    kind: &CastKind,
    data_type: &mut DataType,
) -> Option<Expr> {
    let (DataType::Numeric(size) | DataType::Decimal(size) | DataType::Dec(size)) = data_type
    else {
        return None;
    };
    let ExactNumberInfo::PrecisionAndScale(digits, scale @ ..0) = *size else { return None };
    let whole = digits.saturating_add(scale.unsigned_abs());
    *size = ExactNumberInfo::PrecisionAndScale(whole, 0);
    let most: u64 = if whole < 38 { 38 } else { 76 };
    let behind_point = i64::try_from(most.saturating_sub(whole).min(10)).unwrap_or(0);
    let exact = Expr::Cast {
        kind: kind.clone(),
        expr: Box::new(made::take(value)),
        data_type: DataType::Numeric(ExactNumberInfo::PrecisionAndScale(most, behind_point)),
        array: false,
        format: None,
    };
    let places = Box::new(made::number(scale.unsigned_abs().to_string()));
    let places = Expr::UnaryOp { op: UnaryOperator::Minus, expr: places };
    Some(call("round", vec![exact, places], Span::empty()))
}
