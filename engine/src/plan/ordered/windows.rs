//! Windows without an order of their own: `row_number() OVER ()` counts the rows of a sorted subquery
//! as they come.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::logical_plan::Window;
use datafusion::logical_expr::{Expr, LogicalPlan, Projection};

use super::keys::{columns, sorted};

/// Functions of the places of rows. Others would see other rows if there were an order.
const OF_PLACES: [&str; 7] =
    ["first_value", "lag", "last_value", "lead", "nth_value", "ntile", "row_number"];

/// Returns whether a window depends on the order of its input.
pub(super) fn is_ordered(window: &Window) -> bool {
    window.window_expr.iter().any(|expr| call(expr).is_some_and(takes_order))
}

/// Returns a window whose calls say the order of its input, if there is one and they depend on it.
pub(super) fn with_order(window: &Window) -> Result<Option<LogicalPlan>> {
    if !is_ordered(window) {
        return Ok(None);
    }
    let Some(sorted) = sorted(&window.input)? else { return Ok(None) };
    let Some(keys) = sorted.columns() else { return Ok(None) };
    let names = NamePreserver::new_for_projection();
    let (mut calls, mut others) = (Vec::new(), Vec::new());
    for expr in &window.window_expr {
        if !call(expr).is_some_and(takes_order) {
            others.push(expr.clone());
            continue;
        }
        let name = names.save(expr);
        let with_order = expr.clone().transform_down(|expr| match expr {
            Expr::WindowFunction(mut call) if takes_order(&call) => {
                call.params.order_by.clone_from(&keys);
                Ok(Transformed::yes(Expr::WindowFunction(call)))
            }
            other => Ok(Transformed::no(other)),
        })?;
        calls.push(name.restore(with_order.data));
    }
    // The calls of one operator have one order.
    let mut plan = LogicalPlan::Window(Window::try_new(calls, Arc::new(sorted.plan))?);
    if !others.is_empty() {
        plan = LogicalPlan::Window(Window::try_new(others, Arc::new(plan))?);
    }
    // Columns of the order may have come to those of the input.
    let projection = Projection::try_new(columns(&window.schema), Arc::new(plan))?;
    Ok(Some(LogicalPlan::Projection(projection)))
}

/// Returns the window function that an expression calls.
fn call(expr: &Expr) -> Option<&WindowFunction> {
    match expr {
        Expr::Alias(alias) => call(&alias.expr),
        Expr::WindowFunction(call) => Some(call.as_ref()),
        _ => None,
    }
}

/// Returns whether the answer of a call depends on the order of all rows, which it does not say.
fn takes_order(call: &WindowFunction) -> bool {
    let params = &call.params;
    params.order_by.is_empty()
        && params.partition_by.is_empty()
        && OF_PLACES.contains(&call.fun.name())
}
