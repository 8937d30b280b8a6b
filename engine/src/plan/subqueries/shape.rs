//! What there is to know about a subquery in an expression.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::common::{Column, DFSchema, ExprSchema as _, Result, Spans};
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::logical_expr::expr::Exists;
use datafusion::logical_expr::logical_plan::Subquery;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, lit};
use godwit_planner::subquery_of;

use crate::functions::{self, single_value};

/// The name of a subquery that values outside are looked for in.
const AMONG: &str = "__among";

/// Returns whether an expression has a subquery inside.
pub(super) fn has_subquery(expr: &Expr) -> Result<bool> {
    expr.exists(|expr| Ok(subquery_of(expr).is_some()))
}

/// Returns a subquery with another plan, which may mention other columns of the outer row.
pub(super) fn with_plan(subquery: &Subquery, plan: LogicalPlan) -> Subquery {
    Subquery { spans: subquery.spans.clone(), ..lateral(plan) }
}

/// Returns a plan as a subquery over the rows beside it.
pub(super) fn lateral(plan: impl Into<Arc<LogicalPlan>>) -> Subquery {
    let subquery = plan.into();
    let outer_ref_columns = subquery.all_out_ref_exprs();
    Subquery { subquery, outer_ref_columns, spans: Spans::new() }
}

/// Returns `EXISTS` of the rows of a subquery for which a condition holds.
pub(super) fn exists(subquery: &Subquery, condition: Option<Expr>) -> Result<Expr> {
    let plan = rows(subquery, condition)?;
    Ok(Expr::Exists(Exists { subquery: with_plan(subquery, plan), negated: false }))
}

/// Returns whether a subquery that mentions no other row has one for which a condition holds, as
/// a value that is computed once.
pub(super) fn has_rows(subquery: &Subquery, condition: Option<Expr>) -> Result<Expr> {
    let first = LogicalPlanBuilder::from(rows(subquery, condition)?).limit(0, Some(1))?;
    let counted = first.aggregate(Vec::<Expr>::new(), vec![count(lit(1_i64))])?.build()?;
    Ok(Expr::ScalarSubquery(with_plan(subquery, counted)).gt(lit(0_i64)))
}

fn rows(subquery: &Subquery, condition: Option<Expr>) -> Result<LogicalPlan> {
    let plan = LogicalPlanBuilder::from(Arc::clone(&subquery.subquery));
    match condition {
        Some(condition) => plan.filter(condition)?.build(),
        None => plan.build(),
    }
}

/// Returns a subquery of one row: the first value of its rows, or NULL without one, and how many
/// these are.
pub(super) fn of_one_row(subquery: &Subquery) -> Result<Subquery> {
    let plan = &subquery.subquery;
    let value = Expr::Column(Column::from(plan.schema().qualified_field(0)));
    let rows = LogicalPlanBuilder::from(Arc::clone(plan));
    let values = vec![single_value().call(vec![value]), count(lit(1_i64))];
    let single = rows.aggregate(Vec::<Expr>::new(), values)?;
    Ok(with_plan(subquery, single.build()?))
}

/// Returns a subquery of one row with the value of the only row, or NULL without one.
pub(super) fn of_only_row(subquery: &Subquery) -> Result<Subquery> {
    let single = of_one_row(subquery)?;
    let columns = single.subquery.schema().columns().into_iter().map(Expr::Column).collect();
    let rows = LogicalPlanBuilder::from(Arc::clone(&single.subquery));
    let only = rows.project([functions::of_only_row().call(columns)])?;
    Ok(with_plan(subquery, only.build()?))
}

/// Returns a subquery whose columns have names of their own if an expression over the rows outside
/// mentions one of theirs: the planner below tells columns apart by their names alone, and would
/// compare a column inside with itself.
pub(super) fn apart(subquery: &Subquery, outer: &Expr) -> Result<Subquery> {
    let inside = subquery.subquery.schema();
    let mentioned = outer.column_refs();
    if !mentioned.iter().any(|column| inside.has_column_with_unqualified_name(&column.name)) {
        return Ok(subquery.clone());
    }
    let plan = LogicalPlanBuilder::from(Arc::clone(&subquery.subquery)).alias(AMONG)?.build()?;
    Ok(with_plan(subquery, plan))
}

/// Returns an expression over the rows of a schema as one of a subquery over them.
pub(super) fn from_inside(expr: Expr, schema: &DFSchema) -> Result<Expr> {
    let moved = expr.transform_up(|expr| match expr {
        Expr::Column(column) => {
            let field = Arc::clone(schema.field_from_column(&column)?);
            Ok(Transformed::yes(Expr::OuterReferenceColumn(field, column)))
        }
        expr => Ok(Transformed::no(expr)),
    })?;
    Ok(moved.data)
}

/// Returns whether a side of a join is computed for each row of the other one.
pub(super) fn is_lateral(side: &LogicalPlan) -> bool {
    match side {
        LogicalPlan::Subquery(_) => true,
        LogicalPlan::SubqueryAlias(alias) => is_lateral(&alias.input),
        _ => false,
    }
}
