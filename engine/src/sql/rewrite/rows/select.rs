//! Calls in select lists.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use datafusion::execution::session_state::SessionState;
use godwit_udfs::Shape;
use sqlparser::ast::{
    AccessExpr, Expr, Function, Ident, ObjectName, Select, SelectItem,
    SelectItemQualifiedWildcardKind, Visit,
};

use super::{Aliases, calls, shape_of};
use crate::error::Error;
use crate::sql::rewrite::{outcome, outside, position};

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
        outcome(outside::look(&*item, |expr| refuse_in_aggregate(expr, state)))?;
        outcome(outside::change_inner_first(item, unnested))?;
    }
    select.projection = items;
    let clauses = [
        ("WHERE", select.selection.as_ref()),
        ("HAVING", select.having.as_ref()),
        ("QUALIFY", select.qualify.as_ref()),
    ];
    for (clause, expr) in clauses {
        if let Some(expr) = expr {
            outcome(refuse(expr, clause))?;
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
            outside::look(expr, |expr| match set_call(expr) {
                Some(_) => ControlFlow::Break(()),
                None => ControlFlow::Continue(()),
            })
            .is_break()
        }
        _ => false,
    }
}

/// Returns the call that makes rows, if an expression is one.
fn set_call(expr: &Expr) -> Option<&Function> {
    let Expr::Function(function) = expr else { return None };
    shape_of(function).is_some_and(Shape::is_set).then_some(function)
}

/// Refuses calls that make rows in the arguments of an aggregate.
fn refuse_in_aggregate(expr: &Expr, state: &SessionState) -> ControlFlow<Error> {
    let Expr::Function(function) = expr else { return ControlFlow::Continue(()) };
    let [part] = function.name.0.as_slice() else { return ControlFlow::Continue(()) };
    let is_aggregate = part
        .as_ident()
        .is_some_and(|name| state.aggregate_functions().contains_key(&name.value.to_lowercase()));
    if !is_aggregate {
        return ControlFlow::Continue(());
    }
    refuse(&function.args, "the argument of an aggregate")
}

/// Refuses calls that make rows where the planner can do nothing with them.
fn refuse<N: Visit>(node: &N, clause: &str) -> ControlFlow<Error> {
    outside::look(node, |expr| match set_call(expr) {
        Some(function) => ControlFlow::Break(refused(function, clause)),
        None => ControlFlow::Continue(()),
    })
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
        Expr::Function(function) if set_call(expr).is_some() => {
            function.name.0.first().and_then(|part| part.as_ident()).cloned()
        }
        other => calls::last_field(other),
    }
}

/// Wraps a call that makes rows in `unnest`.
fn unnested(expr: &mut Expr) -> ControlFlow<Error> {
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
