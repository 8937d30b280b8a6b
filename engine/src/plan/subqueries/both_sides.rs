//! Outer joins whose conditions have subqueries that speak of the rows of both sides:
//! `a LEFT JOIN b ON EXISTS (SELECT 1 FROM c WHERE c.x = a.x AND c.y = b.y)`. The side that may be
//! absent becomes a lateral subquery, which the condition filters.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::common::{
    DFSchema, ExprSchema as _, JoinConstraint, JoinType, NullEquality, Result, TableReference,
};
use datafusion::logical_expr::logical_plan::{Filter, SubqueryAlias};
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, Join, LogicalPlan, lit};

use super::shape::lateral;

/// Returns the rows of `kept`, each with the rows of `other` for which the conditions hold, or
/// without one.
pub(super) fn joined(
    kept: &Arc<LogicalPlan>,
    other: &Arc<LogicalPlan>,
    conditions: Vec<Expr>,
) -> Result<Join> {
    let (rows, alias) = rows(other);
    let mut placed = Vec::with_capacity(conditions.len());
    for condition in conditions {
        placed.push(from_beside(condition, kept.schema(), other.schema())?);
    }
    let rows = match alias {
        Some(alias) => Arc::new(LogicalPlan::SubqueryAlias(SubqueryAlias::try_new(rows, alias)?)),
        None => rows,
    };
    let condition = conjunction(placed).unwrap_or_else(|| lit(true));
    let filtered = LogicalPlan::Filter(Filter::try_new(condition, rows)?);
    Join::try_new(
        Arc::clone(kept),
        Arc::new(LogicalPlan::Subquery(lateral(filtered))),
        Vec::new(),
        Some(lit(true)),
        JoinType::Left,
        JoinConstraint::On,
        NullEquality::NullEqualsNothing,
        false,
    )
}

/// Returns the rows of a relation, and its alias if it is lateral and has one.
fn rows(plan: &Arc<LogicalPlan>) -> (Arc<LogicalPlan>, Option<TableReference>) {
    match plan.as_ref() {
        LogicalPlan::Subquery(subquery) => (Arc::clone(&subquery.subquery), None),
        LogicalPlan::SubqueryAlias(alias) => match alias.input.as_ref() {
            LogicalPlan::Subquery(subquery) => {
                (Arc::clone(&subquery.subquery), Some(alias.alias.clone()))
            }
            _ => (Arc::clone(plan), None),
        },
        _ => (Arc::clone(plan), None),
    }
}

/// Returns a condition over two relations as one over the second of them, which is lateral.
fn from_beside(condition: Expr, first: &DFSchema, second: &DFSchema) -> Result<Expr> {
    let placed = condition.transform_up(|expr| match expr {
        Expr::Column(column) if first.has_column(&column) && !second.has_column(&column) => {
            let field = Arc::clone(first.field_from_column(&column)?);
            Ok(Transformed::yes(Expr::OuterReferenceColumn(field, column)))
        }
        expr => Ok(Transformed::no(expr)),
    })?;
    Ok(placed.data)
}
