//! `ORDER BY` beside calls that make rows in a select list.
//!
//! The rows exist only behind the select list, so the list becomes a subquery and the keys its
//! columns.

use sqlparser::ast::{
    Expr, Ident, OrderBy, OrderByKind, Query, Select, SelectItem, SetExpr, TableAlias, TableFactor,
    TableWithJoins, Value,
};

use super::select;
use crate::error::Error;
use crate::sql::made;
use crate::sql::template;

/// Puts the select list of a sorted query with such calls into a subquery, when every key is one
/// of its columns.
pub(super) fn rewrite(query: &mut Query) -> Result<(), Error> {
    let (SetExpr::Select(select), Some(order)) = (query.body.as_ref(), &query.order_by) else {
        return Ok(());
    };
    if !select.projection.iter().any(select::makes_rows) {
        return Ok(());
    }
    let Some(order) = by_number(select, order) else { return Ok(()) };
    let mut outer = template::query("SELECT *")?;
    let SetExpr::Select(outer_select) = outer.body.as_mut() else { return Ok(()) };
    let mut inner = template::query("SELECT 1")?;
    inner.body.clone_from(&query.body);
    let alias = TableAlias {
        explicit: true,
        name: Ident::new("godwit_rows"),
        columns: Vec::new(),
        at: None,
    };
    let relation =
        TableFactor::Derived { lateral: false, subquery: inner, alias: Some(alias), sample: None };
    outer_select.from = vec![TableWithJoins { relation, joins: Vec::new() }];
    query.body = outer.body;
    query.order_by = Some(order);
    Ok(())
}

/// Returns the order with every key as the number of a column; none when one is no column.
fn by_number(select: &Select, order: &OrderBy) -> Option<OrderBy> {
    let OrderByKind::Expressions(keys) = &order.kind else { return None };
    let mut numbered = Vec::with_capacity(keys.len());
    for key in keys {
        let number = number(select, &key.expr)?;
        let mut key = key.clone();
        key.expr = made::number(number.to_string());
        numbered.push(key);
    }
    Some(OrderBy { kind: OrderByKind::Expressions(numbered), interpolate: None })
}

/// Returns the number of the column that a key means.
fn number(select: &Select, key: &Expr) -> Option<usize> {
    let items = &select.projection;
    // A wildcard has columns that are not known here, and two columns of a name cannot be told
    // apart behind a subquery.
    let mut names = Vec::with_capacity(items.len());
    for item in items {
        let name = select::name_of(item).map(|name| name.value.to_lowercase());
        let is_known =
            matches!(item, SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAlias { .. });
        if !is_known || (name.is_some() && names.contains(&name)) {
            return None;
        }
        names.push(name);
    }
    if let Expr::Value(value) = key
        && let Value::Number(number, _) = &value.value
    {
        return number.parse().ok().filter(|number| (1..=items.len()).contains(number));
    }
    let position = match key {
        Expr::Identifier(name) => {
            let name = Some(name.value.to_lowercase());
            names.iter().position(|known| *known == name)
        }
        _ => None,
    };
    let position = position.or_else(|| {
        items.iter().position(|item| match item {
            SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => expr == key,
            _ => false,
        })
    });
    position.map(|position| position + 1)
}
