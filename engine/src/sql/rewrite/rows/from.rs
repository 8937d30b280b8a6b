//! Calls in FROM.

use std::collections::HashSet;

use datafusion::execution::session_state::SessionState;
use godwit_udfs::{Fields, Shape};
use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, Ident, Join, JoinConstraint, JoinOperator, ObjectName,
    Query, SelectItem, SetExpr, TableAlias, TableAliasColumnDef, TableFactor, TableFunctionArgs,
    TableWithJoins,
};
use sqlparser::tokenizer::Span;

use super::{calls, members, series};
use crate::error::Error;
use crate::functions::{ORDINALS, shape};
use crate::sql::made;
use crate::sql::rewrite::functions::{call, call_with};
use crate::sql::rewrite::names_column;
use crate::sql::template;

/// The column that `WITH ORDINALITY` adds.
const ORDINALITY: &str = "ordinality";

/// The functions whose column is called `value`.
const ELEMENTS: [&str; 4] = [
    "json_array_elements",
    "json_array_elements_text",
    "jsonb_array_elements",
    "jsonb_array_elements_text",
];

/// Returns the alias of what stands in FROM, or the name of a function without one.
pub(super) fn alias_of(factor: &TableFactor) -> Option<&str> {
    let (alias, name) = match factor {
        TableFactor::Table { alias, name, args, .. } => (alias, args.as_ref().map(|_| name)),
        TableFactor::Function { alias, name, .. } => (alias, Some(name)),
        TableFactor::Derived { alias, .. }
        | TableFactor::TableFunction { alias, .. }
        | TableFactor::UNNEST { alias, .. }
        | TableFactor::NestedJoin { alias, .. } => (alias, None),
        _ => return None,
    };
    match (alias, name.map(|name| name.0.as_slice())) {
        (Some(alias), _) => Some(&alias.name.value),
        (None, Some([part])) => part.as_ident().map(|name| name.value.as_str()),
        _ => None,
    }
}

/// Rewrites a call in FROM to a subquery, lateral when its arguments name columns.
pub(super) fn rewrite(
    factor: &mut TableFactor,
    state: &SessionState,
    bare: &HashSet<String>,
) -> Result<(), Error> {
    let (name, arguments, with_ordinality, alias) = match factor {
        TableFactor::Table {
            name,
            args: Some(TableFunctionArgs { args, settings: None }),
            with_ordinality,
            alias,
            ..
        } => (name, args, *with_ordinality, alias),
        TableFactor::Function { name, args, with_ordinality, alias, .. } => {
            (name, args, *with_ordinality, alias)
        }
        TableFactor::UNNEST { .. } => return rewrite_unnest(factor, bare),
        _ => return Ok(()),
    };
    let Some(function) = single(name) else { return Ok(()) };
    if let ("unnest", [FunctionArg::Unnamed(FunctionArgExpr::Expr(list))]) =
        (function.as_str(), arguments.as_mut_slice())
    {
        *factor = elements(made::take(list), with_ordinality, alias.take())?;
        return Ok(());
    }
    let names_columns = arguments.iter().any(names_column);
    if !with_ordinality && let Some(items) = members::columns(&function, arguments, alias.as_ref())?
    {
        let alias = alias.take().unwrap_or_else(|| named(&function));
        *factor = derived(items, alias, names_columns)?;
        return Ok(());
    }
    let is_table_function = state.table_functions().contains_key(&function);
    if is_table_function && !names_columns && !with_ordinality {
        name_column(alias, &function, bare);
        if series::is_list(&function, arguments) {
            let alias = alias.take().unwrap_or_else(|| named(&function));
            let call = call_with(&function, std::mem::take(arguments), Span::empty());
            *factor = derived(vec![(calls::unnest(call), Ident::new("value"))], alias, false)?;
        }
        return Ok(());
    }
    let shape = match shape(&function) {
        Some(shape) => shape,
        // The series of the engine below are lists when they stand elsewhere.
        None if is_table_function => Shape::Values,
        None if state.scalar_functions().contains_key(&function) => Shape::Value,
        None => return Ok(()),
    };
    let alias = alias.take().unwrap_or_else(|| named(&function));
    let call = call_with(&function, std::mem::take(arguments), Span::empty());
    let numbers = match (with_ordinality, shape) {
        (false, _) => None,
        (true, Shape::Values | Shape::Records(_)) => Some(ordinality(call.clone())),
        (true, _) => Some((made::number("1"), Ident::new(ORDINALITY))),
    };
    let mut items = match shape {
        Shape::Value => vec![(call, alias.name.clone())],
        Shape::Values => vec![(calls::unnest(call), column_of(&function, &alias, bare))],
        Shape::Record(fields) => fields_of(&call, fields),
        Shape::Records(fields) => fields_of(&calls::unnest(call), fields),
        _ => return Err(Error::unsupported(format!("{function} cannot stand in FROM"))),
    };
    items.extend(numbers);
    *factor = derived(items, alias, names_columns)?;
    Ok(())
}

/// Rewrites an `UNNEST` whose elements are numbered, and names the column of any other one.
fn rewrite_unnest(factor: &mut TableFactor, bare: &HashSet<String>) -> Result<(), Error> {
    match factor {
        TableFactor::UNNEST { alias, array_exprs, with_ordinality: true, .. } => {
            let [list] = array_exprs.as_mut_slice() else {
                let message = "WITH ORDINALITY of several lists is not supported";
                return Err(Error::unsupported(message)
                    .with_hint("Type WITH ORDINALITY behind an UNNEST of one list."));
            };
            *factor = elements(made::take(list), true, alias.take())?;
        }
        TableFactor::UNNEST { alias, array_exprs, .. } if array_exprs.len() == 1 => {
            name_column(alias, "unnest", bare);
        }
        _ => {}
    }
    Ok(())
}

/// Returns the fields of a record with their names.
fn fields_of(record: &Expr, fields: Fields) -> Vec<(Expr, Ident)> {
    let item = |name| (calls::field(record.clone(), name), Ident::with_quote('"', name));
    fields.names().map(item).collect()
}

/// Returns the name of the column of a call that makes values: that of the alias, unless the query
/// does not mention it alone, and `PostgreSQL` has another one.
fn column_of(function: &str, alias: &TableAlias, bare: &HashSet<String>) -> Ident {
    let is_element = ELEMENTS.contains(&function)
        && alias.columns.is_empty()
        && !bare.contains(&alias.name.value.to_lowercase());
    if is_element { Ident::new("value") } else { alias.name.clone() }
}

/// Returns the subquery of a list's elements.
fn elements(
    list: Expr,
    with_ordinality: bool,
    alias: Option<TableAlias>,
) -> Result<TableFactor, Error> {
    let is_lateral = names_column(&list);
    let alias = alias.unwrap_or_else(|| named("unnest"));
    let mut items = vec![(calls::unnest(list.clone()), alias.name.clone())];
    if with_ordinality {
        items.push(ordinality(list));
    }
    derived(items, alias, is_lateral)
}

/// Returns the column that numbers the elements of a list.
fn ordinality(list: Expr) -> (Expr, Ident) {
    let numbers = call(ORDINALS, vec![list], Span::empty());
    (calls::unnest(numbers), Ident::new(ORDINALITY))
}

fn derived(
    items: Vec<(Expr, Ident)>,
    mut alias: TableAlias,
    lateral: bool,
) -> Result<TableFactor, Error> {
    complete(&mut alias, &items);
    let subquery = subquery(items)?;
    Ok(TableFactor::Derived { lateral, subquery, alias: Some(alias), sample: None })
}

/// Joins what is lateral to the tables before it: `a, LATERAL b JOIN c ON ...` becomes
/// `a CROSS JOIN LATERAL b JOIN c ON ...`, because the planner looks for `b` right beside `a`.
pub(super) fn join_laterals(from: &mut Vec<TableWithJoins>) {
    let mut joined: Vec<TableWithJoins> = Vec::with_capacity(from.len());
    for table in std::mem::take(from) {
        match joined.last_mut() {
            Some(before) if is_lateral(&table) => {
                before.joins.push(Join {
                    relation: table.relation,
                    global: false,
                    join_operator: JoinOperator::CrossJoin(JoinConstraint::None),
                });
                before.joins.extend(table.joins);
            }
            _ => joined.push(table),
        }
    }
    *from = joined;
}

/// Returns whether a table is lateral and joined to others that keep its rows.
fn is_lateral(table: &TableWithJoins) -> bool {
    let keeps_rows = |join: &Join| {
        matches!(
            join.join_operator,
            JoinOperator::Join(_)
                | JoinOperator::Inner(_)
                | JoinOperator::Left(_)
                | JoinOperator::LeftOuter(_)
                | JoinOperator::CrossJoin(_)
        )
    };
    matches!(table.relation, TableFactor::Derived { lateral: true, .. })
        && !table.joins.is_empty()
        && table.joins.iter().all(keeps_rows)
}

/// Gives the columns an alias leaves out their own names.
fn complete(alias: &mut TableAlias, items: &[(Expr, Ident)]) {
    if alias.columns.is_empty() {
        return;
    }
    for column in &mut alias.columns {
        column.data_type = None;
    }
    for (_, name) in items.iter().skip(alias.columns.len()) {
        alias.columns.push(TableAliasColumnDef { name: name.clone(), data_type: None });
    }
}

/// Names the one column of `generate_series(...) AS n` as `PostgreSQL` does, when the query says `n`.
/// Without an alias it is called as the function is.
fn name_column(alias: &mut Option<TableAlias>, function: &str, bare: &HashSet<String>) {
    let name = alias.as_ref().map_or(function, |alias| &alias.name.value);
    if !bare.contains(&name.to_lowercase()) {
        return;
    }
    let alias = alias.get_or_insert_with(|| named(function));
    if alias.columns.is_empty() {
        alias.columns.push(TableAliasColumnDef { name: alias.name.clone(), data_type: None });
    }
}

fn single(name: &ObjectName) -> Option<String> {
    let [part] = name.0.as_slice() else { return None };
    part.as_ident().map(|name| name.value.to_lowercase())
}

fn named(function: &str) -> TableAlias {
    TableAlias { explicit: false, name: Ident::new(function), columns: Vec::new(), at: None }
}

fn subquery(items: Vec<(Expr, Ident)>) -> Result<Box<Query>, Error> {
    let mut query = template::query("SELECT 1")?;
    if let SetExpr::Select(select) = query.body.as_mut() {
        let items = items.into_iter();
        select.projection =
            items.map(|(expr, alias)| SelectItem::ExprWithAlias { expr, alias }).collect();
    }
    Ok(query)
}
