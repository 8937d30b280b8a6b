//! Conversions and comparisons whose types mean something else in SQL than to the engine below: a
//! number becomes the integer next to it, and intervals are compared by how long they are.

use arrow::datatypes::{DataType, IntervalUnit};
use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::common::{DFSchema, Result};
use datafusion::logical_expr::expr::{Between, Cast, TryCast};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable as _, LogicalPlan, Operator, cast};

use crate::functions::{interval_length, nearest_integer};

/// Returns the plan with such conversions and comparisons written out.
pub(super) fn rewrite(plan: LogicalPlan) -> Result<LogicalPlan> {
    let rewritten = plan.transform_up_with_subqueries(|plan| {
        if !is_concerned(&plan)? {
            return Ok(Transformed::no(plan));
        }
        let schema = merge_schema(&plan.inputs());
        let names = NamePreserver::new(&plan);
        plan.map_expressions(|expr| {
            let name = names.save(&expr);
            let rewritten = expr.transform_up(|expr| Ok(converted(expr, &schema)))?;
            Ok(rewritten.update_data(|expr| name.restore(expr)))
        })
    })?;
    Ok(rewritten.data)
}

/// Returns whether an expression of a plan casts to an integer, or compares.
fn is_concerned(plan: &LogicalPlan) -> Result<bool> {
    let mut found = false;
    plan.apply_expressions(|expr| {
        found |= expr.exists(|expr| {
            Ok(match expr {
                Expr::Cast(cast) => cast.field.data_type().is_integer(),
                Expr::TryCast(cast) => cast.field.data_type().is_integer(),
                Expr::BinaryExpr(binary) => is_comparison(binary.op),
                Expr::Between(_) => true,
                _ => false,
            })
        })?;
        Ok(if found { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    Ok(found)
}

fn converted(expr: Expr, schema: &DFSchema) -> Transformed<Expr> {
    match expr {
        Expr::Cast(Cast { expr, field }) if field.data_type().is_integer() => {
            let from = expr.get_type(schema).ok().filter(has_fractions);
            let (expr, has_changed) = match from {
                Some(from) => (Box::new(nearest(*expr, &from)), true),
                None => (expr, false),
            };
            Transformed::new_transformed(Expr::Cast(Cast { expr, field }), has_changed)
        }
        Expr::TryCast(TryCast { expr, field }) if field.data_type().is_integer() => {
            let from = expr.get_type(schema).ok().filter(has_fractions);
            let (expr, has_changed) = match from {
                Some(from) => (Box::new(nearest(*expr, &from)), true),
                None => (expr, false),
            };
            Transformed::new_transformed(Expr::TryCast(TryCast { expr, field }), has_changed)
        }
        Expr::BinaryExpr(BinaryExpr { left, op, right })
            if is_comparison(op) && are_intervals(&[&left, &right], schema) =>
        {
            let (left, right) = (Box::new(length(*left)), Box::new(length(*right)));
            Transformed::yes(Expr::BinaryExpr(BinaryExpr { left, op, right }))
        }
        Expr::Between(Between { expr, negated, low, high })
            if are_intervals(&[&expr, &low, &high], schema) =>
        {
            let [expr, low, high] = [expr, low, high].map(|of| Box::new(length(*of)));
            Transformed::yes(Expr::Between(Between { expr, negated, low, high }))
        }
        other => Transformed::no(other),
    }
}

fn is_comparison(operator: Operator) -> bool {
    matches!(
        operator,
        Operator::Eq
            | Operator::NotEq
            | Operator::Lt
            | Operator::LtEq
            | Operator::Gt
            | Operator::GtEq
            | Operator::IsDistinctFrom
            | Operator::IsNotDistinctFrom
    )
}

/// Returns whether values are intervals, texts of such or what lies between moments, and at least
/// one is an interval.
fn are_intervals(exprs: &[&Expr], schema: &DFSchema) -> bool {
    let types: Vec<_> = exprs.iter().filter_map(|expr| expr.get_type(schema).ok()).collect();
    let is_one = |data_type: &DataType| matches!(data_type, DataType::Interval(_));
    types.len() == exprs.len()
        && types.iter().any(is_one)
        && types.iter().all(|data_type| {
            is_one(data_type)
                || matches!(data_type, DataType::Duration(_) | DataType::Null)
                || data_type.is_string()
        })
}

/// Returns how long an interval is.
fn length(expr: Expr) -> Expr {
    let interval = cast(expr, DataType::Interval(IntervalUnit::MonthDayNano));
    interval_length().call(vec![interval])
}

/// Returns a value of one type as one of another, numbers as the integers next to them.
pub(crate) fn cast_to(value: Expr, from: &DataType, to: DataType) -> Expr {
    if to.is_integer() && has_fractions(from) {
        return cast(nearest(value, from), to);
    }
    cast(value, to)
}

fn has_fractions(data_type: &DataType) -> bool {
    let is_decimal =
        matches!(data_type, DataType::Decimal128(_, 1..) | DataType::Decimal256(_, 1..));
    data_type.is_floating() || is_decimal
}

/// Returns the integer next to a number. Of two that are equally near it is the one farther from
/// zero, as for `numeric`, but the even one where `PostgreSQL` would know the number as a double.
fn nearest(number: Expr, from: &DataType) -> Expr {
    match from {
        DataType::Decimal128(precision, _) => cast(number, DataType::Decimal128(*precision, 0)),
        DataType::Decimal256(precision, _) => cast(number, DataType::Decimal256(*precision, 0)),
        _ => {
            // What an aggregate makes has no table.
            let is_double = matches!(&number, Expr::Column(column) if column.relation.is_some())
                || matches!(&number, Expr::Cast(cast) if cast.field.data_type().is_floating());
            nearest_integer(is_double).call(vec![number])
        }
    }
}
