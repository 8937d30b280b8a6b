//! The rule that brings nearest joins into a logical plan.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::common::{Column, DFSchema, Result};
use datafusion::logical_expr::{Expr, LogicalPlan, Projection};
use datafusion::optimizer::optimizer::ApplyOrder;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};
use godwit_geometry::geodesic::Figure;

use super::condition::{Conditioned, conditioned};
use super::lateral::lateral;
use super::node::{NearestJoin, Terms};
use super::ranked::ranked;
use crate::names::is_distance;

/// Replaces joins on `ST_KNN`, lateral subqueries for the nearest and pairs numbered by their
/// distance by nearest joins.
///
/// It belongs before all other rules: they move filters and take subqueries apart.
#[derive(Debug, Default)]
pub(crate) struct UseNearestJoin;

impl OptimizerRule for UseNearestJoin {
    fn name(&self) -> &'static str {
        "use_nearest_join"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        None
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        let make = |left, right, terms| {
            NearestJoin::try_new(left, right, terms, config.alias_generator().next("nearest"))
        };
        plan.transform_down_with_subqueries(|plan| match rewrite(&plan, &make)? {
            Some(plan) => Ok(Transformed::yes(plan)),
            None => Ok(Transformed::no(plan)),
        })
    }
}

/// Makes a nearest join of its inputs and terms.
pub(super) type Make<'a> =
    &'a dyn Fn(Arc<LogicalPlan>, Arc<LogicalPlan>, Terms) -> Result<NearestJoin>;

fn rewrite(plan: &LogicalPlan, make: Make<'_>) -> Result<Option<LogicalPlan>> {
    if let LogicalPlan::Projection(projection) = plan
        && let Some(found) = conditioned(&projection.input, make)?
    {
        let exprs = projection.expr.iter().map(|expr| with_distance(expr.clone(), &found));
        let exprs = exprs.collect::<Result<_>>()?;
        return project(exprs, found.plan).map(Some);
    }
    if let Some(found) = conditioned(plan, make)? {
        return project(columns(plan.schema()), found.plan).map(Some);
    }
    if let Some(plan) = ranked(plan, make)? {
        return Ok(Some(plan));
    }
    lateral(plan, make)
}

/// Replaces the distance that the join has found already.
fn with_distance(expr: Expr, found: &Conditioned) -> Result<Expr> {
    let name = expr.schema_name().to_string();
    let replaced = expr.transform_up(|expr| {
        if is_distance(&expr, &found.query, &found.object, Figure::Spheroid) {
            return Ok(Transformed::yes(Expr::Column(found.distance.clone())));
        }
        Ok(Transformed::no(expr))
    })?;
    if replaced.transformed { replaced.data.alias_if_changed(name) } else { Ok(replaced.data) }
}

/// Returns the columns of a schema as expressions.
pub(super) fn columns(schema: &DFSchema) -> Vec<Expr> {
    schema.iter().map(|field| Expr::Column(Column::from(field))).collect()
}

/// Returns a plan with these expressions as its columns.
pub(super) fn project(exprs: Vec<Expr>, plan: LogicalPlan) -> Result<LogicalPlan> {
    Ok(LogicalPlan::Projection(Projection::try_new(exprs, Arc::new(plan))?))
}
