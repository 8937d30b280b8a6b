//! `GROUP BY CUBE (1, 2)`: numbers of items inside of the sets of `ROLLUP`, `CUBE` and `GROUPING
//! SETS`, where the planner takes them for numbers.

use sqlparser::ast::{Expr, GroupByExpr, Select, SelectItem, Value};

/// Puts the items in the place of their numbers.
pub(super) fn rewrite(select: &mut Select) {
    let GroupByExpr::Expressions(keys, _) = &mut select.group_by else { return };
    for key in keys {
        let (Expr::Rollup(sets) | Expr::Cube(sets) | Expr::GroupingSets(sets)) = key else {
            continue;
        };
        for key in sets.iter_mut().flatten() {
            if let Some(meant) = item(key, &select.projection) {
                *key = meant;
            }
        }
    }
}

/// Returns the item that a key is the number of.
fn item(key: &Expr, items: &[SelectItem]) -> Option<Expr> {
    let Expr::Value(value) = key else { return None };
    let Value::Number(place, _) = &value.value else { return None };
    // What `*` stands for is not known here.
    if items
        .iter()
        .any(|item| matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..)))
    {
        return None;
    }
    match items.get(place.parse::<usize>().ok()?.checked_sub(1)?)? {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
            Some(expr.clone())
        }
        _ => None,
    }
}
