//! `EXISTS` as a column of the rows it is asked for.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::common::{
    Column, DFSchema, JoinConstraint, JoinType, NullEquality, Result, TableReference,
};
use datafusion::logical_expr::logical_plan::Distinct;
use datafusion::logical_expr::{Expr, Join, LogicalPlan, Projection};
use godwit_planner::{has_simple_form, is_correlated};

use super::shape::has_subquery;

/// The name that the engine gives to the column of a mark join.
const MARK: &str = "mark";

/// Returns rows with a column that tells whether a subquery has one for them, and the column; none
/// when the subquery is more than a condition.
pub(super) fn marked(
    input: &Arc<LogicalPlan>,
    subquery: &LogicalPlan,
    name: String,
) -> Result<Option<(Arc<LogicalPlan>, Column)>> {
    let Some((condition, rows)) = condition(subquery, input.schema())? else { return Ok(None) };
    let alias = TableReference::bare(name);
    let fields = rows.schema().iter().enumerate();
    let exprs = fields.map(|(index, field)| {
        Expr::Column(Column::from(field)).alias_qualified(Some(alias.clone()), place(index))
    });
    let right = Projection::try_new(exprs.collect(), Arc::clone(rows))?;
    let condition = condition.transform_up(|expr| match expr {
        Expr::OuterReferenceColumn(_, column) => Ok(Transformed::yes(Expr::Column(column))),
        Expr::Column(column) => {
            let index = rows.schema().index_of_column(&column)?;
            let column = Column::new(Some(alias.clone()), place(index));
            Ok(Transformed::yes(Expr::Column(column)))
        }
        expr => Ok(Transformed::no(expr)),
    })?;
    let joined = Join::try_new(
        Arc::clone(input),
        Arc::new(LogicalPlan::Projection(right)),
        Vec::new(),
        Some(condition.data),
        JoinType::LeftMark,
        JoinConstraint::On,
        NullEquality::NullEqualsNothing,
        false,
    )?;
    Ok(Some((Arc::new(LogicalPlan::Join(joined)), Column::new(Some(alias), MARK))))
}

/// Returns the name of a column of the subquery, which no other column has.
fn place(index: usize) -> String {
    format!("__{index}")
}

/// Returns the condition of a subquery that is a filter of rows that do not depend on others.
fn condition<'a>(
    subquery: &'a LogicalPlan,
    outer: &DFSchema,
) -> Result<Option<(Expr, &'a Arc<LogicalPlan>)>> {
    match subquery {
        LogicalPlan::Filter(filter)
            if !is_correlated(&filter.input)?
                && !has_subquery(&filter.predicate)?
                && !filter.input.schema().fields().is_empty()
                && has_simple_form(subquery, outer)? =>
        {
            Ok(Some((filter.predicate.clone(), &filter.input)))
        }
        LogicalPlan::Projection(projection) => condition(&projection.input, outer),
        LogicalPlan::SubqueryAlias(alias) => condition(&alias.input, outer),
        LogicalPlan::Sort(sort) if sort.fetch.is_none() => condition(&sort.input, outer),
        LogicalPlan::Distinct(Distinct::All(input)) => condition(input, outer),
        _ => Ok(None),
    }
}
