//! The rule that tells joins the columns of their inputs again.

use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TreeNodeRecursion};
use datafusion::logical_expr::{Join, JoinType, LogicalPlan};
use datafusion::optimizer::optimizer::ApplyOrder;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};

/// Computes the columns of joins anew. The query engine gives what is lateral more columns than it
/// had as it makes a join of it, and does not tell the joins above, which then look for columns in
/// wrong places.
///
/// It belongs right behind the rule of the query engine for lateral joins.
#[derive(Debug, Default)]
pub(crate) struct RefreshJoins;

impl OptimizerRule for RefreshJoins {
    fn name(&self) -> &'static str {
        "refresh_joins"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        None
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        _config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        let mut is_any_stale = false;
        plan.apply_with_subqueries(|plan| {
            is_any_stale |= is_stale(plan);
            Ok(if is_any_stale { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
        })?;
        if !is_any_stale {
            return Ok(Transformed::no(plan));
        }
        plan.transform_up_with_subqueries(|plan| match plan {
            LogicalPlan::Join(_) | LogicalPlan::SubqueryAlias(_) | LogicalPlan::Window(_) => {
                plan.recompute_schema().map(Transformed::yes)
            }
            other => Ok(Transformed::no(other)),
        })
    }
}

/// Returns whether a node has another number of columns than its inputs give it.
fn is_stale(plan: &LogicalPlan) -> bool {
    let width = |plan: &LogicalPlan| plan.schema().fields().len();
    let expected = match plan {
        LogicalPlan::Join(join) => width_of(join),
        LogicalPlan::SubqueryAlias(named) => width(&named.input),
        LogicalPlan::Window(window) => width(&window.input) + window.window_expr.len(),
        _ => return false,
    };
    width(plan) != expected
}

/// Returns how many columns the inputs give a join.
fn width_of(join: &Join) -> usize {
    let [left, right] = [&join.left, &join.right].map(|input| input.schema().fields().len());
    match join.join_type {
        JoinType::Inner | JoinType::Left | JoinType::Right | JoinType::Full => left + right,
        JoinType::LeftSemi | JoinType::LeftAnti => left,
        JoinType::RightSemi | JoinType::RightAnti => right,
        JoinType::LeftMark => left + 1,
        JoinType::RightMark => right + 1,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::datatypes::{DataType, Field, Schema};
    use datafusion::logical_expr::logical_plan::table_scan;
    use datafusion::logical_expr::{LogicalPlanBuilder, col, lit};
    use datafusion::optimizer::OptimizerContext;

    use super::*;

    fn table(name: &str) -> LogicalPlanBuilder {
        let schema = Schema::new(vec![Field::new("x", DataType::Int32, true)]);
        table_scan(Some(name), &schema, None).unwrap()
    }

    #[test]
    fn joins_have_the_columns_of_their_inputs() {
        let right = table("b").build().unwrap();
        let plan = table("a").cross_join(right).unwrap().build().unwrap();
        let LogicalPlan::Join(mut join) = plan.clone() else { panic!("no join") };
        let unchanged = RefreshJoins.rewrite(plan, &OptimizerContext::new()).unwrap();
        assert!(!unchanged.transformed);

        let wider = table("a").project(vec![col("a.x"), lit(1).alias("one")]).unwrap();
        join.left = Arc::new(wider.build().unwrap());
        let stale = LogicalPlan::Join(join);
        assert_eq!(stale.schema().fields().len(), 2);
        let fresh = RefreshJoins.rewrite(stale, &OptimizerContext::new()).unwrap();
        assert_eq!(fresh.data.schema().fields().len(), 3);
    }
}
