//! Unions of rows that are written out: a list of values, in the order in which they are written.
//!
//! The inputs of a union are read side by side, so what an aggregate makes of them in their order,
//! a line of points say, would be another at every run.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TransformedResult as _, TreeNode as _};
use datafusion::logical_expr::{EmptyRelation, Expr, LogicalPlan, Projection, Union, Values};
use datafusion::optimizer::optimizer::ApplyOrder;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};

/// Replaces unions of selects without a table by lists of values.
///
/// It belongs before the rules that give inputs of a union different shapes.
#[derive(Debug, Default)]
pub(crate) struct UseValues;

impl OptimizerRule for UseValues {
    fn name(&self) -> &'static str {
        "use_values"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        None
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        _config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        plan.transform_down_with_subqueries(|plan| {
            let LogicalPlan::Union(Union { schema, .. }) = &plan else {
                return Ok(Transformed::no(plan));
            };
            Ok(match rows(&plan)? {
                Some(values) => {
                    let schema = Arc::clone(schema);
                    Transformed::yes(LogicalPlan::Values(Values { schema, values }))
                }
                None => Transformed::no(plan),
            })
        })
    }
}

/// Returns the rows of a plan when all of them are written out.
fn rows(plan: &LogicalPlan) -> Result<Option<Vec<Vec<Expr>>>> {
    match plan {
        LogicalPlan::EmptyRelation(EmptyRelation { produce_one_row: true, .. }) => {
            Ok(Some(vec![Vec::new()]))
        }
        LogicalPlan::SubqueryAlias(alias) => rows(&alias.input),
        LogicalPlan::Projection(projection) => projected(projection),
        LogicalPlan::Union(union) => {
            let mut all = Vec::new();
            for input in &union.inputs {
                let Some(rows) = rows(input)? else { return Ok(None) };
                all.extend(rows);
            }
            Ok(Some(all))
        }
        _ => Ok(None),
    }
}

fn projected(projection: &Projection) -> Result<Option<Vec<Vec<Expr>>>> {
    if !projection.expr.iter().all(is_constant) {
        return Ok(None);
    }
    let Some(inputs) = rows(&projection.input)? else { return Ok(None) };
    let project = |input: Vec<Expr>| {
        projection.expr.iter().map(|expr| with_values(expr, projection, &input)).collect()
    };
    inputs.into_iter().map(project).collect::<Result<_>>().map(Some)
}

/// Returns whether an expression is the same in every row but for its columns.
fn is_constant(expr: &Expr) -> bool {
    let depends = |expr: &Expr| {
        Ok(matches!(
            expr,
            Expr::ScalarSubquery(_)
                | Expr::Exists(_)
                | Expr::InSubquery(_)
                | Expr::SetComparison(_)
                | Expr::OuterReferenceColumn(..)
                | Expr::Placeholder(_)
                | Expr::Unnest(_)
        ))
    };
    !expr.is_volatile() && !expr.exists(depends).unwrap_or(true)
}

/// Returns an expression with the values of a row in the place of its columns.
fn with_values(expr: &Expr, projection: &Projection, row: &[Expr]) -> Result<Expr> {
    let value = |expr| match expr {
        Expr::Column(column) => {
            let index = projection.input.schema().index_of_column(&column)?;
            Ok(match row.get(index) {
                Some(value) => Transformed::yes(value.clone()),
                None => Transformed::no(Expr::Column(column)),
            })
        }
        other => Ok(Transformed::no(other)),
    };
    expr.clone().unalias_nested().data.transform_up(value).data()
}
