//! Values beside each other that SQL does not take, and the engine below takes for what they are
//! stored as: days for integers, integers for truth, geometries for the bytes of a text.

use arrow::datatypes::DataType;
use datafusion::common::{DFSchema, Result, plan_err};
use datafusion::logical_expr::expr::{Between, Case};
use datafusion::logical_expr::{Expr, ExprSchemable as _, Operator};
use godwit_geometry::is_geometry;

use super::conversions::is_comparison;

/// Refuses an expression over such values.
pub(super) fn refuse(expr: &Expr, schema: &DFSchema) -> Result<()> {
    match expr {
        Expr::BinaryExpr(binary) if binary.op == Operator::StringConcat => {
            without_geometries("||", [&binary.left, &binary.right], schema)
        }
        Expr::BinaryExpr(binary) if is_comparison(binary.op) => {
            comparable(&binary.left, binary.op, &binary.right, schema)
        }
        Expr::Between(Between { expr, low, high, .. }) => {
            comparable(expr, Operator::GtEq, low, schema)?;
            comparable(expr, Operator::LtEq, high, schema)
        }
        Expr::InList(list) => {
            let mut values = list.list.iter();
            values.try_for_each(|value| comparable(&list.expr, Operator::Eq, value, schema))
        }
        Expr::Like(like) => {
            let operator = if like.case_insensitive { "ILIKE" } else { "LIKE" };
            without_geometries(operator, [&like.expr, &like.pattern], schema)
        }
        Expr::Case(case) => with_conditions(case, schema),
        _ => Ok(()),
    }
}

/// Returns whether one type is that of days and the other one of numbers, between which nothing
/// converts.
pub(super) fn are_apart(left: &DataType, right: &DataType) -> bool {
    let is_date = |of: &DataType| matches!(of, DataType::Date32 | DataType::Date64);
    (is_date(left) && right.is_numeric()) || (left.is_numeric() && is_date(right))
}

fn comparable(left: &Expr, operator: Operator, right: &Expr, schema: &DFSchema) -> Result<()> {
    // What has no type yet is looked at when it has one.
    let (Ok(left), Ok(right)) = (left.get_type(schema), right.get_type(schema)) else {
        return Ok(());
    };
    if are_apart(&left, &right) {
        return plan_err!(
            "Cannot infer common argument type for comparison operation {left} {operator} {right}"
        );
    }
    Ok(())
}

fn with_conditions(case: &Case, schema: &DFSchema) -> Result<()> {
    for (when, _) in &case.when_then_expr {
        if let Some(of) = &case.expr {
            comparable(of, Operator::Eq, when, schema)?;
            continue;
        }
        if let Ok(data_type) = when.get_type(schema)
            && data_type.is_numeric()
        {
            return plan_err!("a condition of CASE is boolean, not a value of type {data_type}");
        }
    }
    Ok(())
}

fn without_geometries(operator: &str, operands: [&Expr; 2], schema: &DFSchema) -> Result<()> {
    let has_geometry = operands.iter().any(|operand| {
        operand
            .to_field(schema)
            .is_ok_and(|(_, field)| field.data_type().is_binary() && is_geometry(&field))
    });
    if has_geometry {
        return plan_err!(
            "the operator {operator} takes texts, not a value of type geometry; type ST_AsText(geom)"
        );
    }
    Ok(())
}
