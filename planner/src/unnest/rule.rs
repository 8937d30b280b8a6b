//! The rule that joins lateral subqueries with the rows they are computed over.

use std::collections::HashSet;
use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::common::{Column, Result, ScalarValue, TableReference};
use datafusion::logical_expr::logical_plan::SubqueryAlias;
use datafusion::logical_expr::{Expr, Join, JoinType, LogicalPlan, Projection};
use datafusion::optimizer::optimizer::ApplyOrder;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};

use super::correlation::{is_correlated, lateral, outer_columns};
use super::domain::{Domain, columns, is_made_up, named};
use super::simple::{is_simple, is_simple_total};
use crate::spool::{ROW, Spool};

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
            LogicalPlan::Join(join) => match dependent_join(join, &needed, &name)? {
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

fn dependent_join(
    join: &Join,
    needed: &HashSet<String>,
    name: &dyn Fn() -> String,
) -> Result<Option<LogicalPlan>> {
    let Some(subquery) = lateral(&join.right) else { return Ok(None) };
    let (inner, outer) = (subquery.subquery.as_ref(), join.left.schema());
    let is_known = matches!(join.join_type, JoinType::Inner | JoinType::Left);
    if !is_known || !is_correlated(inner)? || is_simple(inner, outer)? {
        return Ok(None);
    }
    if is_simple_total(inner, outer)? && join.on.is_empty() && is_always(join.filter.as_ref()) {
        return Ok(None);
    }
    let Some(mentioned) = outer_columns(inner, outer)? else { return Ok(None) };

    let is_needed = |name: &str| needed.contains(name) || is_made_up(name);
    let kept = columns(outer)
        .into_iter()
        .filter(|expr| matches!(expr, Expr::Column(column) if is_needed(&column.name)));
    let kept = Projection::try_new(kept.collect(), Arc::clone(&join.left))?;
    let spool = Spool::try_new(Arc::new(LogicalPlan::Projection(kept)), name())?;
    let domain = Domain { spool: &spool, columns: mentioned, schema: outer, name };
    let Some(unnested) = domain.unnest(inner, false)? else { return Ok(None) };

    let answers = TableReference::bare(name());
    let mut exprs: Vec<Expr> = match join.right.as_ref() {
        LogicalPlan::SubqueryAlias(SubqueryAlias { schema, .. }) => columns(inner.schema())
            .into_iter()
            .enumerate()
            .map(|(index, expr)| named(expr, schema, index))
            .collect(),
        _ => columns(inner.schema()),
    };
    exprs.push(Expr::Column(unnested.row).alias_qualified(Some(answers.clone()), ROW));
    let right = Projection::try_new(exprs, Arc::new(unnested.plan))?;
    let row = Column::new(Some(answers), ROW);
    let mut on = join.on.clone();
    on.push((Expr::Column(spool.row()), Expr::Column(row)));
    let joined = Join::try_new(
        Arc::new(spool.to_plan()),
        Arc::new(LogicalPlan::Projection(right)),
        on,
        join.filter.clone(),
        join.join_type,
        join.join_constraint,
        join.null_equality,
        false,
    )?;
    let outputs = columns(&join.schema).into_iter().enumerate().map(|(index, expr)| match &expr {
        Expr::Column(column) if index < outer.fields().len() && !is_needed(&column.name) => {
            let unread = ScalarValue::try_from(outer.field(index).data_type())?;
            Ok(named(Expr::Literal(unread, None), outer, index))
        }
        _ => Ok(expr),
    });
    let outputs = outputs.collect::<Result<_>>()?;
    let plan = Projection::try_new(outputs, Arc::new(LogicalPlan::Join(joined)))?;
    Ok(Some(LogicalPlan::Projection(plan)))
}

fn is_always(filter: Option<&Expr>) -> bool {
    filter.is_none_or(|filter| matches!(filter, Expr::Literal(ScalarValue::Boolean(Some(true)), _)))
}
