//! Columns beside `*`, `WITH s AS (SELECT t.*, u.y FROM ...) SELECT s.y FROM s`, in subqueries and
//! views.
//!
//! They have a mark behind their names, as long as nobody knows whether `*` stands for a column of
//! the name, too. Once the tables are open, those that are alone under it lose the mark.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Ident, OrderBy, OrderByKind, Query, Select, SelectItem, SelectItemQualifiedWildcardKind,
    VisitMut as _, VisitorMut,
};

use super::columns::{Columns, Names, Tables};
use super::labels::{MARK, label};
use super::outcome;
use crate::error::Error;

/// Takes the mark from every such column of a query whose names are resolved.
pub(crate) fn rewrite(query: &mut Query, tables: Tables<'_>) -> Result<(), Error> {
    let (selects, found) = (Vec::new(), Vec::new());
    outcome(query.visit(&mut Unmark { columns: Columns::new(tables), selects, found }))
}

struct Unmark<'a> {
    columns: Columns<'a>,
    /// What stands in FROM of the selects, innermost last: lower-case aliases and columns.
    selects: Vec<Vec<(String, Names)>>,
    /// What lost its mark in the queries around and the innermost one: names and columns.
    found: Vec<Vec<(Ident, Expr)>>,
}

impl VisitorMut for Unmark<'_> {
    type Break = Error;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        self.columns.enter(query);
        self.found.push(Vec::new());
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        self.columns.leave();
        let found = self.found.pop().unwrap_or_default();
        if let Some(OrderBy { kind: OrderByKind::Expressions(keys), .. }) = &mut query.order_by {
            for key in keys {
                if let Expr::Identifier(name) = &key.expr
                    && let Some((_, column)) = found.iter().find(|(known, _)| known == name)
                {
                    key.expr = column.clone();
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Error> {
        let relations = self.columns.of_from(&select.from);
        self.selects.push(relations);
        if select.projection.iter().any(is_wildcard)
            && select.projection.iter().any(|item| marked(item).is_some())
            && let Some(names) = self.names(select)
        {
            for item in &mut select.projection {
                if let Some((name, column)) = marked(item)
                    && is_alone(column, &names)
                {
                    let (name, column) = (name.clone(), column.clone());
                    *item = SelectItem::UnnamedExpr(column.clone());
                    if let Some(found) = self.found.last_mut() {
                        found.push((name, column));
                    }
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, _select: &mut Select) -> ControlFlow<Error> {
        self.selects.pop();
        ControlFlow::Continue(())
    }
}

impl Unmark<'_> {
    /// Returns the names of all columns of a list, in lower case; none if they are not known.
    fn names(&self, select: &Select) -> Names {
        let mut names = Vec::new();
        for item in &select.projection {
            match item {
                SelectItem::ExprWithAlias { alias, .. } => names.push(lower(&alias.value)),
                SelectItem::UnnamedExpr(expr) => names.push(lower(&column(expr)?.value)),
                SelectItem::Wildcard(options) if options.to_string().is_empty() => {
                    for (_, columns) in self.selects.last()? {
                        names.extend(columns.as_ref()?.iter().map(|name| lower(name)));
                    }
                }
                SelectItem::QualifiedWildcard(
                    SelectItemQualifiedWildcardKind::ObjectName(name),
                    options,
                ) if options.to_string().is_empty() => {
                    let wanted = name.0.last()?.as_ident()?.value.to_lowercase();
                    let mut relations = self.selects.iter().rev().flatten();
                    let (_, columns) = relations.find(|(alias, _)| *alias == wanted)?;
                    names.extend(columns.as_ref()?.iter().map(|name| lower(name)));
                }
                _ => return None,
            }
        }
        Some(names)
    }
}

fn is_wildcard(item: &SelectItem) -> bool {
    matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..))
}

/// Returns the name with a mark that an item has, and the column that it is.
fn marked(item: &SelectItem) -> Option<(&Ident, &Expr)> {
    let SelectItem::ExprWithAlias { expr, alias } = item else { return None };
    let is_its = alias.value.contains(MARK) && lower(&alias.value) == lower(&column(expr)?.value);
    is_its.then_some((alias, expr))
}

/// Returns the name of the column that an expression is.
fn column(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Identifier(name) => Some(name),
        Expr::CompoundIdentifier(parts) => parts.last(),
        _ => None,
    }
}

/// Returns whether a list has nothing else of the name of a column.
fn is_alone(expr: &Expr, names: &[String]) -> bool {
    let Some(name) = column(expr).map(|name| lower(&name.value)) else { return false };
    names.iter().filter(|other| **other == name).count() == 1
}

/// Returns a name in lower case, without its mark.
fn lower(name: &str) -> String {
    label(name).to_lowercase()
}
