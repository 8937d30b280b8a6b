//! Texts as written beside arrays: `numbers = '{1,2}'`, `tags && '{a,b}'`. As in `PostgreSQL` the
//! array gives the text its type.

use arrow::datatypes::DataType;
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::functions_nested::make_array::make_array_udf;
use datafusion::logical_expr::planner::RawBinaryExpr;
use datafusion::logical_expr::{Expr, ExprSchemable as _, cast, lit};
use sqlparser::ast::BinaryOperator;

use super::untyped_operands::literal;
use crate::functions::items;

/// Returns an operation in which a text beside an array is the array that it spells, if it does.
pub(super) fn typed(mut expr: RawBinaryExpr, schema: &DFSchema) -> RawBinaryExpr {
    let is_left = literal(&expr.left).is_some();
    if !takes_arrays(&expr.op) || is_left == literal(&expr.right).is_some() {
        return expr;
    }
    let other = if is_left { &expr.right } else { &expr.left };
    let Ok(other) = other.get_type(schema) else { return expr };
    let text = if is_left { &mut expr.left } else { &mut expr.right };
    if let Some(array) = literal(text).and_then(|text| array(text, &other)) {
        *text = array;
    }
    expr
}

fn takes_arrays(operator: &BinaryOperator) -> bool {
    use BinaryOperator::{
        ArrowAt, AtArrow, Eq, Gt, GtEq, Lt, LtEq, NotEq, PGOverlap, StringConcat,
    };

    matches!(
        operator,
        ArrowAt | AtArrow | Eq | Gt | GtEq | Lt | LtEq | NotEq | PGOverlap | StringConcat
    )
}

/// Returns the array that a text spells, if the other operand is one of single values.
fn array(text: &str, other: &DataType) -> Option<Expr> {
    let (DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _)) =
        other
    else {
        return None;
    };
    let item_type = item.data_type();
    if item_type.is_nested() || item_type.is_binary() {
        return None;
    }
    let values: Vec<Expr> = items(text)?
        .into_iter()
        .map(|item| {
            let is_null = !item.is_quoted && item.text.eq_ignore_ascii_case("null");
            let value = if is_null { lit(ScalarValue::Null) } else { lit(item.text) };
            cast(value, item_type.clone())
        })
        .collect();
    let is_empty = values.is_empty();
    let array = make_array_udf().call(values);
    Some(if is_empty { cast(array, other.clone()) } else { array })
}
