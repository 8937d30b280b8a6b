//! Casts of doubles to decimals, the user's and those between two types, by the digits that the
//! double is written with: `-99999.99` is no decimal of 15 digits behind the point otherwise.

use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::logical_expr::expr::{Cast, TryCast};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, ExprSchemable as _, LogicalPlan};
use datafusion::optimizer::AnalyzerRule;

use crate::functions::digits;

/// Reads decimals from the digits of doubles.
#[derive(Debug)]
pub(crate) struct ReadDecimals;

impl AnalyzerRule for ReadDecimals {
    fn analyze(&self, plan: LogicalPlan, _config: &ConfigOptions) -> Result<LogicalPlan> {
        let rewritten = plan.transform_up_with_subqueries(|plan| {
            if !has_cast_to_decimal(&plan)? {
                return Ok(Transformed::no(plan));
            }
            let schema = merge_schema(&plan.inputs());
            let names = NamePreserver::new(&plan);
            let is_double = |expr: &Expr| {
                matches!(expr.get_type(&schema), Ok(DataType::Float32 | DataType::Float64))
            };
            plan.map_expressions(|expr| {
                let name = names.save(&expr);
                let rewritten = expr.transform_up(|expr| match expr {
                    Expr::Cast(Cast { expr, field })
                        if field.data_type().is_decimal() && is_double(&expr) =>
                    {
                        let expr = Box::new(digits().call(vec![*expr]));
                        Ok(Transformed::yes(Expr::Cast(Cast { expr, field })))
                    }
                    Expr::TryCast(TryCast { expr, field })
                        if field.data_type().is_decimal() && is_double(&expr) =>
                    {
                        let expr = Box::new(digits().call(vec![*expr]));
                        Ok(Transformed::yes(Expr::TryCast(TryCast { expr, field })))
                    }
                    other => Ok(Transformed::no(other)),
                })?;
                Ok(rewritten.update_data(|expr| name.restore(expr)))
            })
        })?;
        Ok(rewritten.data)
    }

    fn name(&self) -> &'static str {
        "read_decimals"
    }
}

fn has_cast_to_decimal(plan: &LogicalPlan) -> Result<bool> {
    let mut found = false;
    plan.apply_expressions(|expr| {
        found |= expr.exists(|expr| {
            Ok(match expr {
                Expr::Cast(cast) => cast.field.data_type().is_decimal(),
                Expr::TryCast(cast) => cast.field.data_type().is_decimal(),
                _ => false,
            })
        })?;
        Ok(if found { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    Ok(found)
}
