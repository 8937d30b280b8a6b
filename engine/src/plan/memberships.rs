//! `x IN (..)` with items that are computed from columns. The engine below takes an item for a
//! constant if it is one where there are no rows, as a `CASE` of literals is, so these are compared
//! one by one.

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::logical_expr::expr::InList;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{BinaryExpr, Expr, LogicalPlan, Operator, lit};
use datafusion::optimizer::AnalyzerRule;

/// Puts comparisons in the place of items that are no constants.
#[derive(Debug)]
pub(crate) struct CompareItems;

impl AnalyzerRule for CompareItems {
    fn analyze(&self, plan: LogicalPlan, _config: &ConfigOptions) -> Result<LogicalPlan> {
        let rewritten = plan.transform_up_with_subqueries(|plan| {
            if !has_list(&plan)? {
                return Ok(Transformed::no(plan));
            }
            let names = NamePreserver::new(&plan);
            plan.map_expressions(|expr| {
                let name = names.save(&expr);
                let rewritten = expr.transform_up(|expr| Ok(compared(expr)))?;
                Ok(rewritten.update_data(|expr| name.restore(expr)))
            })
        })?;
        Ok(rewritten.data)
    }

    fn name(&self) -> &'static str {
        "compare_items"
    }
}

fn has_list(plan: &LogicalPlan) -> Result<bool> {
    let mut found = false;
    plan.apply_expressions(|expr| {
        found |= expr.exists(|expr| Ok(matches!(expr, Expr::InList(_))))?;
        Ok(if found { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    Ok(found)
}

fn compared(expr: Expr) -> Transformed<Expr> {
    match expr {
        Expr::InList(InList { expr, list, negated })
            if !expr.is_volatile() && list.iter().any(is_computed) =>
        {
            let (computed, others): (Vec<_>, Vec<_>) = list.into_iter().partition(is_computed);
            let (operator, joint) = if negated {
                (Operator::NotEq, Operator::And)
            } else {
                (Operator::Eq, Operator::Or)
            };
            let mut conditions = Vec::with_capacity(computed.len() + 1);
            if !others.is_empty() {
                conditions.push(Expr::InList(InList::new(expr.clone(), others, negated)));
            }
            let items = computed.into_iter();
            conditions.extend(items.map(|item| binary(expr.as_ref().clone(), operator, item)));
            Transformed::yes(joined(conditions, joint).unwrap_or_else(|| lit(negated)))
        }
        other => Transformed::no(other),
    }
}

/// Returns whether an item is more than a column, and no constant.
fn is_computed(item: &Expr) -> bool {
    let has_choice =
        item.exists(|expr| Ok(matches!(expr, Expr::Case(_) | Expr::ScalarFunction(_))));
    has_choice.unwrap_or(true) && (item.any_column_refs() || item.contains_outer())
}

/// Returns conditions joined by an operator, as a tree of little depth.
fn joined(mut conditions: Vec<Expr>, operator: Operator) -> Option<Expr> {
    if conditions.len() < 2 {
        return conditions.pop();
    }
    let right = conditions.split_off(conditions.len() / 2);
    Some(binary(joined(conditions, operator)?, operator, joined(right, operator)?))
}

fn binary(left: Expr, operator: Operator, right: Expr) -> Expr {
    Expr::BinaryExpr(BinaryExpr::new(Box::new(left), operator, Box::new(right)))
}
