//! Keys of an order that mention a column of the tables whose name an item of the select list has,
//! too: `SELECT -x AS x FROM t ORDER BY t.x`.
//!
//! A name alone is that of the item, and inside of an expression that of the column. The planner
//! takes it for the item everywhere, and does not tell `x` from `t.x` above the list. So a key that
//! is an item has its name, and for others the items get other names in a subquery.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Ident, OrderByExpr, OrderByKind, Query, Select, SelectItem, SetExpr, TableAlias,
    TableFactor, TableWithJoins, Visit, Visitor,
};

use super::labels::MARK;
use super::outside;
use crate::error::Error;
use crate::sql::template;

/// Tells such columns from the items of a query, which have names.
pub(super) fn tell_apart(query: &mut Query) -> Result<(), Error> {
    let Some(items) = renamed(query) else { return Ok(()) };
    let mut inner = template::query("SELECT *")?;
    std::mem::swap(query, inner.as_mut());
    let SetExpr::Select(select) = query.body.as_mut() else { return Ok(()) };
    select.projection = items;
    let alias = TableAlias {
        explicit: true,
        name: Ident::new("godwit_items"),
        columns: Vec::new(),
        at: None,
    };
    let relation =
        TableFactor::Derived { lateral: false, subquery: inner, alias: Some(alias), sample: None };
    select.from = vec![TableWithJoins { relation, joins: Vec::new() }];
    Ok(())
}

/// Returns the names of what stands in FROM, also inside of subqueries there.
pub(super) fn relations(from: &[TableWithJoins]) -> Vec<Ident> {
    let mut relations = Relations::default();
    for table in from {
        let _all = Visit::visit(table, &mut relations);
    }
    relations.names
}

/// Returns whether an expression mentions a column of a name.
pub(super) fn mentions(expr: &Expr, name: &Ident) -> bool {
    columns(expr).iter().any(|parts| parts.last().is_some_and(|last| is_same(last, name)))
}

/// Gives the items that hide columns other names, and returns the list of all items by their own;
/// none if there are no such.
fn renamed(query: &mut Query) -> Option<Vec<SelectItem>> {
    let Query { body, order_by: Some(order), .. } = query else { return None };
    let SetExpr::Select(select) = body.as_mut() else { return None };
    let OrderByKind::Expressions(keys) = &mut order.kind else { return None };
    let hidden = hidden(select, keys);
    if hidden.is_empty() || select.distinct.is_some() {
        return None;
    }
    for key in keys.iter_mut() {
        let is_it = |item: &&SelectItem| matches!(item, SelectItem::ExprWithAlias { expr, .. } if *expr == key.expr);
        if let Some(SelectItem::ExprWithAlias { alias, .. }) = select.projection.iter().find(is_it)
        {
            key.expr = Expr::Identifier(alias.clone());
        }
    }
    let hidden = self::hidden(select, keys);
    let names = select.projection.iter().map(name_of).collect::<Option<Vec<_>>>()?;
    if hidden.is_empty() {
        return None;
    }
    let mut items = Vec::with_capacity(names.len());
    for (index, item) in select.projection.iter_mut().enumerate() {
        items.push(match item {
            SelectItem::ExprWithAlias { alias, .. } => {
                let name = alias.clone();
                if hidden.contains(&index) {
                    let text = format!("{}{MARK}{index}", name.value);
                    *alias = Ident::with_quote('"', text);
                    rename(keys, &name, alias);
                }
                SelectItem::ExprWithAlias { expr: Expr::Identifier(alias.clone()), alias: name }
            }
            other => SelectItem::UnnamedExpr(Expr::Identifier(name_of(other)?)),
        });
    }
    Some(items)
}

/// Gives the keys that are a name another one.
fn rename(keys: &mut [OrderByExpr], from: &Ident, to: &Ident) {
    for key in keys {
        if matches!(&key.expr, Expr::Identifier(name) if is_same(name, from)) {
            key.expr = Expr::Identifier(to.clone());
        }
    }
}

/// Returns the places of the items that hide columns which the keys mention.
fn hidden(select: &Select, keys: &[OrderByExpr]) -> Vec<usize> {
    let keys = keys.iter().filter(|key| !matches!(key.expr, Expr::Identifier(_)));
    let mut mentioned: Vec<_> = keys.flat_map(|key| columns(&key.expr)).collect();
    // Others are columns of a query around.
    let relations = relations(&select.from);
    mentioned.retain(|parts| match parts.as_slice() {
        [.., relation, _] => relations.iter().any(|name| is_same(name, relation)),
        _ => true,
    });
    if mentioned.is_empty() {
        return Vec::new();
    }
    // What these mention are columns.
    let known = [columns(&select.projection), columns(&select.selection)].concat();
    let hides = |item: &SelectItem| {
        let SelectItem::ExprWithAlias { expr, alias } = item else { return false };
        let is_named = |parts: &&Vec<Ident>| parts.last().is_some_and(|last| is_same(last, alias));
        let mut others = mentioned.iter().filter(is_named);
        match column(expr) {
            Some(parts) if is_named(&&parts) => others
                .any(|other| other.len() > 1 && parts.len() > 1 && !other.iter().eq(parts.iter())),
            _ => others.any(|other| other.len() > 1 || known.iter().any(|of| is_named(&of))),
        }
    };
    let places = select.projection.iter().enumerate().filter(|(_, item)| hides(item));
    places.map(|(place, _)| place).collect()
}

/// Returns the name of an item as its query shows it.
fn name_of(item: &SelectItem) -> Option<Ident> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(alias.clone()),
        SelectItem::UnnamedExpr(expr) => column(expr)?.pop(),
        _ => None,
    }
}

/// Returns the parts of the name that an expression is.
fn column(expr: &Expr) -> Option<Vec<Ident>> {
    match expr {
        Expr::Identifier(name) => Some(vec![name.clone()]),
        Expr::CompoundIdentifier(parts) => Some(parts.clone()),
        _ => None,
    }
}

pub(super) fn is_same(one: &Ident, other: &Ident) -> bool {
    if one.quote_style.is_some() && other.quote_style.is_some() {
        one.value == other.value
    } else {
        one.value.eq_ignore_ascii_case(&other.value)
    }
}

/// Returns the columns that expressions mention outside of subqueries.
pub(super) fn columns<N: Visit>(node: &N) -> Vec<Vec<Ident>> {
    let mut found = Vec::new();
    let _all = outside::look::<_, ()>(node, |expr| {
        found.extend(column(expr));
        ControlFlow::Continue(())
    });
    found
}

/// The names of what stands in FROM.
#[derive(Default)]
struct Relations {
    names: Vec<Ident>,
}

impl Visitor for Relations {
    type Break = ();

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        let name = match factor {
            TableFactor::Table { alias: Some(alias), .. }
            | TableFactor::Function { alias: Some(alias), .. }
            | TableFactor::Derived { alias: Some(alias), .. }
            | TableFactor::TableFunction { alias: Some(alias), .. }
            | TableFactor::UNNEST { alias: Some(alias), .. }
            | TableFactor::NestedJoin { alias: Some(alias), .. } => Some(&alias.name),
            TableFactor::Table { name, .. } | TableFactor::Function { name, .. } => {
                name.0.last().and_then(|part| part.as_ident())
            }
            _ => None,
        };
        self.names.extend(name.cloned());
        ControlFlow::Continue(())
    }
}
