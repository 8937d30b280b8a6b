//! Names the columns of select lists as `PostgreSQL` does, and where it has no name by the text the
//! user wrote.
//!
//! The planner would name `sum(x)` after the table too, and takes no two columns of one name in a
//! list. So every expression gets its own alias, and a name that comes again a mark behind it, which
//! `label` takes away where the columns are shown.

use std::collections::HashSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    Distinct, Expr, Ident, OrderBy, OrderByKind, Query, Select, SelectItem, SetExpr, VisitMut as _,
    VisitorMut,
};

use super::{called, outcome, rows, set_names, shadowed};
use crate::error::Error;

/// What stands between a repeated name and its number.
pub(super) const MARK: &str = "\u{1f}godwit\u{1f}";

/// The quotes of names that nobody wrote: they are spelled as the column is that they come from.
pub(super) const MADE: char = '[';

/// How many characters of an expression's text become its name.
const LONGEST: usize = 100;

/// Names every expression of every select list.
pub(crate) fn rewrite(query: &mut Query) -> Result<(), Error> {
    outcome(query.visit(&mut Labels { depth: 0, selects: Vec::new() }))
}

/// Returns the name of a column as clients see it.
pub(crate) fn label(name: &str) -> &str {
    name.split_once(MARK).map_or(name, |(label, _)| label)
}

struct Labels {
    /// How many queries are around.
    depth: usize,
    /// The names of what stands in FROM of the selects around, innermost last.
    selects: Vec<Vec<Ident>>,
}

impl VisitorMut for Labels {
    type Break = Error;

    fn pre_visit_query(&mut self, _query: &mut Query) -> ControlFlow<Error> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Error> {
        let mut is_wildcard = |item: &SelectItem| {
            matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..))
        };
        let has_wildcard = select.projection.iter().any(&mut is_wildcard);
        // In a subquery there would be two columns of the name to choose from.
        let has_all = self.depth == 1 && select.projection.iter().any(is_all);
        let relations = shadowed::relations(&select.from);
        let mut seen: HashSet<String> = HashSet::new();
        let mut columns = Columns::default();
        for (index, item) in select.projection.iter_mut().enumerate() {
            let Some((expr, name)) = named(item) else { continue };
            // What `*` stands for is not known yet, so a column beside it may be there twice.
            let is_column = matches!(expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_));
            // The planner calls a column of a query around otherwise.
            let is_outer = self.is_outer(expr, &relations);
            let is_unlabelled =
                matches!(item, SelectItem::UnnamedExpr(_)) && is_column && !is_outer;
            let is_unnamed = matches!(item, SelectItem::UnnamedExpr(_)) && is_outer;
            let is_made = matches!(name, Name::Made(_)) || is_unnamed;
            let name = name.into_text();
            let is_new = seen.insert(if is_unlabelled { spelled(expr) } else { name.clone() });
            let may_be_known = if is_unlabelled {
                columns.may_hold(expr)
            } else {
                columns.may_be_called(&name, is_made, self.depth == 1)
            };
            let is_repeated = !is_new
                || may_be_known
                || (has_wildcard && is_unlabelled)
                || (has_all && takes_name(item));
            if is_unlabelled && !is_repeated {
                continue;
            }
            let expr = expr.clone();
            let alias = match item {
                SelectItem::ExprWithAlias { alias, .. } if !is_repeated => alias.clone(),
                _ if is_repeated => Ident::with_quote('"', format!("{name}{MARK}{index}")),
                _ if is_made => Ident::with_quote(MADE, name),
                _ => Ident::with_quote('"', name),
            };
            *item = SelectItem::ExprWithAlias { expr, alias };
        }
        self.selects.push(relations);
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, _select: &mut Select) -> ControlFlow<Error> {
        self.selects.pop();
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        self.depth = self.depth.saturating_sub(1);
        name_keys(query);
        set_names::tell_apart(query);
        match shadowed::tell_apart(query) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }
}

impl Labels {
    /// Returns whether an expression is a column of a relation of a query around.
    fn is_outer(&self, expr: &Expr, own: &[Ident]) -> bool {
        let Expr::CompoundIdentifier(parts) = expr else { return false };
        let [relation, _] = parts.as_slice() else { return false };
        let is_it = |name: &Ident| shadowed::is_same(name, relation);
        !own.iter().any(is_it) && self.selects.iter().flatten().any(is_it)
    }
}

/// Returns whether an item is all columns of all tables.
fn is_all(item: &SelectItem) -> bool {
    matches!(item, SelectItem::Wildcard(options) if options.to_string().is_empty())
}

/// Returns whether an item has the name of a column that it mentions.
fn takes_name(item: &SelectItem) -> bool {
    matches!(item, SelectItem::ExprWithAlias { expr, alias } if shadowed::mentions(expr, alias))
}

/// Gives the keys of a DISTINCT query, which must be columns of its list, the names of these.
fn name_keys(query: &mut Query) {
    let SetExpr::Select(select) = query.body.as_ref() else { return };
    let Some(OrderBy { kind: OrderByKind::Expressions(keys), .. }) = &mut query.order_by else {
        return;
    };
    if select.distinct == Some(Distinct::Distinct) {
        for key in keys {
            let item = select.projection.iter().find_map(|item| match item {
                SelectItem::ExprWithAlias { expr, alias } if *expr == key.expr => Some(alias),
                _ => None,
            });
            if let Some(alias) = item {
                key.expr = Expr::Identifier(alias.clone());
            }
        }
    }
}

/// The columns of a list that have no alias, by the last part of their names.
#[derive(Default)]
struct Columns {
    /// Those that name no table.
    bare: HashSet<String>,
    /// Those that name their table.
    qualified: HashSet<String>,
    /// What other items are called, in lower case.
    names: HashSet<String>,
}

impl Columns {
    /// Returns whether a column may be one of these, named otherwise: `x` is `t.x`, if it is one of
    /// the table. Adds the column to them.
    fn may_hold(&mut self, column: &Expr) -> bool {
        match column {
            Expr::Identifier(name) => {
                let name = lookup_name(name);
                let may_hold = self.qualified.contains(&name) || self.names.contains(&name);
                self.bare.insert(name);
                may_hold
            }
            Expr::CompoundIdentifier(parts) => {
                let Some(name) = parts.last().map(lookup_name) else { return false };
                let may_hold = self.bare.contains(&name) || self.names.contains(&name);
                self.qualified.insert(name);
                may_hold
            }
            _ => false,
        }
    }

    /// Returns whether one of these may be called like another item, or is, if that has a name that
    /// nobody wrote. Adds the name to those of the items.
    fn may_be_called(&mut self, name: &str, is_made: bool, is_outermost: bool) -> bool {
        let lower = name.to_lowercase();
        let sought = if is_made { lower.as_str() } else { name };
        let is_column = self.bare.contains(sought) || self.qualified.contains(sought);
        let is_known = !self.names.insert(lower);
        (is_column && (is_made || is_outermost)) || (is_known && is_made)
    }
}

/// Returns a name as it is looked up: without quotes in any case.
fn lookup_name(name: &Ident) -> String {
    if name.quote_style.is_some() { name.value.clone() } else { name.value.to_lowercase() }
}

/// The name of an item.
enum Name {
    /// One that was written, or a text.
    Given(String),
    /// One that its expression has.
    Made(String),
}

impl Name {
    fn into_text(self) -> String {
        match self {
            Self::Given(text) | Self::Made(text) => text,
        }
    }
}

/// Returns the expression of an item and its name; none where later rewrites name it.
fn named(item: &SelectItem) -> Option<(&Expr, Name)> {
    match item {
        SelectItem::ExprWithAlias { expr, alias } => Some((expr, Name::Given(alias.value.clone()))),
        SelectItem::UnnamedExpr(expr) => match expr {
            Expr::Identifier(name) => Some((expr, Name::Given(name.value.clone()))),
            Expr::CompoundIdentifier(parts) => {
                Some((expr, Name::Given(parts.last()?.value.clone())))
            }
            Expr::CompoundFieldAccess { .. } => Some((expr, Name::Made(called::name_of(expr)?))),
            Expr::Function(function) if rows::makes_columns(function) => None,
            _ => Some((
                expr,
                called::name_of(expr).map_or_else(|| Name::Given(text(expr)), Name::Made),
            )),
        },
        _ => None,
    }
}

/// Returns a column as it is looked up: without quotes in any case.
fn spelled(column: &Expr) -> String {
    let text = column.to_string();
    if text.contains('"') { text } else { text.to_lowercase() }
}

/// Returns the text of an expression, cut where it is long.
fn text(expr: &Expr) -> String {
    let text = expr.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
