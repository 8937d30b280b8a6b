//! Subqueries inside of expressions, wherever and in whatever form: `IN` and `NOT IN` with NULLs,
//! `ANY` and `ALL`, `EXISTS` and values of their own in select lists, groups, orders and joins.
//!
//! The planner below joins subqueries that are conditions of a filter and speak of the outer row
//! in conditions of their own; everything else becomes that here, or a lateral subquery, which
//! `godwit_planner` computes over all rows at once.

mod beside;
mod both_sides;
mod hoist;
mod joined;
mod mark;
mod membership;
mod no_row;
mod shape;

use datafusion::common::Result;
use datafusion::logical_expr::LogicalPlan;

/// Returns the plan with relations that speak of others beside them marked as such.
pub(super) fn beside(plan: LogicalPlan) -> Result<LogicalPlan> {
    Ok(plan.transform_up_with_subqueries(beside::rewrite)?.data)
}

/// Returns the plan with all such subqueries in filters and select lists, and only as `EXISTS` or
/// values there, but for `IN` where the planner below is right about it.
pub(super) fn in_reach(plan: LogicalPlan) -> Result<LogicalPlan> {
    let plan = plan.transform_up_with_subqueries(hoist::rewrite)?.data;
    Ok(plan.transform_up_with_subqueries(membership::rewrite)?.data)
}

/// Returns the plan with the subqueries that the planner below does not know as joins.
pub(super) fn as_joins(plan: LogicalPlan) -> Result<LogicalPlan> {
    let mut count = 0;
    let plan = no_row::rewrite(plan)?;
    Ok(plan.transform_up_with_subqueries(|plan| joined::rewrite(plan, &mut count))?.data)
}
