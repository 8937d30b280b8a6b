//! `DISTINCT ON (a, a)`: the planner compares the list with the order key by key.

use sqlparser::ast::{Distinct, Expr, Select};

/// Leaves out what the list says again.
pub(super) fn rewrite(select: &mut Select) {
    let Some(Distinct::On(list)) = &mut select.distinct else { return };
    let mut known: Vec<Expr> = Vec::with_capacity(list.len());
    list.retain(|expr| {
        let is_new = !known.contains(expr);
        if is_new {
            known.push(expr.clone());
        }
        is_new
    });
}
