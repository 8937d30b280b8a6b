//! Aggregates that put their rows side by side.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::logical_plan::Aggregate;
use datafusion::logical_expr::utils::AggregateOrderSensitivity;

use super::keys::sorted;

/// Aggregates whose rows must come in the order that is asked for. Their answers depend on it, which
/// they do not tell: what they say is also said by each aggregate that says nothing.
const STRICT: [&str; 5] = ["nth_value", "st_asflatgeobuf", "st_asgeobuf", "st_asmvt", "string_agg"];

/// Returns whether an aggregation depends on the order of its input.
pub(super) fn is_ordered(aggregate: &Aggregate) -> bool {
    let is_asked = asks(aggregate);
    aggregate.aggr_expr.iter().filter_map(call).any(|call| takes_order(call, is_asked))
}

/// Returns an aggregation whose calls say the order of its input, if there is one and they depend
/// on it.
pub(super) fn with_order(aggregate: &Aggregate) -> Result<Option<Aggregate>> {
    if !is_ordered(aggregate) {
        return Ok(None);
    }
    let Some(sorted) = sorted(&aggregate.input)? else { return Ok(None) };
    let Some(keys) = sorted.columns() else { return Ok(None) };
    let is_asked = asks(aggregate);
    let names = NamePreserver::new_for_projection();
    let mut calls = Vec::with_capacity(aggregate.aggr_expr.len());
    for expr in &aggregate.aggr_expr {
        let name = names.save(expr);
        let with_order = expr.clone().transform_down(|expr| match expr {
            Expr::AggregateFunction(mut call) if takes_order(&call, is_asked) => {
                call.params.order_by.clone_from(&keys);
                Ok(Transformed::yes(Expr::AggregateFunction(call)))
            }
            other => Ok(Transformed::no(other)),
        })?;
        calls.push(name.restore(with_order.data));
    }
    Aggregate::try_new(Arc::new(sorted.plan), aggregate.group_expr.clone(), calls).map(Some)
}

/// Returns the aggregate that an expression calls.
fn call(expr: &Expr) -> Option<&AggregateFunction> {
    match expr {
        Expr::Alias(alias) => call(&alias.expr),
        Expr::AggregateFunction(call) => Some(call),
        _ => None,
    }
}

/// Returns whether a call asks for rows in an order of its own. There can be one such order.
fn asks(aggregate: &Aggregate) -> bool {
    let mut calls = aggregate.aggr_expr.iter().filter_map(call);
    calls.any(|call| is_strict(call) && !call.params.order_by.is_empty())
}

fn is_strict(call: &AggregateFunction) -> bool {
    STRICT.contains(&call.func.name())
}

/// Returns whether the answer of a call depends on the order of rows, which it does not say.
fn takes_order(call: &AggregateFunction, is_asked: bool) -> bool {
    let is_sensitive = match call.func.order_sensitivity() {
        AggregateOrderSensitivity::Insensitive => false,
        AggregateOrderSensitivity::SoftRequirement | AggregateOrderSensitivity::Beneficial => true,
        AggregateOrderSensitivity::HardRequirement => is_strict(call) && !is_asked,
    };
    is_sensitive && !call.params.distinct && call.params.order_by.is_empty()
}
