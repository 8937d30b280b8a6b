//! Subqueries that stand for a value and may have no row. The planner below takes the value for one
//! that is never NULL if the column is none, and `coalesce((SELECT id FROM t WHERE ...), 0)` for
//! the subquery alone.

use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{Expr, LogicalPlan};
use godwit_planner::is_correlated;

use super::shape::of_only_row;

/// Returns the plan with such subqueries as the one value, or NULL, that they stand for. Those that
/// speak of the outer row become joins, which know it.
pub(super) fn rewrite(plan: LogicalPlan) -> Result<LogicalPlan> {
    let mut has_changed = false;
    let rewritten = plan.transform_up_with_subqueries(|plan| {
        let names = NamePreserver::new(&plan);
        let mut plan = plan.map_expressions(|expr| {
            let name = names.save(&expr);
            Ok(expr.transform_up(nullable)?.update_data(|expr| name.restore(expr)))
        })?;
        has_changed |= plan.transformed;
        if has_changed {
            plan.data = plan.data.recompute_schema()?;
            plan.transformed = true;
        }
        Ok(plan)
    })?;
    Ok(rewritten.data)
}

fn nullable(expr: Expr) -> Result<Transformed<Expr>> {
    match expr {
        Expr::ScalarSubquery(subquery)
            if !subquery.subquery.schema().field(0).is_nullable()
                && !is_total(&subquery.subquery)
                && !is_correlated(&subquery.subquery)? =>
        {
            Ok(Transformed::yes(Expr::ScalarSubquery(of_only_row(&subquery)?)))
        }
        expr => Ok(Transformed::no(expr)),
    }
}

/// Returns whether a plan has one row whatever its inputs have.
fn is_total(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::Aggregate(aggregate) => aggregate.group_expr.is_empty(),
        LogicalPlan::Projection(projection) => is_total(&projection.input),
        LogicalPlan::SubqueryAlias(alias) => is_total(&alias.input),
        LogicalPlan::EmptyRelation(empty) => empty.produce_one_row,
        _ => false,
    }
}
