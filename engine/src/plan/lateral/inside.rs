//! Subqueries inside of expressions: `(SELECT count(*) FROM ST_Dump(t.geom))` and `EXISTS`.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::logical_plan::Subquery;
use datafusion::logical_expr::{Expr, Filter, LogicalPlan, LogicalPlanBuilder, Projection, lit};

use super::columns;
use super::graft::{Graft, gives_one_row};

/// Returns a projection with such subqueries computed by its input.
pub(super) fn projection(
    projection: Projection,
    names: &mut usize,
) -> Result<Transformed<LogicalPlan>> {
    let Some((exprs, input)) = replaced(&projection.expr, &projection.input, names)? else {
        return Ok(Transformed::no(LogicalPlan::Projection(projection)));
    };
    let saved = NamePreserver::new_for_projection();
    let named = projection.expr.iter().zip(exprs).map(|(old, new)| saved.save(old).restore(new));
    let plan = Projection::try_new(named.collect(), input)?;
    Ok(Transformed::yes(LogicalPlan::Projection(plan)))
}

/// Returns a filter with such subqueries computed by its input.
pub(super) fn filter(filter: Filter, names: &mut usize) -> Result<Transformed<LogicalPlan>> {
    let predicate = std::slice::from_ref(&filter.predicate);
    let Some((exprs, input)) = replaced(predicate, &filter.input, names)? else {
        return Ok(Transformed::no(LogicalPlan::Filter(filter)));
    };
    let Some(predicate) = exprs.into_iter().next() else {
        return Ok(Transformed::no(LogicalPlan::Filter(filter)));
    };
    let plan = LogicalPlanBuilder::from(input).filter(predicate)?;
    Ok(Transformed::yes(plan.project(columns(filter.input.schema()))?.build()?))
}

/// Returns the plan that counts the rows of a subquery.
fn row_count(subquery: &Subquery) -> Result<Arc<LogicalPlan>> {
    let rows = LogicalPlanBuilder::from(Arc::clone(&subquery.subquery));
    let counted = rows.aggregate(Vec::<Expr>::new(), vec![count(lit(1_i64))])?;
    counted.build().map(Arc::new)
}

type Replaced = (Vec<Expr>, Arc<LogicalPlan>);

/// Returns the expressions with columns for the subqueries, and the input that has them.
fn replaced(
    exprs: &[Expr],
    input: &Arc<LogicalPlan>,
    names: &mut usize,
) -> Result<Option<Replaced>> {
    let mut input = Arc::clone(input);
    let mut has_changed = false;
    let mut replaced = Vec::with_capacity(exprs.len());
    for expr in exprs {
        let rewritten = expr.clone().transform_up(|expr| {
            let (plan, is_negated) = match &expr {
                Expr::ScalarSubquery(subquery) if is_correlated(subquery) => {
                    (Arc::clone(&subquery.subquery), None)
                }
                Expr::Exists(exists) if is_correlated(&exists.subquery) => {
                    (row_count(&exists.subquery)?, Some(exists.negated))
                }
                _ => return Ok(Transformed::no(expr)),
            };
            if !gives_one_row(&plan) {
                return Ok(Transformed::no(expr));
            }
            let Some(mut graft) = Graft::new(&input, &plan, false, names)? else {
                return Ok(Transformed::no(expr));
            };
            let Some(grafted) = graft.graft(&plan)? else { return Ok(Transformed::no(expr)) };
            let Some(column) = grafted.columns.into_iter().next() else {
                return Ok(Transformed::no(expr));
            };
            input = Arc::new(grafted.plan);
            has_changed = true;
            let value = Expr::Column(column);
            Ok(Transformed::yes(match is_negated {
                None => value,
                Some(false) => value.gt(lit(0_i64)),
                Some(true) => value.eq(lit(0_i64)),
            }))
        })?;
        replaced.push(rewritten.data);
    }
    Ok(has_changed.then_some((replaced, input)))
}

fn is_correlated(subquery: &Subquery) -> bool {
    !subquery.outer_ref_columns.is_empty()
}
