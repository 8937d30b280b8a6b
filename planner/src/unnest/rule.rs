//! The rule that joins lateral subqueries with the rows they are computed over.

use std::collections::HashSet;

use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::optimizer::optimizer::ApplyOrder;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};

use super::chain::dependent_joins;
use super::correlation::lateral;

/// Computes lateral subqueries over all rows at once, where the query engine does not.
///
/// It belongs behind the rule for nearest joins and before those of the query engine.
#[derive(Debug, Default)]
pub struct UnnestLateral;

impl OptimizerRule for UnnestLateral {
    fn name(&self) -> &'static str {
        "unnest_lateral"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        None
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        if !has_lateral(&plan)? {
            return Ok(Transformed::no(plan));
        }
        let needed = column_names(&plan)?;
        let name = || config.alias_generator().next("__outer");
        // Outer subqueries go first: those inside of them then find all that they mention among the
        // rows they are lateral to.
        plan.transform_down_with_subqueries(|plan| match &plan {
            LogicalPlan::Join(join) => match dependent_joins(join, &needed, &name)? {
                Some(plan) => Ok(Transformed::yes(plan)),
                None => Ok(Transformed::no(plan)),
            },
            _ => Ok(Transformed::no(plan)),
        })
    }
}

/// Returns whether there is a lateral subquery, outside of recursion, whose rows are other ones at
/// each turn.
fn has_lateral(plan: &LogicalPlan) -> Result<bool> {
    let (mut found, mut is_recursive) = (false, false);
    plan.apply_with_subqueries(|plan| {
        match plan {
            LogicalPlan::Join(join) => found |= lateral(&join.right).is_some(),
            LogicalPlan::RecursiveQuery(_) => is_recursive = true,
            _ => {}
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(found && !is_recursive)
}

/// Returns the names of all columns that a plan mentions or gives.
fn column_names(plan: &LogicalPlan) -> Result<HashSet<String>> {
    let fields = plan.schema().fields().iter();
    let mut names: HashSet<String> = fields.map(|field| field.name().clone()).collect();
    plan.apply_with_subqueries(|plan| {
        plan.apply_expressions(|expr| {
            expr.apply(|expr| {
                if let Expr::Column(column) | Expr::OuterReferenceColumn(_, column) = expr {
                    names.insert(column.name.clone());
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    })?;
    Ok(names)
}
