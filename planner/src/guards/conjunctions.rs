//! Conditions that keep those behind them from rows they fail for: `a <> 0 AND 5 / a > 1`.
//!
//! The query engine evaluates all conditions of a filter for whole batches, and leaves out one only
//! where those before it hold for few rows of a batch. So a condition that can fail gets a filter of
//! its own above that of the conditions before it. This comes last: other rules look for a filter
//! with all of its conditions, and the equalities among them stay known to what is above.

use std::sync::Arc;

use arrow::datatypes::{DataType, Schema};
use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::TreeNode as _;
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::expressions::{BinaryExpr, CastExpr, Literal};
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr, conjunction, split_conjunction};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::filter::{FilterExec, FilterExecBuilder};

use super::alternatives::{Asked, guarded};
use super::quotients::is_quotient;
use super::replaced;

/// Evaluates conditions that can fail behind those that are written before them.
#[derive(Debug)]
pub(crate) struct FilterInOrder;

impl PhysicalOptimizerRule for FilterInOrder {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        replaced(plan, in_order)
    }

    fn name(&self) -> &'static str {
        "filter_in_order"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Returns filters above each other in the place of one, if it has a condition that can fail behind
/// another one.
fn in_order(filter: &FilterExec) -> Result<Option<FilterExec>> {
    let schema = filter.input().schema();
    let mut has_changed = false;
    let mut steps: Vec<Vec<Arc<dyn PhysicalExpr>>> = Vec::new();
    for condition in split_conjunction(filter.predicate()) {
        let inner = guarded(condition, Asked::Truth, &schema)?;
        has_changed |= inner.is_some();
        let is_new = can_fail(condition, &schema)?;
        let condition = inner.unwrap_or_else(|| Arc::clone(condition));
        match steps.last_mut() {
            Some(step) if !is_new => step.push(condition),
            _ => steps.push(vec![condition]),
        }
    }
    let is_one = steps.len() < 2;
    let Some(last) = steps.pop().filter(|_| has_changed || !is_one) else { return Ok(None) };
    let mut input = Arc::clone(filter.input());
    for step in steps {
        let below = FilterExecBuilder::new(conjunction(step), input)
            .with_default_selectivity(filter.default_selectivity())
            .with_batch_size(filter.batch_size());
        input = Arc::new(below.build()?);
    }
    let top = FilterExecBuilder::from(filter).with_predicate(conjunction(last)).with_input(input);
    top.build().map(Some)
}

/// Returns whether a condition fails for some values: it divides, or reads texts.
pub(super) fn can_fail(condition: &Arc<dyn PhysicalExpr>, schema: &Schema) -> Result<bool> {
    condition.exists(|part| {
        if let Some(binary) = part.downcast_ref::<BinaryExpr>() {
            let divides = matches!(binary.op(), Operator::Divide | Operator::Modulo);
            return Ok(divides && !binary.right().is::<Literal>());
        }
        if let Some(cast) = part.downcast_ref::<CastExpr>() {
            let is_read = cast.cast_type().is_integer() || is_read(cast.cast_type());
            return Ok(is_read && is_text(cast.expr(), schema)?);
        }
        if is_quotient(part) {
            return Ok(true);
        }
        let Some(call) = part.downcast_ref::<ScalarFunctionExpr>() else { return Ok(false) };
        if !is_read(call.return_type()) {
            return Ok(false);
        }
        for argument in call.args() {
            if is_text(argument, schema)? {
                return Ok(true);
            }
        }
        Ok(false)
    })
}

/// Returns whether values of a type are read from texts, and fail to be so for most of them.
///
/// Functions of texts that give integers or truth do not count: few of them fail.
fn is_read(data_type: &DataType) -> bool {
    data_type.is_floating() || data_type.is_decimal() || data_type.is_temporal()
}

/// Returns whether an expression is a text, and none as written.
fn is_text(expr: &Arc<dyn PhysicalExpr>, schema: &Schema) -> Result<bool> {
    Ok(!expr.is::<Literal>() && expr.data_type(schema)?.is_string())
}
