//! Keys of an order that are there twice, which say nothing the second time. The engine below
//! leaves them out in one place of an aggregate, and counts them in another.

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{Distinct, Expr, LogicalPlan};
use datafusion::optimizer::AnalyzerRule;

/// Leaves out repeated keys of aggregates and of `DISTINCT ON`.
#[derive(Debug)]
pub(crate) struct LeaveOutRepeatedKeys;

impl AnalyzerRule for LeaveOutRepeatedKeys {
    fn analyze(&self, plan: LogicalPlan, _config: &ConfigOptions) -> Result<LogicalPlan> {
        let rewritten = plan.transform_up_with_subqueries(|plan| match plan {
            LogicalPlan::Distinct(Distinct::On(mut distinct)) => {
                let mut has_changed = leave_out(&mut distinct.on_expr, |on| on);
                if let Some(keys) = &mut distinct.sort_expr {
                    has_changed |= leave_out(keys, |key| &key.expr);
                }
                let plan = LogicalPlan::Distinct(Distinct::On(distinct));
                Ok(Transformed::new_transformed(plan, has_changed))
            }
            other => in_aggregates(other),
        })?;
        Ok(rewritten.data)
    }

    fn name(&self) -> &'static str {
        "leave_out_repeated_keys"
    }
}

fn in_aggregates(plan: LogicalPlan) -> Result<Transformed<LogicalPlan>> {
    if !has_keys(&plan)? {
        return Ok(Transformed::no(plan));
    }
    let names = NamePreserver::new(&plan);
    plan.map_expressions(|expr| {
        let name = names.save(&expr);
        let rewritten = expr.transform_up(|expr| match expr {
            Expr::AggregateFunction(mut aggregate) => {
                let has_changed = leave_out(&mut aggregate.params.order_by, |key| &key.expr);
                let aggregate = Expr::AggregateFunction(aggregate);
                Ok(Transformed::new_transformed(aggregate, has_changed))
            }
            other => Ok(Transformed::no(other)),
        })?;
        Ok(rewritten.update_data(|expr| name.restore(expr)))
    })
}

/// Returns whether an aggregate of a plan has several keys.
fn has_keys(plan: &LogicalPlan) -> Result<bool> {
    let mut found = false;
    plan.apply_expressions(|expr| {
        found |= expr.exists(|expr| {
            Ok(matches!(expr, Expr::AggregateFunction(of) if of.params.order_by.len() > 1))
        })?;
        Ok(if found { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    Ok(found)
}

/// Leaves out all keys whose expression is that of one before, and returns whether there were any.
fn leave_out<T>(keys: &mut Vec<T>, expr: impl Fn(&T) -> &Expr) -> bool {
    let count = keys.len();
    let mut known: Vec<Expr> = Vec::with_capacity(count);
    keys.retain(|key| {
        let expr = expr(key);
        let is_new = !known.contains(expr);
        if is_new {
            known.push(expr.clone());
        }
        is_new
    });
    keys.len() < count
}
