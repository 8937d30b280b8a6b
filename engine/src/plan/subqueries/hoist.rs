//! Subqueries in orders, groups, window functions and joins, moved into filters and select lists.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema, JoinType, Result};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::logical_plan::{Aggregate, Filter, Sort, Window};
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{Expr, Join, LogicalPlan, Projection, SortExpr};
use godwit_planner::{is_correlated, outer_columns, subquery_of};

use super::both_sides;
use super::shape::{has_subquery, is_lateral};

/// Returns an operator with its subqueries computed by a select list or a filter below or above.
pub(super) fn rewrite(plan: LogicalPlan) -> Result<Transformed<LogicalPlan>> {
    let schema = Arc::clone(plan.schema());
    let moved = match &plan {
        LogicalPlan::Sort(sort) => {
            let exprs: Vec<_> = sort.expr.iter().map(|term| term.expr.clone()).collect();
            computed(&exprs, &sort.input)?.map(|(exprs, input)| {
                let terms = sort.expr.iter().zip(exprs);
                let expr = terms.map(|(term, expr)| SortExpr { expr, ..*term }).collect();
                Ok(LogicalPlan::Sort(Sort { expr, input, fetch: sort.fetch }))
            })
        }
        LogicalPlan::Window(window) => computed(&window.window_expr, &window.input)?
            .map(|(exprs, input)| Window::try_new(exprs, input).map(LogicalPlan::Window)),
        LogicalPlan::Aggregate(aggregate) => {
            let exprs = [aggregate.group_expr.clone(), aggregate.aggr_expr.clone()].concat();
            computed(&exprs, &aggregate.input)?.map(|(mut groups, input)| {
                let values = groups.split_off(aggregate.group_expr.len());
                Aggregate::try_new(input, groups, values).map(LogicalPlan::Aggregate)
            })
        }
        LogicalPlan::Join(join) => from_condition(join)?.map(Ok),
        _ => None,
    };
    let Some(moved) = moved.transpose()? else { return Ok(Transformed::no(plan)) };
    let columns = schema.iter().map(|field| Expr::Column(Column::from(field))).collect();
    let plan = Projection::try_new(columns, Arc::new(moved))?;
    Ok(Transformed::yes(LogicalPlan::Projection(plan)))
}

type Computed = (Vec<Expr>, Arc<LogicalPlan>);

/// Returns the expressions with columns for their subqueries, and the input that has them.
fn computed(exprs: &[Expr], input: &Arc<LogicalPlan>) -> Result<Option<Computed>> {
    let mut subqueries = Vec::new();
    let names = NamePreserver::new_for_projection();
    let mut replaced = Vec::with_capacity(exprs.len());
    for expr in exprs {
        let moved = expr.clone().transform_down(|expr| {
            if !is_out_of_reach(&expr)? {
                return Ok(Transformed::no(expr));
            }
            let name = format!("subquery {}", subqueries.len());
            subqueries.push(expr.alias(&name));
            let column = Expr::Column(Column::new_unqualified(name));
            Ok(Transformed::new(column, true, TreeNodeRecursion::Jump))
        })?;
        replaced.push(names.save(expr).restore(moved.data));
    }
    if subqueries.is_empty() {
        return Ok(None);
    }
    let columns = input.schema().iter().map(|field| Expr::Column(Column::from(field)));
    let exprs = columns.chain(subqueries).collect();
    let plan = LogicalPlan::Projection(Projection::try_new(exprs, Arc::clone(input))?);
    Ok(Some((replaced, Arc::new(plan))))
}

/// Returns whether an expression is a subquery that the planner below wants in a filter or a select
/// list.
fn is_out_of_reach(expr: &Expr) -> Result<bool> {
    match expr {
        Expr::ScalarSubquery(subquery) => is_correlated(&subquery.subquery),
        expr => Ok(subquery_of(expr).is_some()),
    }
}

/// Returns whether one of these conditions has such a subquery inside.
fn has_out_of_reach(conditions: &[Expr]) -> Result<bool> {
    let mut found = false;
    for condition in conditions {
        found |= condition.exists(is_out_of_reach)?;
    }
    Ok(found)
}

/// Returns a join without subqueries in its condition, where they may be asked before or behind it.
fn from_condition(join: &Join) -> Result<Option<LogicalPlan>> {
    let Some(condition) = &join.filter else { return Ok(None) };
    let (mut here, mut before, mut behind) = (Vec::new(), Vec::new(), Vec::new());
    let filtered = match join.join_type {
        JoinType::Left => Some(&join.right),
        JoinType::Right => Some(&join.left),
        _ => None,
    };
    for condition in split_conjunction_owned(condition.clone()) {
        let list = match filtered {
            _ if !has_subquery(&condition)? => &mut here,
            Some(side) if !is_lateral(side) && is_of(&condition, side.schema(), &join.schema)? => {
                &mut before
            }
            None if join.join_type == JoinType::Inner => &mut behind,
            _ => &mut here,
        };
        list.push(condition);
    }
    let filter = |conditions: Vec<Expr>, input: &Arc<LogicalPlan>| match conjunction(conditions) {
        Some(condition) => Filter::try_new(condition, Arc::clone(input))
            .map(|filter| Arc::new(LogicalPlan::Filter(filter))),
        None => Ok(Arc::clone(input)),
    };
    let (here, mut left) = computed_on(here, &join.left, &join.schema, "left subquery")?;
    let (here, mut right) = computed_on(here, &join.right, &join.schema, "right subquery")?;
    let is_same = Arc::ptr_eq(&left, &join.left) && Arc::ptr_eq(&right, &join.right);
    let is_outer = matches!(join.join_type, JoinType::Left | JoinType::Right);
    let is_of_both = is_outer && has_out_of_reach(&here)?;
    if before.is_empty() && behind.is_empty() && is_same && !is_of_both {
        return Ok(None);
    }
    match join.join_type {
        JoinType::Left => right = filter(before, &right)?,
        JoinType::Right => left = filter(before, &left)?,
        _ => {}
    }
    if is_of_both {
        let is_left = join.join_type == JoinType::Left;
        let (kept, other) = if is_left { (&left, &right) } else { (&right, &left) };
        let pairs = join.on.iter().map(|(left, right)| left.clone().eq(right.clone()));
        let joined = both_sides::joined(kept, other, pairs.chain(here).collect())?;
        return Ok(Some(LogicalPlan::Join(joined)));
    }
    let joined = Join::try_new(
        left,
        right,
        join.on.clone(),
        conjunction(here),
        join.join_type,
        join.join_constraint,
        join.null_equality,
        join.null_aware,
    )?;
    filter(behind, &Arc::new(LogicalPlan::Join(joined)))
        .map(|plan| Some(Arc::unwrap_or_clone(plan)))
}

/// Returns the conditions of a join with columns for the subqueries that speak of the rows of one
/// side only, and the side, which has them.
fn computed_on(
    conditions: Vec<Expr>,
    side: &Arc<LogicalPlan>,
    both: &DFSchema,
    name: &str,
) -> Result<(Vec<Expr>, Arc<LogicalPlan>)> {
    let mut subqueries = Vec::new();
    let mut replaced = Vec::with_capacity(conditions.len());
    for condition in conditions {
        let moved = condition.transform_down(|expr| {
            if is_lateral(side) || !is_out_of_reach(&expr)? || !is_of(&expr, side.schema(), both)? {
                return Ok(Transformed::no(expr));
            }
            let name = format!("{name} {}", subqueries.len());
            subqueries.push(expr.alias(&name));
            let column = Expr::Column(Column::new_unqualified(name));
            Ok(Transformed::new(column, true, TreeNodeRecursion::Jump))
        })?;
        replaced.push(moved.data);
    }
    if subqueries.is_empty() {
        return Ok((replaced, Arc::clone(side)));
    }
    let columns = side.schema().iter().map(|field| Expr::Column(Column::from(field)));
    let plan = Projection::try_new(columns.chain(subqueries).collect(), Arc::clone(side))?;
    Ok((replaced, Arc::new(LogicalPlan::Projection(plan))))
}

/// Returns whether a condition speaks of the rows of one side of a join only.
fn is_of(condition: &Expr, side: &DFSchema, both: &DFSchema) -> Result<bool> {
    let mut is_of = condition.column_refs().into_iter().all(|column| side.has_column(column));
    condition.apply(|expr| {
        if let Some(subquery) = subquery_of(expr) {
            let mentioned = outer_columns(&subquery.subquery, both)?;
            is_of &= mentioned
                .is_some_and(|columns| columns.iter().all(|column| side.has_column(column)));
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(is_of)
}
