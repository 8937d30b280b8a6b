//! `AND` and `OR` inside of conditions and of select lists that keep an operand from rows it fails
//! for: `a = 0 OR 5 / a > 1`.
//!
//! The query engine evaluates both operands for whole batches. So where one can fail that is behind
//! another, a `CASE` decides which rows it is asked for.

use std::sync::Arc;

use arrow::datatypes::Schema;
use datafusion::common::Result;
use datafusion::common::tree_node::TreeNode as _;
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{
    BinaryExpr, CaseExpr, CastExpr, IsNotNullExpr, IsNullExpr, NotExpr, case, lit,
};

use super::conjunctions::can_fail;
use super::quotients::is_quotient;

/// Below as many levels, values are left as they are: each level may double what is above it.
const DEEPEST: usize = 4;

/// What is asked of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// Whether it is true, as of a filter.
    Truth,
    /// Whether it is true, false or unknown, at a level.
    Value(usize),
}

/// Returns an expression whose operands are evaluated in the order in which they are written, where
/// one of them can fail.
pub(super) fn guarded(
    expr: &Arc<dyn PhysicalExpr>,
    asked: Asked,
    schema: &Schema,
) -> Result<Option<Arc<dyn PhysicalExpr>>> {
    let Some(operator) = operator(expr) else { return with_operands(expr, asked, schema) };
    let mut operands = Vec::new();
    flatten(expr, operator, &mut operands);
    let mut has_changed = false;
    let mut steps: Vec<Arc<dyn PhysicalExpr>> = Vec::new();
    for (place, operand) in operands.into_iter().enumerate() {
        let is_new = place == 0 || can_fail(operand, schema)?;
        let inner = guarded(operand, below(asked), schema)?;
        has_changed |= inner.is_some() || (is_new && place > 0);
        let operand = inner.unwrap_or_else(|| Arc::clone(operand));
        match steps.pop() {
            Some(step) if !is_new => steps.push(binary(step, operator, operand)),
            Some(step) => steps.extend([step, operand]),
            None => steps.push(operand),
        }
    }
    let Some(last) = steps.pop().filter(|_| has_changed) else { return Ok(None) };
    let mut rest = last;
    for step in steps.into_iter().rev() {
        rest = before(step, operator, rest, asked)?;
    }
    Ok(Some(rest))
}

/// Returns what is asked of the operands of a condition.
fn below(asked: Asked) -> Asked {
    match asked {
        Asked::Truth => Asked::Truth,
        Asked::Value(level) => Asked::Value(level + 1),
    }
}

/// Returns an expression that is none of conditions, with its operands guarded.
fn with_operands(
    expr: &Arc<dyn PhysicalExpr>,
    asked: Asked,
    schema: &Schema,
) -> Result<Option<Arc<dyn PhysicalExpr>>> {
    let is_plain = expr.is::<BinaryExpr>()
        || expr.is::<CaseExpr>()
        || expr.is::<CastExpr>()
        || expr.is::<IsNotNullExpr>()
        || expr.is::<IsNullExpr>()
        || expr.is::<NotExpr>()
        || is_quotient(expr);
    if !is_plain {
        return Ok(None);
    }
    let asked = match asked {
        Asked::Truth => Asked::Value(0),
        level @ Asked::Value(_) => level,
    };
    let mut has_changed = false;
    let mut operands = Vec::new();
    for operand in expr.children() {
        let inner = guarded(operand, asked, schema)?;
        has_changed |= inner.is_some();
        operands.push(inner.unwrap_or_else(|| Arc::clone(operand)));
    }
    if !has_changed {
        return Ok(None);
    }
    Arc::clone(expr).with_new_children(operands).map(Some)
}

/// Returns a condition that asks its second operand only where the first does not decide.
fn before(
    step: Arc<dyn PhysicalExpr>,
    operator: Operator,
    rest: Arc<dyn PhysicalExpr>,
    asked: Asked,
) -> Result<Arc<dyn PhysicalExpr>> {
    match (operator, asked) {
        (Operator::Or, Asked::Truth) => case(None, vec![(step, lit(true))], Some(rest)),
        (_, Asked::Truth) => case(None, vec![(step, rest)], Some(lit(false))),
        (_, Asked::Value(level)) if level >= DEEPEST || is_volatile(&step)? => {
            Ok(binary(step, operator, rest))
        }
        // Where the first is unknown, it takes both to know the value.
        (Operator::Or, _) => {
            let both = binary(Arc::clone(&step), operator, rest);
            case(None, vec![(step, lit(true))], Some(both))
        }
        (..) => {
            let is_false = binary(Arc::clone(&step), Operator::IsNotDistinctFrom, lit(false));
            case(None, vec![(is_false, lit(false))], Some(binary(step, operator, rest)))
        }
    }
}

/// Returns whether an expression may have another value when it is evaluated again.
fn is_volatile(expr: &Arc<dyn PhysicalExpr>) -> Result<bool> {
    expr.exists(|part| Ok(part.is_volatile_node()))
}

/// Returns the operator of a condition that is made of others.
fn operator(expr: &Arc<dyn PhysicalExpr>) -> Option<Operator> {
    let operator = *expr.downcast_ref::<BinaryExpr>()?.op();
    matches!(operator, Operator::And | Operator::Or).then_some(operator)
}

/// Collects the operands of conditions with one operator, in the order in which they are written.
fn flatten<'a>(
    expr: &'a Arc<dyn PhysicalExpr>,
    operator: Operator,
    operands: &mut Vec<&'a Arc<dyn PhysicalExpr>>,
) {
    match expr.downcast_ref::<BinaryExpr>() {
        Some(binary) if *binary.op() == operator => {
            flatten(binary.left(), operator, operands);
            flatten(binary.right(), operator, operands);
        }
        _ => operands.push(expr),
    }
}

fn binary(
    left: Arc<dyn PhysicalExpr>,
    operator: Operator,
    right: Arc<dyn PhysicalExpr>,
) -> Arc<dyn PhysicalExpr> {
    Arc::new(BinaryExpr::new(left, operator, right))
}
