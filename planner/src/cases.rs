//! Conditions with `CASE` that keep an operand from rows it fails for.
//!
//! The query engine writes a `CASE` of conditions as `AND` and `OR`, which it evaluates for whole
//! batches of rows: `CASE WHEN a <> 0 THEN 5 / a > 1 ELSE true END` would divide by zero. It leaves
//! a `CASE` alone that compares a value with others.

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::common::{DFSchema, Result};
use datafusion::logical_expr::expr::Case;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, ExprSchemable as _, LogicalPlan, Operator, lit};
use datafusion::optimizer::optimizer::ApplyOrder;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};

/// Writes `CASE WHEN` as `CASE true WHEN` where an operand can fail.
///
/// It belongs before the rules that simplify expressions.
#[derive(Debug)]
pub(crate) struct KeepCases;

impl OptimizerRule for KeepCases {
    fn name(&self) -> &'static str {
        "keep_cases"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        None
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        _config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        plan.transform_up_with_subqueries(|plan| {
            if !has_case(&plan)? {
                return Ok(Transformed::no(plan));
            }
            let schema = merge_schema(&plan.inputs());
            let names = NamePreserver::new(&plan);
            let mut rewrite = |expr: Expr| {
                let name = names.save(&expr);
                let kept = expr.transform_up(|expr| match expr {
                    Expr::Case(case) => Ok(keep(case, &schema)),
                    other => Ok(Transformed::no(other)),
                })?;
                Ok(kept.update_data(|expr| name.restore(expr)))
            };
            plan.map_expressions(|expr| match expr {
                // Grouping sets have no name of their own.
                Expr::GroupingSet(_) => expr.map_children(&mut rewrite),
                other => rewrite(other),
            })
        })
    }
}

fn has_case(plan: &LogicalPlan) -> Result<bool> {
    let mut found = false;
    plan.apply_expressions(|expr| {
        found = found || expr.exists(|expr| Ok(matches!(expr, Expr::Case(_))))?;
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(found)
}

/// Returns a `CASE` in the form that is left alone, if it should be.
fn keep(case: Case, schema: &DFSchema) -> Transformed<Expr> {
    let is_condition = |(_, then): &(Box<Expr>, Box<Expr>)| {
        then.get_type(schema).is_ok_and(|data_type| data_type == DataType::Boolean)
    };
    if case.expr.is_some()
        || !case.when_then_expr.first().is_some_and(is_condition)
        || !operands(&case).any(|operand| can_fail(operand, schema))
    {
        return Transformed::no(Expr::Case(case));
    }
    let compared = Case { expr: Some(Box::new(lit(true))), ..case.clone() };
    let (case, compared) = (Expr::Case(case), Expr::Case(compared));
    // The schema of the plan says whether there may be NULL.
    match (case.nullable(schema), compared.nullable(schema)) {
        (Ok(before), Ok(after)) if before == after => Transformed::yes(compared),
        _ => Transformed::no(case),
    }
}

/// Returns the operands that are evaluated for some of the rows.
fn operands(case: &Case) -> impl Iterator<Item = &Expr> {
    let whens = case.when_then_expr.iter().skip(1).map(|(when, _)| when.as_ref());
    let thens = case.when_then_expr.iter().map(|(_, then)| then.as_ref());
    whens.chain(thens).chain(case.else_expr.as_deref())
}

/// Returns whether an operand fails for some rows: it computes, or reads text.
///
/// Functions of geometries do not count: joins and scans look for them.
fn can_fail(operand: &Expr, schema: &DFSchema) -> bool {
    let fails = |expr: &Expr| {
        let fails = match expr {
            Expr::BinaryExpr(binary) => matches!(
                binary.op,
                Operator::Plus
                    | Operator::Minus
                    | Operator::Multiply
                    | Operator::Divide
                    | Operator::Modulo
            ),
            Expr::Cast(cast) => cast.expr.get_type(schema).is_ok_and(|from| from.is_string()),
            Expr::ScalarFunction(call) => {
                !is_binary(expr, schema) && !call.args.iter().any(|arg| is_binary(arg, schema))
            }
            _ => false,
        };
        Ok(fails && expr.any_column_refs())
    };
    operand.exists(fails).unwrap_or(true)
}

fn is_binary(expr: &Expr, schema: &DFSchema) -> bool {
    let is_binary = |data_type: DataType| {
        matches!(data_type, DataType::Binary | DataType::LargeBinary | DataType::BinaryView)
    };
    expr.get_type(schema).is_ok_and(is_binary)
}
