//! Puts the operations that fail on overflow in the place of those that do not, quotients of doubles
//! that fail for a divisor of zero in that of those that are infinite, rounded quotients of decimals
//! in that of cut ones, and the days between dates in that of a difference whose type the engine
//! below mistakes.

use arrow::datatypes::{DECIMAL128_MAX_PRECISION, DataType};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::common::{DFSchema, Result, ScalarValue};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable as _, LogicalPlan, Operator, cast};
use datafusion::optimizer::AnalyzerRule;

use crate::functions::{Checked, days, quotient, remainder};

/// Puts the operations that fail on overflow in the place of those that do not.
#[derive(Debug)]
pub(crate) struct CheckIntegers;

impl AnalyzerRule for CheckIntegers {
    fn analyze(&self, plan: LogicalPlan, _config: &ConfigOptions) -> Result<LogicalPlan> {
        let rewritten = plan.transform_up_with_subqueries(|plan| {
            if !has_arithmetic(&plan)? {
                return Ok(Transformed::no(plan));
            }
            let schema = merge_schema(&plan.inputs());
            let names = NamePreserver::new(&plan);
            plan.map_expressions(|expr| {
                let name = names.save(&expr);
                let rewritten = expr.transform_up(|expr| checked(expr, &schema))?;
                Ok(rewritten.update_data(|expr| name.restore(expr)))
            })
        })?;
        Ok(rewritten.data)
    }

    fn name(&self) -> &'static str {
        "check_integers"
    }
}

/// Returns whether an expression of a plan computes.
fn has_arithmetic(plan: &LogicalPlan) -> Result<bool> {
    let mut found = false;
    plan.apply_expressions(|expr| {
        found |= expr.exists(|expr| {
            Ok(match expr {
                Expr::BinaryExpr(binary) => is_arithmetic(binary.op),
                other => matches!(other, Expr::Negative(_)),
            })
        })?;
        Ok(if found { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    Ok(found)
}

fn checked(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    match expr {
        Expr::BinaryExpr(binary) if is_integral(&binary, schema) => {
            Ok(match Checked::call(binary) {
                Ok(call) => Transformed::yes(call),
                Err(binary) => Transformed::no(Expr::BinaryExpr(binary)),
            })
        }
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Minus, right })
            if are_dates(&left, &right, schema) =>
        {
            Ok(Transformed::yes(days().call(vec![*left, *right])))
        }
        Expr::BinaryExpr(BinaryExpr {
            left,
            op: op @ (Operator::Divide | Operator::Modulo),
            right,
        }) if may_be_zero(&right) && are_doubles(&left, &right, schema) => {
            let of = if op == Operator::Divide { quotient } else { remainder };
            Ok(Transformed::yes(of(*left, *right)))
        }
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Divide, right })
            if let Some(rounded) = Rounded::of(&left, &right, schema) =>
        {
            let left = Box::new(cast(*left, rounded.dividend));
            let right = match rounded.divisor {
                Some(divisor) => Box::new(cast(*right, divisor)),
                None => right,
            };
            let divided = Expr::BinaryExpr(BinaryExpr { left, op: Operator::Divide, right });
            Ok(Transformed::yes(cast(divided, rounded.quotient)))
        }
        Expr::Negative(of) => match integer_type(&of, schema) {
            Some(data_type) if data_type.is_signed_integer() => {
                Ok(Transformed::yes(Checked::negative(*of, &data_type)?))
            }
            _ => Ok(Transformed::no(Expr::Negative(of))),
        },
        other => Ok(Transformed::no(other)),
    }
}

/// The types of a division of decimals. The engine below cuts what is behind the last digit of a
/// quotient, so that it is given a digit more of the dividend; the cast of the quotient rounds.
struct Rounded {
    dividend: DataType,
    /// That of a divisor which needs another one.
    divisor: Option<DataType>,
    quotient: DataType,
}

impl Rounded {
    fn of(left: &Expr, right: &Expr, schema: &DFSchema) -> Option<Self> {
        let (left, right) = (left.get_type(schema).ok()?, right.get_type(schema).ok()?);
        let (
            DataType::Decimal128(precision, scale),
            DataType::Decimal128(divisor_precision, divisor_scale),
        ) = (&left, &right)
        else {
            return None;
        };
        if *scale < 0 || *divisor_scale < 0 {
            return None;
        }
        // The digits of the dividend while it is divided, which must fit.
        let digits = i16::from(*precision) + i16::from(*divisor_scale) + 5;
        let (dividend, divisor) = if digits <= i16::from(DECIMAL128_MAX_PRECISION) {
            (DataType::Decimal128(precision + 1, scale + 1), None)
        } else {
            let divisor = DataType::Decimal256(*divisor_precision, *divisor_scale);
            (DataType::Decimal256(precision + 1, scale + 1), Some(divisor))
        };
        let nothing =
            |of: &DataType| Some(Box::new(Expr::Literal(ScalarValue::try_from(of).ok()?, None)));
        let divided = BinaryExpr::new(nothing(&left)?, Operator::Divide, nothing(&right)?);
        let quotient = Expr::BinaryExpr(divided).get_type(schema).ok()?;
        quotient.is_decimal().then_some(Self { dividend, divisor, quotient })
    }
}

fn is_integral(binary: &BinaryExpr, schema: &DFSchema) -> bool {
    let left = integer_type(&binary.left, schema);
    left.is_some() && left == integer_type(&binary.right, schema)
}

/// Returns whether a divisor is no number that is written, or one that is zero.
fn may_be_zero(divisor: &Expr) -> bool {
    match divisor {
        Expr::Literal(ScalarValue::Float64(Some(number)), _) => *number == 0.0,
        Expr::Literal(ScalarValue::Int64(Some(number)), _) => *number == 0,
        Expr::Cast(cast) => may_be_zero(&cast.expr),
        Expr::Negative(inner) => may_be_zero(inner),
        _ => true,
    }
}

fn is_arithmetic(operator: Operator) -> bool {
    matches!(
        operator,
        Operator::Plus | Operator::Minus | Operator::Multiply | Operator::Divide | Operator::Modulo
    )
}

/// Returns whether two values are floating-point numbers of one type.
fn are_doubles(left: &Expr, right: &Expr, schema: &DFSchema) -> bool {
    let floating_type = |expr: &Expr| expr.get_type(schema).ok().filter(DataType::is_floating);
    let left = floating_type(left);
    left.is_some() && left == floating_type(right)
}

/// Returns whether two values are dates of one type.
fn are_dates(left: &Expr, right: &Expr, schema: &DFSchema) -> bool {
    let date_type = |expr: &Expr| {
        let data_type = expr.get_type(schema).ok();
        data_type.filter(|of| matches!(of, DataType::Date32 | DataType::Date64))
    };
    let left = date_type(left);
    left.is_some() && left == date_type(right)
}

fn integer_type(expr: &Expr, schema: &DFSchema) -> Option<DataType> {
    expr.get_type(schema).ok().filter(DataType::is_integer)
}
