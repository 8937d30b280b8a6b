//! Texts as written beside other values in arithmetic: `x + '1'` adds numbers, and
//! `day - '2024-01-01'` counts days. As in `PostgreSQL` the other operand gives the text its type.

use arrow::datatypes::DataType;
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::logical_expr::planner::RawBinaryExpr;
use datafusion::logical_expr::{Expr, ExprSchemable as _, cast};
use sqlparser::ast::BinaryOperator;

use super::conversions::interval;

/// The most digits of a decimal.
const MOST_DIGITS: usize = 38;

/// Returns an operation in which a text beside another value has the type that this one gives it.
pub(super) fn typed(mut expr: RawBinaryExpr, schema: &DFSchema) -> RawBinaryExpr {
    let is_left = literal(&expr.left).is_some();
    if is_left == literal(&expr.right).is_some() {
        return expr;
    }
    let other = if is_left { &expr.right } else { &expr.left };
    let Ok(other) = other.get_type(schema) else { return expr };
    let text = if is_left { &mut expr.left } else { &mut expr.right };
    if let Some(value) = value(text, &expr.op, &other) {
        *text = value;
    }
    expr
}

/// Returns the text of a literal.
pub(super) fn literal(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Literal(value, _) => value.try_as_str().flatten(),
        _ => None,
    }
}

/// Returns a text as a value beside one of another type; none where several types would fit.
fn value(text: &Expr, operator: &BinaryOperator, other: &DataType) -> Option<Expr> {
    use BinaryOperator::{Divide, Minus, Multiply, Plus};

    match (other, operator) {
        (DataType::Decimal128(..) | DataType::Decimal256(..), _) => Some(number(text)),
        (of, _) if of.is_numeric() => Some(cast(text.clone(), of.clone())),
        (DataType::Interval(_) | DataType::Duration(_), Plus | Minus)
        | (DataType::Timestamp(..) | DataType::Time32(_) | DataType::Time64(_), Plus) => {
            Some(interval(text.clone()))
        }
        (DataType::Interval(_) | DataType::Duration(_), Multiply | Divide) => {
            Some(cast(text.clone(), DataType::Float64))
        }
        (
            DataType::Timestamp(..)
            | DataType::Time32(_)
            | DataType::Time64(_)
            | DataType::Date32
            | DataType::Date64,
            Minus,
        ) => Some(cast(text.clone(), other.clone())),
        _ => None,
    }
}

/// Returns a text as a decimal of all its digits, or as a double if it is written otherwise.
fn number(text: &Expr) -> Expr {
    let decimal = literal(text).map(str::trim).and_then(|digits| {
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let whole = whole.trim_start_matches(['-', '+']);
        let count = whole.len() + fraction.len();
        let is_plain = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
        if !is_plain || !(1..=MOST_DIGITS).contains(&count) {
            return None;
        }
        let (precision, scale) = (u8::try_from(count).ok()?, i8::try_from(fraction.len()).ok()?);
        let data_type = DataType::Decimal128(precision, scale);
        ScalarValue::try_from_string(digits.to_owned(), &data_type).ok()
    });
    match decimal {
        Some(decimal) => Expr::Literal(decimal, None),
        None => cast(text.clone(), DataType::Float64),
    }
}

#[cfg(test)]
mod tests {
    use datafusion::logical_expr::lit;

    use super::*;

    #[test]
    fn decimals_keep_their_digits() {
        let decimal = |value, precision, scale| {
            Expr::Literal(ScalarValue::Decimal128(Some(value), precision, scale), None)
        };
        assert_eq!(number(&lit("2.555")), decimal(2555, 4, 3));
        assert_eq!(number(&lit(" -10 ")), decimal(-10, 2, 0));
        assert_eq!(number(&lit("1e3")), cast(lit("1e3"), DataType::Float64));
        assert_eq!(number(&lit(".")), cast(lit("."), DataType::Float64));
    }
}
