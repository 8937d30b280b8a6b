//! `x IN (SELECT y ...)` where the values become those of another type. The engine below calls such
//! a value like its column, and takes no two columns of a name when it adds the column itself, on
//! which the subquery may be joined.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::logical_expr::expr::InSubquery;
use datafusion::logical_expr::{Expr, LogicalPlan, Projection, Subquery};
use datafusion::optimizer::AnalyzerRule;

/// The name of such a value.
const NAME: &str = "godwit_member";

/// Gives values of subqueries that are cast a name of their own.
#[derive(Debug)]
pub(crate) struct NameCastMembers;

impl AnalyzerRule for NameCastMembers {
    fn analyze(&self, plan: LogicalPlan, _config: &ConfigOptions) -> Result<LogicalPlan> {
        let rewritten = plan.transform_up_with_subqueries(|plan| {
            if !has_members(&plan)? {
                return Ok(Transformed::no(plan));
            }
            plan.map_expressions(|expr| {
                expr.transform_up(|expr| match expr {
                    Expr::InSubquery(within) => named(within),
                    other => Ok(Transformed::no(other)),
                })
            })
        })?;
        Ok(rewritten.data)
    }

    fn name(&self) -> &'static str {
        "name_cast_members"
    }
}

fn has_members(plan: &LogicalPlan) -> Result<bool> {
    let mut found = false;
    plan.apply_expressions(|expr| {
        found |= expr.exists(|expr| Ok(matches!(expr, Expr::InSubquery(_))))?;
        Ok(if found { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    Ok(found)
}

fn named(within: InSubquery) -> Result<Transformed<Expr>> {
    let cast = match within.subquery.subquery.as_ref() {
        LogicalPlan::Projection(projection) => match projection.expr.as_slice() {
            [value @ (Expr::Cast(_) | Expr::TryCast(_))] => Some((value, &projection.input)),
            _ => None,
        },
        _ => None,
    };
    let Some((value, input)) = cast else {
        return Ok(Transformed::no(Expr::InSubquery(within)));
    };
    let plan = Projection::try_new(vec![value.clone().alias(NAME)], Arc::clone(input))?;
    let plan = Arc::new(LogicalPlan::Projection(plan));
    let subquery = Subquery { subquery: plan, ..within.subquery };
    Ok(Transformed::yes(Expr::InSubquery(InSubquery { subquery, ..within })))
}
