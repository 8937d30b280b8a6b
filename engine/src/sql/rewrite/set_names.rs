//! Columns of one name in `EXCEPT` and `INTERSECT`: `SELECT a.id, b.id .. EXCEPT SELECT ..`. The
//! planner compares the rows by the names of their columns alone, so one that comes again has a mark
//! behind its name, which is taken away where the columns are shown.

use std::collections::HashSet;

use sqlparser::ast::{Expr, Ident, Query, Select, SelectItem, SetExpr, SetOperator};

use super::labels::MARK;

/// Marks the columns of such an operation in the lists on both sides.
pub(super) fn tell_apart(query: &mut Query) {
    in_body(&mut query.body);
}

fn in_body(body: &mut SetExpr) {
    if let SetExpr::SetOperation { op, left, right, .. } = body {
        for side in [left, right] {
            if matches!(op, SetOperator::Except | SetOperator::Intersect | SetOperator::Minus) {
                mark_all(side);
            }
            in_body(side);
        }
    }
}

fn mark_all(side: &mut SetExpr) {
    match side {
        SetExpr::Select(select) => mark(select),
        SetExpr::SetOperation { left, right, .. } => {
            mark_all(left);
            mark_all(right);
        }
        // An order within brackets may mention the names.
        SetExpr::Query(query) if query.order_by.is_none() => mark_all(&mut query.body),
        _ => {}
    }
}

fn mark(select: &mut Select) {
    let mut seen: HashSet<String> = HashSet::new();
    for (index, item) in select.projection.iter_mut().enumerate() {
        let (expr, name) = match item {
            SelectItem::ExprWithAlias { alias, .. } => {
                seen.insert(alias.value.to_lowercase());
                continue;
            }
            SelectItem::UnnamedExpr(expr) => match &*expr {
                Expr::Identifier(name) => (expr.clone(), name.value.clone()),
                Expr::CompoundIdentifier(parts) => match parts.last() {
                    Some(name) => (expr.clone(), name.value.clone()),
                    None => continue,
                },
                _ => continue,
            },
            _ => continue,
        };
        if !seen.insert(name.to_lowercase()) {
            let alias = Ident::with_quote('"', format!("{name}{MARK}{index}"));
            *item = SelectItem::ExprWithAlias { expr, alias };
        }
    }
}
