//! Operators on JSON texts, and the functions that they are.

use arrow::datatypes::DataType;
use datafusion::common::{DFSchema, Result, plan_err};
use datafusion::logical_expr::planner::{RawBinaryExpr, RawFieldAccessExpr};
use datafusion::logical_expr::{Expr, ExprSchemable as _, GetFieldAccess, cast};
use godwit_udfs::is_json;
use sqlparser::ast::BinaryOperator;

use super::value_operators::is_list;
use crate::functions::{
    JSON_CONCAT, JSON_CONTAINS, JSON_DELETE, JSON_DELETE_KEYS, JSON_DELETE_PATH, JSON_EXISTS,
    JSON_EXISTS_ALL, JSON_EXISTS_ANY, JSON_PART, JSON_PATH, JSON_PATH_TEXT, JSON_STEPS, JSON_TEXT,
    json_cast_function,
};

/// The functions that such operators are.
pub(super) const FUNCTIONS: [&str; 13] = [
    JSON_CONCAT,
    JSON_CONTAINS,
    JSON_DELETE,
    JSON_DELETE_KEYS,
    JSON_DELETE_PATH,
    JSON_EXISTS,
    JSON_EXISTS_ALL,
    JSON_EXISTS_ANY,
    JSON_PART,
    JSON_PATH,
    JSON_PATH_TEXT,
    JSON_STEPS,
    JSON_TEXT,
];

/// Returns the function that an operator on JSON is, and its arguments.
pub(super) fn call_of(
    expr: &RawBinaryExpr,
    schema: &DFSchema,
) -> Result<Option<(&'static str, Vec<Expr>)>> {
    let (left, right) = (&expr.left, &expr.right);
    let in_order = |function| Some((function, vec![left.clone(), right.clone()]));
    let access = match &expr.op {
        BinaryOperator::Arrow => JSON_PART,
        BinaryOperator::LongArrow => JSON_TEXT,
        BinaryOperator::HashArrow => JSON_PATH,
        BinaryOperator::HashLongArrow => JSON_PATH_TEXT,
        BinaryOperator::HashMinus => JSON_DELETE_PATH,
        BinaryOperator::Custom(name) => match name.as_str() {
            "?" => JSON_EXISTS,
            "?|" => JSON_EXISTS_ANY,
            "?&" => JSON_EXISTS_ALL,
            _ => return Ok(None),
        },
        BinaryOperator::AtArrow if has_json(expr, schema) => return Ok(in_order(JSON_CONTAINS)),
        BinaryOperator::ArrowAt if has_json(expr, schema) => {
            return Ok(Some((JSON_CONTAINS, vec![right.clone(), left.clone()])));
        }
        BinaryOperator::Minus if is_of_json(left, schema) => {
            let has_list = right.get_type(schema).is_ok_and(|right| is_list(&right));
            return Ok(in_order(if has_list { JSON_DELETE_KEYS } else { JSON_DELETE }));
        }
        BinaryOperator::StringConcat if has_json(expr, schema) => {
            return Ok(in_order(JSON_CONCAT).filter(|_| is_of_texts(expr, schema)));
        }
        _ => return Ok(None),
    };
    check_json(expr, schema)?;
    Ok(in_order(access))
}

/// Returns an equality of JSON as one of texts that are spelled alike, as those of `jsonb` are.
pub(super) fn spelled_alike(expr: RawBinaryExpr, schema: &DFSchema) -> RawBinaryExpr {
    let is_equality = matches!(expr.op, BinaryOperator::Eq | BinaryOperator::NotEq);
    if !is_equality || !has_json(&expr, schema) || !is_of_texts(&expr, schema) {
        return expr;
    }
    let cast = |text: Expr| json_cast_function(true, false).call(vec![text]);
    RawBinaryExpr { left: cast(expr.left), right: cast(expr.right), ..expr }
}

/// Returns whether an operand is JSON, and the other one may be.
fn has_json(expr: &RawBinaryExpr, schema: &DFSchema) -> bool {
    let (left, right) = (is_of_json(&expr.left, schema), is_of_json(&expr.right, schema));
    let may_be = |operand: &Expr| is_literal(operand) || matches!(operand, Expr::Placeholder(_));
    (left && (right || may_be(&expr.right))) || (right && may_be(&expr.left))
}

/// Returns whether both operands are JSON or texts as written.
fn is_of_texts(expr: &RawBinaryExpr, schema: &DFSchema) -> bool {
    let is_text = |operand: &Expr| is_literal(operand) || is_of_json(operand, schema);
    is_text(&expr.left) && is_text(&expr.right)
}

/// Returns the function that `json['key']` or `json[0]` is, and its arguments.
pub(super) fn subscript_of(
    access: &RawFieldAccessExpr,
    schema: &DFSchema,
) -> Option<(&'static str, Vec<Expr>)> {
    let key = match &access.field_access {
        GetFieldAccess::NamedStructField { name } => Expr::Literal(name.clone(), None),
        GetFieldAccess::ListIndex { key } => cast(key.as_ref().clone(), DataType::Utf8),
        GetFieldAccess::ListRange { .. } => return None,
    };
    is_of_json(&access.expr, schema).then(|| (JSON_STEPS, vec![access.expr.clone(), key]))
}

fn is_of_json(expr: &Expr, schema: &DFSchema) -> bool {
    expr.to_field(schema).is_ok_and(|(_, field)| is_json(&field))
}

fn is_literal(expr: &Expr) -> bool {
    matches!(expr, Expr::Literal(value, _) if value.data_type().is_string())
}

/// Refuses to look for a part of what is no text.
fn check_json(expr: &RawBinaryExpr, schema: &DFSchema) -> Result<()> {
    let data_type = expr.left.get_type(schema)?;
    if data_type.is_string() || data_type.is_null() {
        return Ok(());
    }
    let operator = match &expr.op {
        BinaryOperator::Custom(name) => name.clone(),
        other => other.to_string(),
    };
    if matches!(data_type, DataType::Struct(_) | DataType::Map(..)) {
        return plan_err!("{operator} takes a JSON text; type column['name'] for a field");
    }
    plan_err!("{operator} takes a JSON text, not a value of type {data_type}")
}
