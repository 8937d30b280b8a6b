//! Casts whose operand a function prepares, the user's and those between two types: the cast of the
//! query engine alone would write or read it otherwise than `PostgreSQL`. Those that give several
//! values one are kept from its optimizer.

use arrow::datatypes::DataType;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::common::{DFSchema, Result};
use datafusion::logical_expr::expr::{Cast, TryCast};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, ExprSchemable as _, LogicalPlan, ScalarUDF};
use datafusion::optimizer::AnalyzerRule;

use crate::functions::{
    IsoText, digits, interval_amounts, interval_of_span, is_written, many_to_one, text_of_value,
    without_exponent,
};

/// Puts the functions that prepare operands into casts.
#[derive(Debug)]
pub(crate) struct PrepareCasts;

/// What casts between two kinds of types need.
struct Preparation {
    from: fn(&DataType) -> bool,
    to: fn(&DataType) -> bool,
    function: fn() -> ScalarUDF,
}

const PREPARATIONS: [Preparation; 5] = [
    // Numbers, moments, intervals, arrays and records are written as `PostgreSQL` writes them.
    Preparation { from: is_written, to: DataType::is_string, function: text_of_value },
    Preparation {
        from: DataType::is_string,
        to: |to| matches!(to, DataType::Interval(_)),
        function: interval_amounts,
    },
    // What lies between two moments has days.
    Preparation {
        from: |from| matches!(from, DataType::Duration(_)),
        to: |to| matches!(to, DataType::Interval(_)),
        function: interval_of_span,
    },
    Preparation { from: DataType::is_string, to: DataType::is_decimal, function: without_exponent },
    // Decimals are read from the digits that a double is written with: `-99999.99` is no decimal of
    // 15 digits behind the point otherwise.
    Preparation {
        from: |from| matches!(from, DataType::Float32 | DataType::Float64),
        to: DataType::is_decimal,
        function: digits,
    },
];

impl AnalyzerRule for PrepareCasts {
    fn analyze(&self, plan: LogicalPlan, _config: &ConfigOptions) -> Result<LogicalPlan> {
        let rewritten = plan.transform_up_with_subqueries(|plan| {
            if !has_cast(&plan)? {
                return Ok(Transformed::no(plan));
            }
            let schema = merge_schema(&plan.inputs());
            let names = NamePreserver::new(&plan);
            plan.map_expressions(|expr| {
                let name = names.save(&expr);
                Ok(with_preparations(expr, &schema)?.update_data(|expr| name.restore(expr)))
            })
        })?;
        Ok(rewritten.data)
    }

    fn name(&self) -> &'static str {
        "prepare_casts"
    }
}

/// Returns an expression whose casts have the functions that prepare their operands.
pub(super) fn with_preparations(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    expr.transform_up(|expr| match expr {
        Expr::Cast(Cast { expr, field }) => {
            let is_kept = is_many_to_one(&expr, field.data_type(), schema);
            let expr = prepared(*expr, field.data_type(), false, schema)?;
            let cast = expr.update_data(|expr| Expr::Cast(Cast { expr: Box::new(expr), field }));
            Ok(kept(cast, is_kept))
        }
        Expr::TryCast(TryCast { expr, field }) => {
            let is_kept = is_many_to_one(&expr, field.data_type(), schema);
            let expr = prepared(*expr, field.data_type(), true, schema)?;
            let cast =
                expr.update_data(|expr| Expr::TryCast(TryCast { expr: Box::new(expr), field }));
            Ok(kept(cast, is_kept))
        }
        other => Ok(Transformed::no(other)),
    })
}

/// Returns the operand of a cast as the cast takes it.
fn prepared(
    operand: Expr,
    to: &DataType,
    is_try: bool,
    schema: &DFSchema,
) -> Result<Transformed<Expr>> {
    let Ok(from) = operand.get_type(schema) else { return Ok(Transformed::no(operand)) };
    if from.is_string() && is_moment(to) {
        let is_read =
            matches!(&operand, Expr::ScalarFunction(call) if IsoText::is_one(call.name()));
        let text = if is_read { None } else { IsoText::read(&operand, to, is_try)? };
        return Ok(text.map_or_else(|| Transformed::no(operand), Transformed::yes));
    }
    let found = PREPARATIONS.iter().find(|found| (found.from)(&from) && (found.to)(to));
    Ok(match found {
        Some(found) => Transformed::yes((found.function)().call(vec![operand])),
        None => Transformed::no(operand),
    })
}

/// Returns whether a cast gives several values one, or values in another order.
fn is_many_to_one(operand: &Expr, to: &DataType, schema: &DFSchema) -> bool {
    let Ok(from) = operand.get_type(schema) else { return false };
    let is_one = match to {
        DataType::Time32(_) | DataType::Time64(_) => matches!(from, DataType::Timestamp(..)),
        DataType::Boolean => from.is_numeric(),
        _ => scale(to).zip(scale(&from)).is_some_and(|(to, from)| to < from),
    };
    is_one && operand.any_column_refs()
}

/// Returns how many digits a decimal has behind its point.
fn scale(data_type: &DataType) -> Option<i8> {
    match data_type {
        DataType::Decimal128(_, scale) | DataType::Decimal256(_, scale) => Some(*scale),
        _ => None,
    }
}

/// Returns a cast that the optimizer does not look into, if that must be.
fn kept(cast: Transformed<Expr>, is_kept: bool) -> Transformed<Expr> {
    if !is_kept {
        return cast;
    }
    Transformed::yes(many_to_one().call(vec![cast.data]))
}

fn is_moment(data_type: &DataType) -> bool {
    data_type.is_temporal() && !matches!(data_type, DataType::Interval(_) | DataType::Duration(_))
}

/// Returns whether a node casts to a type that some operands are prepared for.
fn has_cast(plan: &LogicalPlan) -> Result<bool> {
    let mut found = false;
    plan.apply_expressions(|expr| {
        found |= expr.exists(|expr| {
            Ok(match expr {
                Expr::Cast(Cast { field, .. }) | Expr::TryCast(TryCast { field, .. }) => {
                    is_moment(field.data_type())
                        || field.data_type() == &DataType::Boolean
                        || PREPARATIONS.iter().any(|found| (found.to)(field.data_type()))
                }
                _ => false,
            })
        })?;
        Ok(if found { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    Ok(found)
}
