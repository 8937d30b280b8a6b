//! Conditions that statistics may judge although these say nothing of NaN.
//!
//! The least and the greatest value of a column leave NaN out, which is greater than any number. So
//! no file without a number above five is known to have no row for `x > 5`.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{TreeNode as _, TreeNodeRecursion};
use datafusion::common::{Result, ScalarValue};
use datafusion::functions::math::isnan;
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::expressions::{
    BinaryExpr, CastExpr, Column, DynamicFilterPhysicalExpr, InListExpr, Literal, NotExpr,
};
use datafusion::physical_expr::utils::collect_columns;
use datafusion::physical_expr::{ScalarFunctionExpr, conjunction, split_conjunction};
use datafusion::physical_plan::PhysicalExpr;

/// Returns a condition that is true for the rows for which another is, but which statistics cannot
/// deny where a row with NaN might fulfil it. It is the same one if there is no such row.
///
/// # Errors
///
/// The condition has columns that the schema has not.
pub fn with_nan_rows(
    condition: Arc<dyn PhysicalExpr>,
    schema: &Schema,
) -> Result<Arc<dyn PhysicalExpr>> {
    if !collect_columns(&condition).iter().any(|column| is_floating(column, schema)) {
        return Ok(condition);
    }
    let parts = split_conjunction(&condition);
    let bounded: HashSet<&str> = parts.iter().filter_map(|part| bounded(part)).collect();
    let mut has_changed = false;
    let mut widened = Vec::with_capacity(parts.len());
    for part in parts {
        let mut part = Arc::clone(part);
        for column in compared(&part, schema)? {
            if !bounded.contains(column.name()) {
                part = or_nan(part, column);
                has_changed = true;
            }
        }
        widened.push(part);
    }
    Ok(if has_changed { conjunction(widened) } else { condition })
}

/// Returns the column that a condition demands to be at most, or exactly, some number.
fn bounded(condition: &Arc<dyn PhysicalExpr>) -> Option<&str> {
    let comparison = condition.downcast_ref::<BinaryExpr>()?;
    let (column, number) = match comparison.op() {
        Operator::Lt | Operator::LtEq => (comparison.left(), comparison.right()),
        Operator::Eq if is_number(comparison.right()) => (comparison.left(), comparison.right()),
        Operator::Gt | Operator::GtEq | Operator::Eq => (comparison.right(), comparison.left()),
        _ => return None,
    };
    let column = match column.downcast_ref::<CastExpr>() {
        Some(cast) => cast.expr(),
        None => column,
    };
    let column = column.downcast_ref::<Column>().filter(|_| is_number(number))?;
    Some(column.name())
}

/// Returns whether an expression is a literal other than NaN.
fn is_number(expr: &Arc<dyn PhysicalExpr>) -> bool {
    expr.downcast_ref::<Literal>().is_some_and(|literal| match literal.value() {
        ScalarValue::Float64(Some(value)) => !value.is_nan(),
        ScalarValue::Float32(Some(value)) => !value.is_nan(),
        other => !other.is_null(),
    })
}

/// Returns the floating-point columns of comparisons inside of a condition. Calls are not judged by
/// statistics.
fn compared<'a>(condition: &'a Arc<dyn PhysicalExpr>, schema: &Schema) -> Result<HashSet<Column>> {
    let mut columns = HashSet::new();
    condition.apply(|expr: &'a Arc<dyn PhysicalExpr>| {
        if expr.downcast_ref::<ScalarFunctionExpr>().is_some() {
            return Ok(TreeNodeRecursion::Jump);
        }
        let is_comparison = expr
            .downcast_ref::<BinaryExpr>()
            .is_some_and(|binary| !binary.op().is_logic_operator())
            || expr.downcast_ref::<InListExpr>().is_some()
            || expr.downcast_ref::<NotExpr>().is_some()
            || expr.downcast_ref::<DynamicFilterPhysicalExpr>().is_some();
        if is_comparison {
            columns.extend(collect_columns(expr));
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    columns.retain(|column| is_floating(column, schema));
    Ok(columns)
}

fn is_floating(column: &Column, schema: &Schema) -> bool {
    let field = schema.field_with_name(column.name());
    field.is_ok_and(|field| field.data_type().is_floating())
}

fn or_nan(condition: Arc<dyn PhysicalExpr>, column: Column) -> Arc<dyn PhysicalExpr> {
    let is_nan = ScalarFunctionExpr::new(
        "isnan",
        isnan(),
        vec![Arc::new(column)],
        Arc::new(Field::new("isnan", DataType::Boolean, true)),
        Arc::new(ConfigOptions::default()),
    );
    Arc::new(BinaryExpr::new(condition, Operator::Or, Arc::new(is_nan)))
}
