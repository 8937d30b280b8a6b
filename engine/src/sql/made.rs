//! Parts of syntax trees that nobody wrote.

use sqlparser::ast::{CastKind, DataType, Expr, Value};

/// Returns a number.
pub(super) fn number(digits: impl Into<String>) -> Expr {
    Expr::Value(Value::Number(digits.into(), false).with_empty_span())
}

/// Returns a text.
pub(super) fn text(text: impl Into<String>) -> Expr {
    Expr::Value(Value::SingleQuotedString(text.into()).with_empty_span())
}

/// Returns a truth value.
pub(super) fn truth(value: bool) -> Expr {
    Expr::Value(Value::Boolean(value).with_empty_span())
}

/// Returns a null.
pub(super) fn null() -> Expr {
    Expr::Value(Value::Null.with_empty_span())
}

/// Returns a cast.
pub(super) fn cast(value: Expr, data_type: DataType) -> Expr {
    let expr = Box::new(value);
    Expr::Cast { kind: CastKind::Cast, expr, data_type, array: false, format: None }
}

/// Takes an expression out of its place, in which it leaves a null.
pub(super) fn take(expr: &mut Expr) -> Expr {
    std::mem::replace(expr, null())
}
