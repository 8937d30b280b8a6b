//! Subqueries without tables of their own: `FROM t, ST_Dump(t.geom) AS d`,
//! `SELECT (SELECT count(*) FROM ST_DumpPoints(t.geom)) FROM t`.
//!
//! Such a subquery makes rows of one row, so it needs no join: what it computes is computed over
//! the rows of the table itself. The planner below joins, and cannot take an `UNNEST` out of a
//! subquery.

mod graft;
mod inside;

use std::sync::Arc;

use datafusion::common::tree_node::Transformed;
use datafusion::common::{Column, DFSchema, Result, ScalarValue, TableReference};
use datafusion::logical_expr::logical_plan::{Subquery, SubqueryAlias};
use datafusion::logical_expr::{Expr, Join, JoinType, LogicalPlan, LogicalPlanBuilder, Projection};

use graft::Graft;

/// Returns the plan with every such subquery computed over the rows it is lateral to.
pub(super) fn rewrite(plan: LogicalPlan) -> Result<LogicalPlan> {
    let mut count = 0;
    let rewritten = plan.transform_up_with_subqueries(|plan| match plan {
        LogicalPlan::Join(join) => match rewrite_join(&join, &mut count)? {
            Some(plan) => Ok(Transformed::yes(plan)),
            None => Ok(Transformed::no(LogicalPlan::Join(join))),
        },
        LogicalPlan::Projection(projection) => inside::projection(projection, &mut count),
        LogicalPlan::Filter(filter) => inside::filter(filter, &mut count),
        other => Ok(Transformed::no(other)),
    })?;
    Ok(rewritten.data)
}

fn rewrite_join(join: &Join, count: &mut usize) -> Result<Option<LogicalPlan>> {
    let Some((subquery, alias)) = lateral(&join.right) else { return Ok(None) };
    let condition = condition(join);
    let is_outer = match (join.join_type, &condition) {
        (JoinType::Inner, _) => false,
        (JoinType::Left, None) => true,
        _ => return Ok(None),
    };
    let Some(mut graft) = Graft::new(&join.left, &subquery.subquery, is_outer, count)? else {
        return Ok(None);
    };
    let Some(grafted) = graft.graft(&subquery.subquery)? else { return Ok(None) };
    let mut exprs = columns(join.left.schema());
    let fields = subquery.subquery.schema().iter();
    for ((qualifier, field), column) in fields.zip(grafted.columns) {
        let qualifier = alias.or(qualifier).cloned();
        exprs.push(Expr::Column(column).alias_qualified(qualifier, field.name()));
    }
    let mut plan = LogicalPlan::Projection(Projection::try_new(exprs, Arc::new(grafted.plan))?);
    if let Some(condition) = condition {
        plan = LogicalPlanBuilder::from(plan).filter(condition)?.build()?;
    }
    Ok(Some(plan))
}

/// Returns the subquery that a relation is, and its alias.
fn lateral(plan: &LogicalPlan) -> Option<(&Subquery, Option<&TableReference>)> {
    match plan {
        LogicalPlan::Subquery(subquery) => Some((subquery, None)),
        LogicalPlan::SubqueryAlias(SubqueryAlias { input, alias, .. }) => match input.as_ref() {
            LogicalPlan::Subquery(subquery) => Some((subquery, Some(alias))),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the condition of a join, unless it always holds.
fn condition(join: &Join) -> Option<Expr> {
    let pairs = join.on.iter().map(|(left, right)| left.clone().eq(right.clone()));
    let always = Expr::Literal(ScalarValue::Boolean(Some(true)), None);
    let filter = join.filter.clone().filter(|filter| *filter != always);
    pairs.chain(filter).reduce(Expr::and)
}

fn columns(schema: &DFSchema) -> Vec<Expr> {
    schema.iter().map(|field| Expr::Column(Column::from(field))).collect()
}
