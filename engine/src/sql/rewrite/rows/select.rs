//! Calls in select lists.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use datafusion::execution::session_state::SessionState;
use godwit_udfs::Shape;
use sqlparser::ast::{
    AccessExpr, Expr, Function, Ident, ObjectName, Query, Select, SelectItem,
    SelectItemQualifiedWildcardKind, Visit as _, VisitMut, Visitor, VisitorMut,
};

use super::{Aliases, calls, shape_of};
use crate::error::Error;
use crate::sql::rewrite::{outcome, position};

/// Returns the aliases of the select items that are calls of functions with records.
pub(super) fn record_aliases(select: &Select) -> Vec<(String, Shape)> {
    let alias = |item: &SelectItem| match item {
        SelectItem::ExprWithAlias { expr: Expr::Function(function), alias } => {
            let shape = shape_of(function).filter(|shape| shape.fields().is_some())?;
            Some((alias.value.to_lowercase(), shape))
        }
        SelectItem::UnnamedExpr(Expr::Function(function)) => {
            let shape = shape_of(function).filter(|shape| shape.fields().is_some())?;
            let [part] = function.name.0.as_slice() else { return None };
            Some((part.as_ident()?.value.to_lowercase(), shape))
        }
        _ => None,
    };
    select.projection.iter().filter_map(alias).collect()
}

/// Rewrites the calls that make rows in a select list, and refuses them elsewhere.
pub(super) fn rewrite(
    select: &mut Select,
    state: &SessionState,
    aliases: &Aliases,
) -> Result<(), Error> {
    let mut items = Vec::with_capacity(select.projection.len());
    for item in std::mem::take(&mut select.projection) {
        match item {
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(row), options) => {
                match all_fields(&row, &aliases.relations, &aliases.records)? {
                    All::Relation(name) => {
                        let kind = SelectItemQualifiedWildcardKind::ObjectName(name);
                        items.push(SelectItem::QualifiedWildcard(kind, options));
                    }
                    All::Fields(fields) => items.extend(fields),
                }
            }
            other => items.push(other),
        }
    }
    name_fields(&mut items);
    for item in &mut items {
        outcome(item.visit(&mut Aggregates { state, depth: 0 }))?;
        outcome(item.visit(&mut Unnest::default()))?;
    }
    select.projection = items;
    let clauses = [
        ("WHERE", select.selection.as_mut()),
        ("HAVING", select.having.as_mut()),
        ("QUALIFY", select.qualify.as_mut()),
    ];
    for (clause, expr) in clauses {
        if let Some(expr) = expr {
            outcome(expr.visit(&mut Refuse { clause, depth: 0 }))?;
        }
    }
    Ok(())
}

/// What `(x).*` means.
enum All {
    Relation(ObjectName),
    Fields(Vec<SelectItem>),
}

fn all_fields(
    row: &Expr,
    relations: &HashSet<String>,
    records: &[(String, Shape)],
) -> Result<All, Error> {
    let row = calls::inside(row);
    let fields = match row {
        Expr::Identifier(name) if relations.contains(&name.value.to_lowercase()) => {
            return Ok(All::Relation(ObjectName::from(vec![name.clone()])));
        }
        Expr::Function(function) => shape_of(function).and_then(Shape::fields),
        Expr::Identifier(name) => shape_of_alias(name, records),
        Expr::CompoundIdentifier(parts) => {
            parts.last().and_then(|name| shape_of_alias(name, records))
        }
        _ => None,
    };
    let Some(fields) = fields else {
        return Err(Error::unsupported(format!("the fields of ({row}).* are not known"))
            .with_hint("Name the fields one by one, as (value).field."));
    };
    let item = |name: &'static str| SelectItem::ExprWithAlias {
        expr: calls::field(row.clone(), name),
        alias: Ident::with_quote('"', name),
    };
    Ok(All::Fields(fields.names().map(item).collect()))
}

fn shape_of_alias(name: &Ident, records: &[(String, Shape)]) -> Option<godwit_udfs::Fields> {
    let name = name.value.to_lowercase();
    records.iter().find(|(alias, _)| *alias == name).and_then(|(_, shape)| shape.fields())
}

/// Names the items `(x).field` and calls that make rows as `PostgreSQL` does, where that is unique.
fn name_fields(items: &mut [SelectItem]) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for item in &*items {
        if let Some(name) = name_of(item) {
            *counts.entry(name.value.to_lowercase()).or_default() += 1;
        }
    }
    for item in items {
        let SelectItem::UnnamedExpr(expr) = &*item else { continue };
        let Some(name) = made_name(expr) else { continue };
        if counts.get(&name.value.to_lowercase()) == Some(&1) {
            *item = SelectItem::ExprWithAlias { expr: expr.clone(), alias: name };
        }
    }
}

/// Returns whether a call that makes rows stands in an item.
pub(super) fn makes_rows(item: &SelectItem) -> bool {
    match item {
        SelectItem::UnnamedExpr(expr)
        | SelectItem::ExprWithAlias { expr, .. }
        | SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(expr), _) => {
            expr.visit(&mut Search { depth: 0 }).is_break()
        }
        _ => false,
    }
}

/// Looks for a call that makes rows, outside of subqueries.
struct Search {
    depth: usize,
}

impl Visitor for Search {
    type Break = ();

    fn pre_visit_query(&mut self, _query: &Query) -> ControlFlow<()> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &Query) -> ControlFlow<()> {
        self.depth = self.depth.saturating_sub(1);
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::Function(function)
                if self.depth == 0 && shape_of(function).is_some_and(Shape::is_set) =>
            {
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        }
    }
}

/// Refuses calls that make rows in the arguments of aggregates.
struct Aggregates<'a> {
    state: &'a SessionState,
    depth: usize,
}

impl VisitorMut for Aggregates<'_> {
    type Break = Error;

    fn pre_visit_query(&mut self, _query: &mut Query) -> ControlFlow<Error> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<Error> {
        self.depth = self.depth.saturating_sub(1);
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        let Expr::Function(function) = expr else { return ControlFlow::Continue(()) };
        let [part] = function.name.0.as_slice() else { return ControlFlow::Continue(()) };
        let is_aggregate = part.as_ident().is_some_and(|name| {
            self.state.aggregate_functions().contains_key(&name.value.to_lowercase())
        });
        if self.depth > 0 || !is_aggregate {
            return ControlFlow::Continue(());
        }
        let clause = "the argument of an aggregate";
        VisitMut::visit(&mut function.args, &mut Refuse { clause, depth: 0 })
    }
}

/// Returns the name an item has or would have in `PostgreSQL`.
pub(super) fn name_of(item: &SelectItem) -> Option<Ident> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(alias.clone()),
        SelectItem::UnnamedExpr(Expr::Identifier(name)) => Some(name.clone()),
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => parts.last().cloned(),
        SelectItem::UnnamedExpr(expr) => made_name(expr),
        _ => None,
    }
}

/// Returns the name of `(x).field` and of a call that makes rows.
fn made_name(expr: &Expr) -> Option<Ident> {
    match expr {
        Expr::Function(function) if shape_of(function).is_some_and(Shape::is_set) => {
            function.name.0.first().and_then(|part| part.as_ident()).cloned()
        }
        other => calls::last_field(other),
    }
}

/// Wraps calls that make rows in `unnest`, outside of subqueries.
#[derive(Default)]
struct Unnest {
    depth: usize,
}

impl VisitorMut for Unnest {
    type Break = Error;

    fn pre_visit_query(&mut self, _query: &mut Query) -> ControlFlow<Error> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<Error> {
        self.depth = self.depth.saturating_sub(1);
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        if self.depth > 0 {
            return ControlFlow::Continue(());
        }
        match expr {
            Expr::Function(function) if shape_of(function).is_some_and(Shape::is_set) => {
                calls::number_the_list(function);
                *expr = calls::unnest(Expr::Function(function.clone()));
            }
            // The user's own UNNEST of such a call.
            Expr::Function(function) if calls::is_unnest(function) => collapse(expr),
            Expr::CompoundFieldAccess { root, access_chain } => lower_field(root, access_chain),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// Makes `unnest(unnest(call))` one `unnest`.
fn collapse(expr: &mut Expr) {
    let Expr::Function(outer) = &mut *expr else { return };
    let Some(Expr::Function(inner)) = calls::only_argument(outer) else { return };
    if calls::is_unnest(inner)
        && let Some(Expr::Function(call)) = calls::only_argument(inner)
        && shape_of(call).is_some_and(Shape::is_set)
    {
        let inner = Expr::Function(inner.clone());
        *expr = inner;
    }
}

/// Spells the field of a call as the function does.
fn lower_field(root: &mut Expr, access_chain: &mut [AccessExpr]) {
    let mut root = calls::inside(root).clone();
    if let Expr::Function(function) = &mut root
        && calls::is_unnest(function)
        && let Some(inner) = calls::only_argument(function)
    {
        let inner = inner.clone();
        root = inner;
    }
    let fields = match &root {
        Expr::Function(function) => shape_of(function).and_then(Shape::fields),
        _ => None,
    };
    let Some(fields) = fields else { return };
    if let Some(access) = access_chain.first_mut()
        && let AccessExpr::Dot(Expr::Identifier(name)) = &*access
        && let Some(field) = fields.names().find(|field| field.eq_ignore_ascii_case(&name.value))
    {
        *access = calls::by_name(field);
    }
}

/// Refuses calls that make rows where the planner can do nothing with them.
struct Refuse {
    clause: &'static str,
    depth: usize,
}

impl VisitorMut for Refuse {
    type Break = Error;

    fn pre_visit_query(&mut self, _query: &mut Query) -> ControlFlow<Error> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<Error> {
        self.depth = self.depth.saturating_sub(1);
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        match expr {
            Expr::Function(function)
                if self.depth == 0 && shape_of(function).is_some_and(Shape::is_set) =>
            {
                ControlFlow::Break(refused(function, self.clause))
            }
            _ => ControlFlow::Continue(()),
        }
    }
}

fn refused(function: &Function, clause: &str) -> Error {
    let name = function.name.to_string().to_lowercase();
    let error = Error::unsupported(format!("{name} makes rows, so it cannot stand in {clause}"))
        .with_hint(format!("Put it into FROM: FROM t, {name}(t.geom) AS d."));
    let span = function.name.0.first().and_then(|part| part.as_ident()).map(|name| name.span);
    match span.and_then(position) {
        Some(position) => error.with_position(position),
        None => error,
    }
}
