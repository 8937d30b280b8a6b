//! Texts as written beside columns of other types in `UNION`: `SELECT day FROM t UNION SELECT
//! '2024-01-01'` are days. The engine below makes all of them texts.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TransformedResult as _};
use datafusion::common::{DFSchema, Result, plan_err};
use datafusion::logical_expr::{
    Distinct, Expr, ExprSchemable as _, LogicalPlan, Projection, Union, cast,
};

use super::mismatches::are_apart;

/// Gives such texts the type of the columns beside them.
pub(super) fn rewrite(plan: LogicalPlan) -> Result<LogicalPlan> {
    let rewritten = plan.transform_down_with_subqueries(|plan| {
        if !matches!(plan, LogicalPlan::Union(_)) {
            return Ok(Transformed::no(plan));
        }
        let wanted = wanted(&plan)?;
        if wanted.iter().all(Option::is_none) {
            return Ok(Transformed::no(plan));
        }
        retyped(plan, &wanted).map(Transformed::yes)
    })?;
    if !rewritten.transformed {
        return Ok(rewritten.data);
    }
    rewritten
        .data
        .transform_up_with_subqueries(|plan| plan.recompute_schema().map(Transformed::yes))
        .data()
}

/// Returns for each column of a union the type that its texts are to have.
fn wanted(union: &LogicalPlan) -> Result<Vec<Option<DataType>>> {
    let mut branches = Vec::new();
    if !collect(union, &mut branches) {
        return Ok(Vec::new());
    }
    let width = union.schema().fields().len();
    (0..width).map(|column| wanted_of(&branches, column)).collect()
}

/// Collects the select lists of a union, and returns whether there is nothing else.
fn collect<'a>(plan: &'a LogicalPlan, branches: &mut Vec<&'a Projection>) -> bool {
    match plan {
        LogicalPlan::Union(union) => union.inputs.iter().all(|input| collect(input, branches)),
        LogicalPlan::Distinct(Distinct::All(input)) => collect(input, branches),
        LogicalPlan::Projection(projection) => {
            branches.push(projection);
            true
        }
        _ => false,
    }
}

fn wanted_of(branches: &[&Projection], column: usize) -> Result<Option<DataType>> {
    let (mut known, mut has_text): (Option<DataType>, bool) = (None, false);
    for branch in branches {
        let Some(expr) = branch.expr.get(column) else { return Ok(None) };
        let data_type = type_of(expr, branch.input.schema())?;
        if data_type.is_string() && is_literal(expr) {
            has_text = true;
        } else if !data_type.is_null() {
            if let Some(known) = &known {
                if are_apart(known, &data_type) {
                    return plan_err!(
                        "a column of UNION has one type, not the types {known} and {data_type}; cast one of them"
                    );
                }
                if *known != data_type {
                    return Ok(None);
                }
            }
            known = Some(data_type);
        }
    }
    Ok(known.filter(|known| has_text && is_read(known)))
}

/// Returns the type of an item of a select list. Of a parameter that has a name and no type yet, the
/// engine below asks the rows for a column of that name.
fn type_of(expr: &Expr, schema: &DFSchema) -> Result<DataType> {
    match expr {
        Expr::Alias(alias) => type_of(&alias.expr, schema),
        other => other.get_type(schema),
    }
}

/// Returns whether a text is read as a value of a type.
fn is_read(data_type: &DataType) -> bool {
    data_type.is_numeric()
        || data_type.is_temporal()
        || matches!(data_type, DataType::Boolean | DataType::Interval(_))
}

fn is_literal(expr: &Expr) -> bool {
    match expr {
        Expr::Literal(..) => true,
        Expr::Alias(alias) => is_literal(&alias.expr),
        _ => false,
    }
}

/// Returns a union whose texts have the types that are wanted.
fn retyped(plan: LogicalPlan, wanted: &[Option<DataType>]) -> Result<LogicalPlan> {
    match plan {
        LogicalPlan::Union(Union { inputs, .. }) => {
            let inputs = inputs
                .into_iter()
                .map(|input| retyped(Arc::unwrap_or_clone(input), wanted).map(Arc::new));
            let union = Union::try_new_with_loose_types(inputs.collect::<Result<_>>()?)?;
            Ok(LogicalPlan::Union(union))
        }
        LogicalPlan::Distinct(Distinct::All(input)) => {
            let input = retyped(Arc::unwrap_or_clone(input), wanted)?;
            Ok(LogicalPlan::Distinct(Distinct::All(Arc::new(input))))
        }
        LogicalPlan::Projection(Projection { expr, input, .. }) => {
            let mut exprs = Vec::with_capacity(expr.len());
            for (expr, wanted) in expr.into_iter().zip(wanted) {
                let is_text = type_of(&expr, input.schema())?.is_string() && is_literal(&expr);
                exprs.push(match wanted {
                    Some(wanted) if is_text => {
                        let name = expr.schema_name().to_string();
                        cast(expr.unalias(), wanted.clone()).alias(name)
                    }
                    _ => expr,
                });
            }
            Ok(LogicalPlan::Projection(Projection::try_new(exprs, input)?))
        }
        other => Ok(other),
    }
}
