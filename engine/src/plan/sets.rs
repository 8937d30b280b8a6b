//! `INTERSECT ALL` and `EXCEPT ALL`, which count equal rows; the engine below only asks whether
//! there is one.

use std::sync::Arc;

use datafusion::common::tree_node::Transformed;
use datafusion::common::{Column, JoinType, NullEquality, Result};
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::{
    Expr, ExprFunctionExt as _, Join, LogicalPlan, LogicalPlanBuilder, Projection,
};

/// Returns the plan with such joins of rows that are numbered among their equals.
pub(super) fn rewrite(plan: LogicalPlan) -> Result<LogicalPlan> {
    let rewritten = plan.transform_up_with_subqueries(|plan| match plan {
        LogicalPlan::Join(join) if is_of_all(&join) => numbered(join).map(Transformed::yes),
        other => Ok(Transformed::no(other)),
    })?;
    Ok(rewritten.data)
}

/// Returns whether a join is a set operation that keeps equal rows. No other join of a fresh plan
/// takes NULLs for equal.
fn is_of_all(join: &Join) -> bool {
    join.null_equality == NullEquality::NullEqualsNull
        && matches!(join.join_type, JoinType::LeftSemi | JoinType::LeftAnti)
        && !matches!(join.left.as_ref(), LogicalPlan::Distinct(_))
}

/// Returns the join of rows that have equal places among their equals, too.
fn numbered(mut join: Join) -> Result<LogicalPlan> {
    let columns = join.left.schema().iter().map(|field| Expr::Column(Column::from(field)));
    let columns: Vec<_> = columns.collect();
    let (left, right) = (with_place(&join.left, "__left")?, with_place(&join.right, "__right")?);
    let place = |name: &str| Expr::Column(Column::new_unqualified(name));
    join.on.push((place("__left"), place("__right")));
    let joined = Join::try_new(
        Arc::new(left),
        Arc::new(right),
        join.on,
        join.filter,
        join.join_type,
        join.join_constraint,
        join.null_equality,
        join.null_aware,
    )?;
    let joined = Arc::new(LogicalPlan::Join(joined));
    Ok(LogicalPlan::Projection(Projection::try_new(columns, joined)?))
}

/// Returns rows with a column that numbers each among its equals.
fn with_place(rows: &Arc<LogicalPlan>, name: &str) -> Result<LogicalPlan> {
    let columns = || rows.schema().iter().map(|field| Expr::Column(Column::from(field)));
    let place = row_number().partition_by(columns().collect()).build()?;
    let window = LogicalPlanBuilder::from(Arc::clone(rows)).window(vec![place.clone()])?.build()?;
    let place = Expr::Column(Column::new_unqualified(place.schema_name().to_string())).alias(name);
    let exprs = columns().chain([place]).collect();
    Ok(LogicalPlan::Projection(Projection::try_new(exprs, Arc::new(window))?))
}
