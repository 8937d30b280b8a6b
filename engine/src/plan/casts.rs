//! Casts whose operand a function prepares, the user's and those between two types: the cast of the
//! query engine alone would write or read it otherwise than `PostgreSQL`.

use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::logical_expr::expr::{Cast, TryCast};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, ExprSchemable as _, LogicalPlan, ScalarUDF};
use datafusion::optimizer::AnalyzerRule;

use crate::functions::{digits, interval_amounts, interval_text, moment_text};

/// Puts the functions that prepare operands into casts.
#[derive(Debug)]
pub(crate) struct PrepareCasts;

/// What casts between two kinds of types need.
struct Preparation {
    from: fn(&DataType) -> bool,
    to: fn(&DataType) -> bool,
    function: fn() -> ScalarUDF,
}

const PREPARATIONS: [Preparation; 4] = [
    // Timestamps and intervals are written as `PostgreSQL` writes them.
    Preparation {
        from: |from| matches!(from, DataType::Timestamp(..)),
        to: DataType::is_string,
        function: moment_text,
    },
    Preparation {
        from: |from| matches!(from, DataType::Interval(_) | DataType::Duration(_)),
        to: DataType::is_string,
        function: interval_text,
    },
    Preparation {
        from: DataType::is_string,
        to: |to| matches!(to, DataType::Interval(_)),
        function: interval_amounts,
    },
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
            let function = |operand: &Expr, to: &DataType| {
                let from = operand.get_type(&schema).ok()?;
                let found = PREPARATIONS.iter().find(|found| (found.from)(&from) && (found.to)(to));
                found.map(|found| (found.function)())
            };
            plan.map_expressions(|expr| {
                let name = names.save(&expr);
                let rewritten = expr.transform_up(|expr| {
                    let (Expr::Cast(Cast { expr: operand, field })
                    | Expr::TryCast(TryCast { expr: operand, field })) = &expr
                    else {
                        return Ok(Transformed::no(expr));
                    };
                    let Some(function) = function(operand, field.data_type()) else {
                        return Ok(Transformed::no(expr));
                    };
                    let prepare = |operand: Expr| Box::new(function.call(vec![operand]));
                    Ok(Transformed::yes(match expr {
                        Expr::Cast(Cast { expr, field }) => {
                            Expr::Cast(Cast { expr: prepare(*expr), field })
                        }
                        Expr::TryCast(TryCast { expr, field }) => {
                            Expr::TryCast(TryCast { expr: prepare(*expr), field })
                        }
                        other => other,
                    }))
                })?;
                Ok(rewritten.update_data(|expr| name.restore(expr)))
            })
        })?;
        Ok(rewritten.data)
    }

    fn name(&self) -> &'static str {
        "prepare_casts"
    }
}

/// Returns whether a node casts to a type that some operands are prepared for.
fn has_cast(plan: &LogicalPlan) -> Result<bool> {
    let mut found = false;
    plan.apply_expressions(|expr| {
        found |= expr.exists(|expr| {
            Ok(match expr {
                Expr::Cast(Cast { field, .. }) | Expr::TryCast(TryCast { field, .. }) => {
                    PREPARATIONS.iter().any(|preparation| (preparation.to)(field.data_type()))
                }
                _ => false,
            })
        })?;
        Ok(if found { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    Ok(found)
}
