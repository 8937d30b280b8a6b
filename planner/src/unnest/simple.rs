//! The subqueries whose conditions the query engine takes out and joins on.

use datafusion::common::tree_node::{TreeNode as _, TreeNodeRecursion};
use datafusion::common::{DFSchema, JoinType, Result};
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable as _, LogicalPlan, Operator};

use super::correlation::{is_correlated, subquery_of};
use super::names::has_distinct_names;

/// Returns whether a subquery speaks of the outer row in conditions that the query engine takes out
/// of it.
pub fn is_simple(plan: &LogicalPlan, outer: &DFSchema) -> Result<bool> {
    Ok(has_simple_form(plan, outer)? && has_distinct_names(plan))
}

/// Returns whether a subquery speaks of the outer row in conditions only, with nothing but filters,
/// projections and inner joins above them, and of no rows farther out.
pub fn has_simple_form(plan: &LogicalPlan, outer: &DFSchema) -> Result<bool> {
    is_simple_with(plan, &|condition, _| is_of(condition, outer))
}

/// Returns whether a subquery is an aggregate without groups over rows that are found by equality
/// with columns of the outer row.
pub fn is_simple_total(plan: &LogicalPlan, outer: &DFSchema) -> Result<bool> {
    match plan {
        LogicalPlan::Projection(projection) => {
            Ok(!plan.contains_outer_reference() && is_simple_total(&projection.input, outer)?)
        }
        LogicalPlan::SubqueryAlias(alias) => is_simple_total(&alias.input, outer),
        LogicalPlan::Aggregate(aggregate) if aggregate.group_expr.is_empty() => Ok(!plan
            .contains_outer_reference()
            && is_simple_with(&aggregate.input, &|condition, rows| {
                is_lookup(condition, rows, outer)
            })?
            && has_distinct_names(plan)),
        _ => Ok(false),
    }
}

/// A check of a condition on rows that mentions the outer row.
type Check<'a> = &'a dyn Fn(&Expr, &DFSchema) -> Result<bool>;

fn is_simple_with(plan: &LogicalPlan, is_known: Check<'_>) -> Result<bool> {
    if !is_correlated(plan)? {
        return Ok(true);
    }
    match plan {
        LogicalPlan::Filter(filter) => {
            for condition in split_conjunction(&filter.predicate) {
                let is_plain = !condition.contains_outer() && !has_correlated(condition)?;
                if !is_plain && !is_known(condition, filter.input.schema())? {
                    return Ok(false);
                }
            }
            is_simple_with(&filter.input, is_known)
        }
        _ if plan.contains_outer_reference() => Ok(false),
        LogicalPlan::Projection(projection) => is_simple_with(&projection.input, is_known),
        LogicalPlan::Subquery(subquery) => is_simple_with(&subquery.subquery, is_known),
        LogicalPlan::Sort(sort) if sort.fetch.is_none() => is_simple_with(&sort.input, is_known),
        LogicalPlan::Join(join) if join.join_type == JoinType::Inner => {
            Ok(is_simple_with(&join.left, is_known)? && is_simple_with(&join.right, is_known)?)
        }
        _ => Ok(false),
    }
}

/// Returns whether all that a condition says of outer rows it says of these.
fn is_of(condition: &Expr, outer: &DFSchema) -> Result<bool> {
    let mut is_of = !has_correlated(condition)?;
    condition.apply(|expr| {
        if let Expr::OuterReferenceColumn(_, column) = expr {
            is_of &= outer.has_column(column);
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(is_of)
}

/// Returns whether a condition compares a column of a row with what the outer row has. The query
/// engine groups by that column, and not by what is made of it, such as the day of a moment.
fn is_lookup(condition: &Expr, rows: &DFSchema, outer: &DFSchema) -> Result<bool> {
    let Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) = condition else {
        return Ok(false);
    };
    let is_outer = |expr: &Expr| expr.contains_outer() && expr.column_refs().is_empty();
    let is_inner = |expr: &Expr| match expr {
        Expr::Column(_) => true,
        Expr::Cast(cast) => {
            matches!(*cast.expr, Expr::Column(_)) && keeps_apart(&cast.expr, expr, rows)
        }
        _ => false,
    };
    let is_pair = is_outer(left) && is_inner(right) || is_inner(left) && is_outer(right);
    Ok(is_pair && keeps_apart(left, right, rows) && is_of(condition, outer)?)
}

/// Returns whether values of the type of an expression are compared with those of another one as
/// they are, or by a cast that makes no two of them one.
fn keeps_apart(left: &Expr, right: &Expr, rows: &DFSchema) -> bool {
    let (Ok(left), Ok(right)) = (left.get_type(rows), right.get_type(rows)) else { return false };
    left == right
        || left.is_integer() && right.is_integer()
        || left.is_string() && right.is_string()
}

/// Returns whether an expression has a correlated subquery inside.
fn has_correlated(expr: &Expr) -> Result<bool> {
    let mut found = false;
    expr.apply(|expr| {
        if let Some(subquery) = subquery_of(expr) {
            found |= is_correlated(&subquery.subquery)?;
        }
        Ok(if found { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    Ok(found)
}
