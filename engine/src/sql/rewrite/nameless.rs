//! Columns without a name that are called as `PostgreSQL` would have named them: `SELECT count FROM
//! (SELECT count(*) FROM t) AS s`, `SELECT k, count(*) FROM t GROUP BY k ORDER BY count`.
//!
//! Here such a column has its text for its name. Where nothing in sight has the name that a query
//! mentions, and one such column alone would have it, that column is meant.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, GroupByExpr, Ident, OrderBy, OrderByKind, Query, Select, SelectItem, SetExpr,
    TableFactor, VisitMut as _, VisitorMut,
};

use super::columns::{Columns, Names, Tables};
use super::labels::label;
use super::{called, outcome};
use crate::error::Error;

/// Gives such mentions in a query, whose names are resolved, the names that the columns have.
pub(crate) fn rewrite(query: &mut Query, tables: Tables<'_>) -> Result<(), Error> {
    let (selects, hidden) = (Vec::new(), Vec::new());
    outcome(query.visit(&mut Nameless { columns: Columns::new(tables), selects, hidden }))
}

/// The lower-case alias and the columns of what stands in a FROM.
type Relation = (String, Names);

struct Nameless<'a> {
    columns: Columns<'a>,
    /// What stands in FROM of the selects in sight, innermost last.
    selects: Vec<Vec<Relation>>,
    /// The same of selects that a subquery in their FROM does not see.
    hidden: Vec<Option<Vec<Relation>>>,
}

impl VisitorMut for Nameless<'_> {
    type Break = Error;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        self.columns.enter(query);
        self.keys(query);
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<Error> {
        self.columns.leave();
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Error> {
        let own = self.columns.of_from(&select.from);
        Sight { own: &own, around: &self.selects }.select(select);
        self.selects.push(own);
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, _select: &mut Select) -> ControlFlow<Error> {
        self.selects.pop();
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Error> {
        if stands_apart(factor) {
            let around = self.selects.pop();
            self.hidden.push(around);
        }
        ControlFlow::Continue(())
    }

    fn post_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Error> {
        if stands_apart(factor) {
            self.selects.extend(self.hidden.pop().flatten());
        }
        ControlFlow::Continue(())
    }
}

impl Nameless<'_> {
    /// Resolves the keys of an order: each is an item of the select list by its name, or made of
    /// columns.
    fn keys(&mut self, query: &mut Query) {
        let Query { body, order_by: Some(order), .. } = query else { return };
        let OrderBy { kind: OrderByKind::Expressions(keys), .. } = order else { return };
        let is_one = matches!(body.as_ref(), SetExpr::Select(_));
        let Some(select) = first_select(body) else { return };
        let own = if is_one { self.columns.of_from(&select.from) } else { Vec::new() };
        let sight = Sight { own: &own, around: &self.selects };
        for key in keys {
            if let Expr::Identifier(name) = &key.expr {
                if has_item(select, name) {
                    continue;
                }
                if let Some(item) = item(select, name).filter(|_| !is_one || !sight.knows(name)) {
                    key.expr = Expr::Identifier(item);
                    continue;
                }
            }
            if is_one && sight.has_nameless() {
                let _all = key.expr.visit(&mut Mentions { sight: &sight, aliases: &[], depth: 0 });
            }
        }
    }
}

/// Returns whether a subquery sees nothing of what stands beside it.
fn stands_apart(factor: &TableFactor) -> bool {
    matches!(factor, TableFactor::Derived { lateral: false, .. })
}

/// Returns the select whose items name the columns of a query.
fn first_select(body: &SetExpr) -> Option<&Select> {
    match body {
        SetExpr::Select(select) => Some(select),
        SetExpr::SetOperation { left, .. } => first_select(left),
        SetExpr::Query(query) => first_select(&query.body),
        _ => None,
    }
}

/// Returns whether a list has an item of a name.
fn has_item(select: &Select, name: &Ident) -> bool {
    select.projection.iter().any(|item| match item {
        SelectItem::ExprWithAlias { alias, .. } => is_same(label(&alias.value), name),
        SelectItem::UnnamedExpr(expr) => {
            column_name(expr).is_some_and(|column| is_same(&column.value, name))
        }
        _ => false,
    })
}

/// Returns the name that the only item of a list has which `PostgreSQL` would call so.
fn item(select: &Select, name: &Ident) -> Option<Ident> {
    let mut fitting = select.projection.iter().filter_map(|item| match item {
        SelectItem::ExprWithAlias { alias, .. } if fits(label(&alias.value), name) => Some(alias),
        _ => None,
    });
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Some(only.clone()),
        _ => None,
    }
}

/// What the names in a select may mean.
struct Sight<'a> {
    /// What stands in its FROM.
    own: &'a [Relation],
    /// What stands in that of the selects around.
    around: &'a [Vec<Relation>],
}

impl Sight<'_> {
    /// Resolves what a select mentions.
    fn select(&self, select: &mut Select) {
        self.groups(select);
        if !self.has_nameless() {
            return;
        }
        let aliases: Vec<String> = select.projection.iter().filter_map(alias).collect();
        for item in &mut select.projection {
            let SelectItem::UnnamedExpr(expr) = item else { continue };
            let Some(name) = column_name(expr) else { continue };
            let alias = Ident::with_quote('"', spelled(name));
            let mut resolved = expr.clone();
            self.resolve(&mut resolved, &[]);
            if resolved != *expr {
                *item = SelectItem::ExprWithAlias { expr: resolved, alias };
            }
        }
        let mut mentions = Mentions { sight: self, aliases: &[], depth: 0 };
        let _all = select.projection.visit(&mut mentions);
        let _all = select.from.visit(&mut mentions);
        let _all = select.selection.visit(&mut mentions);
        // The names of items are known here, too.
        mentions.aliases = &aliases;
        let _all = select.distinct.visit(&mut mentions);
        let _all = select.group_by.visit(&mut mentions);
        let _all = select.having.visit(&mut mentions);
        let _all = select.named_window.visit(&mut mentions);
        let _all = select.qualify.visit(&mut mentions);
    }

    /// Resolves the keys of groups that are items of the select list.
    fn groups(&self, select: &mut Select) {
        let mut keys = match &mut select.group_by {
            GroupByExpr::Expressions(keys, _) => std::mem::take(keys),
            GroupByExpr::All(_) => return,
        };
        for key in &mut keys {
            let Expr::Identifier(name) = key else { continue };
            if has_item(select, name) || self.knows(name) || self.column(name).is_some() {
                continue;
            }
            if let Some(item) = item(select, name) {
                *name = item;
            }
        }
        if let GroupByExpr::Expressions(of_select, _) = &mut select.group_by {
            *of_select = keys;
        }
    }

    /// Returns whether a column is there that `PostgreSQL` may call otherwise.
    fn has_nameless(&self) -> bool {
        let mut columns = self.relations().filter_map(|(_, columns)| columns.as_ref()).flatten();
        columns.any(|column| !is_word(label(column)))
    }

    /// Returns what stands in all FROM, innermost first.
    fn relations(&self) -> impl Iterator<Item = &Relation> {
        self.own.iter().chain(self.around.iter().rev().flatten())
    }

    /// Returns whether something has a name, or may have it.
    fn knows(&self, name: &Ident) -> bool {
        self.relations()
            .any(|(alias, columns)| is_same(alias, name) || may_hold(columns.as_deref(), name))
    }

    /// Resolves a mention of a column.
    fn resolve(&self, expr: &mut Expr, aliases: &[String]) {
        match expr {
            Expr::Identifier(name) if !aliases.contains(&name.value.to_lowercase()) => {
                if let Some(column) = self.column(name) {
                    *name = column;
                }
            }
            Expr::CompoundIdentifier(parts) => {
                if let [relation, name] = parts.as_mut_slice()
                    && let Some(column) = self.column_of(relation, name)
                {
                    *name = column;
                }
            }
            _ => {}
        }
    }

    /// Returns the name of the only column that a name fits which nothing has.
    fn column(&self, name: &Ident) -> Option<Ident> {
        if self.knows(name) {
            return None;
        }
        let columns = self.own.iter().filter_map(|(_, columns)| columns.as_ref());
        only_fitting(columns.flatten(), name)
    }

    /// Returns the same of the columns of a relation, the nearest of its name.
    fn column_of(&self, relation: &Ident, name: &Ident) -> Option<Ident> {
        let is_own = self.own.iter().any(|(alias, _)| is_same(alias, relation));
        // A column of that name has fields.
        if !is_own && self.own.iter().any(|(_, columns)| may_hold(columns.as_deref(), relation)) {
            return None;
        }
        let around = self.around.iter().rev().map(Vec::as_slice);
        let mut levels = std::iter::once(self.own).chain(around).map(|level| {
            level.iter().filter(|(alias, _)| is_same(alias, relation)).collect::<Vec<_>>()
        });
        let found = levels.find(|found| !found.is_empty())?;
        let [(_, Some(columns))] = found.as_slice() else { return None };
        if columns.iter().any(|column| is_same(label(column), name)) {
            return None;
        }
        only_fitting(columns.iter(), name)
    }
}

/// Resolves the mentions of columns in a part of a select, but not in its subqueries.
struct Mentions<'a> {
    sight: &'a Sight<'a>,
    /// Names, in lower case, that are those of items.
    aliases: &'a [String],
    /// How many subqueries are around.
    depth: usize,
}

impl VisitorMut for Mentions<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, _query: &mut Query) -> ControlFlow<()> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<()> {
        self.depth = self.depth.saturating_sub(1);
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if self.depth == 0 {
            self.sight.resolve(expr, self.aliases);
        }
        ControlFlow::Continue(())
    }
}

/// Returns whether one of the columns has a name, or may have it.
fn may_hold(columns: Option<&[String]>, name: &Ident) -> bool {
    columns.is_none_or(|columns| columns.iter().any(|column| is_same(label(column), name)))
}

fn only_fitting<'a>(columns: impl Iterator<Item = &'a String>, name: &Ident) -> Option<Ident> {
    let mut fitting = columns.filter(|column| fits(label(column), name));
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Some(Ident::with_quote('"', only.clone())),
        _ => None,
    }
}

/// Returns whether `PostgreSQL` calls a column so that has a text for its name.
fn fits(text: &str, name: &Ident) -> bool {
    !is_word(text) && called::name_of_text(text).is_some_and(|called| called == spelled(name))
}

/// Returns the name of an item in lower case, if it has been given one.
fn alias(item: &SelectItem) -> Option<String> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(label(&alias.value).to_lowercase()),
        _ => None,
    }
}

fn column_name(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Identifier(name) => Some(name),
        Expr::CompoundIdentifier(parts) => parts.last(),
        _ => None,
    }
}

/// Returns a name as it is looked up: in lower case, unless it has quotes.
fn spelled(name: &Ident) -> String {
    if name.quote_style.is_some() { name.value.clone() } else { name.value.to_lowercase() }
}

fn is_same(one: &str, other: &Ident) -> bool {
    one.to_lowercase() == other.value.to_lowercase()
}

/// Returns whether a name is a word, as most names of columns are, and so no text of an expression.
fn is_word(name: &str) -> bool {
    name.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
}
