//! Columns that `JOIN .. USING` and `NATURAL JOIN` merge into one.
//!
//! The planner takes the left column for the merged one, which is NULL in the rows that only the
//! right side of an outer join has, leaves it where the left side has it, does not know it in
//! `WHERE`, and in a subquery takes a column of the query around it. What the standard says is
//! written out: joins get conditions, names of merged columns become their values (the left column,
//! the right one of a right join, whichever is there of a full one), and `*` the columns in their
//! order, the merged ones first.

mod items;
mod joins;
mod replace;

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Ident, OrderByKind, Query, Select, SelectItem, SetExpr, VisitMut as _, VisitorMut, With,
};

use self::replace::Replace;
use super::columns::{Columns, Tables, merges_columns};
use super::outcome;
use crate::error::Error;

/// Writes out the merged columns of all joins of a query whose names are resolved.
pub(crate) fn rewrite(query: &mut Query, tables: Tables<'_>) -> Result<(), Error> {
    if query.visit(&mut Merges).is_continue() {
        return Ok(());
    }
    let columns = Columns::new(tables);
    outcome(query.visit(&mut Queries { columns, withs: Vec::new(), merged: Vec::new() }))
}

/// A column of what stands in FROM.
#[derive(Debug, Clone)]
struct Column {
    name: String,
    value: Expr,
    is_merged: bool,
}

impl Column {
    /// Returns whether a name means this column.
    fn is_called(&self, name: &Ident) -> bool {
        match name.quote_style {
            Some(_) => self.name == name.value,
            None => self.name.eq_ignore_ascii_case(&name.value),
        }
    }
}

/// Looks for a join that merges columns.
struct Merges;

impl VisitorMut for Merges {
    type Break = ();

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        if select.from.iter().any(merges_columns) {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}

/// Writes out the merged columns of each query behind those of the queries inside of it, whose
/// columns are then known.
struct Queries<'a> {
    columns: Columns<'a>,
    /// The common table expressions of the queries around, which are visited before the rest.
    withs: Vec<Option<With>>,
    /// The merged columns of the queries around.
    merged: Vec<Vec<Column>>,
}

impl VisitorMut for Queries<'_> {
    type Break = Error;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        self.columns.enter_none();
        let mut with = query.with.take();
        for cte in with.iter_mut().flat_map(|with| &mut with.cte_tables) {
            // One that is recursive names itself.
            self.columns.declare(cte);
            cte.query.visit(self)?;
            self.columns.declare(cte);
        }
        self.withs.push(with);
        self.merged.push(Vec::new());
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        query.with = self.withs.pop().flatten();
        let merged = self.merged.pop().unwrap_or_default();
        if !merged.is_empty() {
            replace_keys(query, &merged, &mut self.columns);
        }
        self.columns.leave();
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, select: &mut Select) -> ControlFlow<Error> {
        if !select.from.iter().any(merges_columns) {
            return ControlFlow::Continue(());
        }
        match self.write_out(select) {
            Ok(merged) => {
                if let Some(level) = self.merged.last_mut() {
                    *level = merged;
                }
                ControlFlow::Continue(())
            }
            Err(error) => ControlFlow::Break(error),
        }
    }
}

impl Queries<'_> {
    /// Writes out the merged columns of a select, and returns them.
    fn write_out(&mut self, select: &mut Select) -> Result<Vec<Column>, Error> {
        let mut from = std::mem::take(&mut select.from);
        joins::name_relations(&mut from);
        for table in &mut from {
            joins::as_subqueries(table, &mut self.columns)?;
        }
        let is_known = self.columns.of_from(&from).iter().all(|(_, columns)| columns.is_some());
        if !is_known {
            // The planner knows the columns, and what an inner join merges.
            let refused = from.iter().any(joins::needs_columns);
            select.from = from;
            return if refused { Err(joins::unknown()) } else { Ok(Vec::new()) };
        }
        let mut columns: Vec<Column> = Vec::new();
        for table in &mut from {
            let before = merged_of(&columns);
            columns.extend(joins::write_out(table, &before, &mut self.columns)?);
        }
        items::expand(&mut select.projection, &columns)?;
        let merged = merged_of(&columns);
        for item in &mut select.projection {
            if let SelectItem::UnnamedExpr(Expr::Identifier(name)) = item
                && let Some(column) = merged.iter().find(|column| column.is_called(name))
            {
                let (expr, alias) = (column.value.clone(), name.clone());
                *item = SelectItem::ExprWithAlias { expr, alias };
            }
        }
        Replace::new(&merged, &mut self.columns).visit(select);
        select.from = from;
        Ok(merged)
    }
}

/// Returns the merged columns whose names no other column has.
fn merged_of(columns: &[Column]) -> Vec<Column> {
    let is_only =
        |column: &&Column| columns.iter().filter(|other| other.name == column.name).count() == 1;
    columns.iter().filter(|column| column.is_merged).filter(is_only).cloned().collect()
}

/// Replaces merged columns in the keys of a query's order. A name alone may be one of the list.
fn replace_keys(query: &mut Query, merged: &[Column], columns: &mut Columns<'_>) {
    let (SetExpr::Select(select), Some(order)) = (query.body.as_ref(), &mut query.order_by) else {
        return;
    };
    let OrderByKind::Expressions(keys) = &mut order.kind else { return };
    for key in keys {
        let is_item = match &key.expr {
            Expr::Identifier(name) => select.projection.iter().any(|item| is_named(item, name)),
            _ => false,
        };
        if !is_item {
            Replace::new(merged, columns).visit(key);
        }
    }
}

fn is_named(item: &SelectItem, name: &Ident) -> bool {
    let own = match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(alias),
        SelectItem::UnnamedExpr(Expr::Identifier(name)) => Some(name),
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => parts.last(),
        _ => None,
    };
    own.is_some_and(|own| match name.quote_style {
        Some(_) => own.value == name.value,
        None => own.value.eq_ignore_ascii_case(&name.value),
    })
}
