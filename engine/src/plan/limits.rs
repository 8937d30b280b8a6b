//! Limits that a subquery says: `LIMIT (SELECT n FROM settings)`. The engine below knows limits that
//! are there before the query runs, so rows are numbered in their order and compared with them.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::common::{Column, Result, internal_err};
use datafusion::functions::expr_fn::coalesce;
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::{
    Expr, ExprFunctionExt as _, Limit, LogicalPlan, LogicalPlanBuilder, Projection, Sort, cast, lit,
};

use crate::functions;

/// Rewrites every such limit of a plan.
pub(super) fn rewrite(plan: LogicalPlan) -> Result<LogicalPlan> {
    plan.transform_up_with_subqueries(|plan| match plan {
        LogicalPlan::Limit(limit) if is_asked(&limit) => {
            let Limit { skip, fetch, input } = limit;
            let bounds = Bounds { skip, fetch };
            Ok(Transformed::yes(kept(Arc::unwrap_or_clone(input), &bounds)?))
        }
        other => Ok(Transformed::no(other)),
    })
    .map(|plan| plan.data)
}

fn is_asked(limit: &Limit) -> bool {
    limit.skip.iter().chain(&limit.fetch).any(|bound| {
        bound.exists(|expr| Ok(matches!(expr, Expr::ScalarSubquery(_)))).unwrap_or(false)
    })
}

/// How many rows are left out, and how many kept.
struct Bounds {
    skip: Option<Box<Expr>>,
    fetch: Option<Box<Expr>>,
}

/// Returns the rows that a limit keeps. They are numbered below of their order, which is then as it
/// was.
fn kept(input: LogicalPlan, bounds: &Bounds) -> Result<LogicalPlan> {
    match input {
        LogicalPlan::Projection(Projection { expr, input, schema, .. }) => {
            let input = kept(Arc::unwrap_or_clone(input), bounds)?;
            Ok(LogicalPlan::Projection(Projection::try_new_with_schema(
                expr,
                Arc::new(input),
                schema,
            )?))
        }
        LogicalPlan::Sort(Sort { expr, input, fetch }) => {
            let number = row_number().order_by(expr.clone()).build()?;
            let input = Arc::new(numbered(Arc::unwrap_or_clone(input), number, bounds)?);
            Ok(LogicalPlan::Sort(Sort { expr, input, fetch }))
        }
        other => numbered(other, row_number(), bounds),
    }
}

/// Returns the rows of a plan whose numbers are within the bounds.
fn numbered(input: LogicalPlan, number: Expr, bounds: &Bounds) -> Result<LogicalPlan> {
    let columns: Vec<Expr> = input.schema().columns().into_iter().map(Expr::Column).collect();
    let numbered = LogicalPlanBuilder::from(input).window(vec![number])?.build()?;
    let Some(last) = numbered.schema().fields().last() else {
        return internal_err!("a window has a column");
    };
    let number = cast(Expr::Column(Column::from_name(last.name())), DataType::Int64);
    let bound = |expr: &Expr, missing: i64| {
        coalesce(vec![cast(expr.clone(), DataType::Int64), lit(missing)])
    };
    let skip = bounds.skip.as_ref().map(|skip| functions::offset().call(vec![bound(skip, 0)]));
    let mut conditions = Vec::with_capacity(2);
    if let Some(fetch) = &bounds.fetch {
        let behind = skip.clone().map_or_else(|| number.clone(), |skip| number.clone() - skip);
        let limit = functions::limit().call(vec![bound(fetch, i64::MAX)]);
        conditions.push(behind.lt_eq(limit));
    }
    conditions.extend(skip.map(|skip| number.gt(skip)));
    let mut builder = LogicalPlanBuilder::from(numbered);
    for condition in conditions {
        builder = builder.filter(condition)?;
    }
    builder.project(columns)?.build()
}
