//! Calls in FROM.

use std::collections::HashSet;
use std::ops::ControlFlow;

use datafusion::execution::session_state::SessionState;
use godwit_udfs::{Shape, function_shape};
use sqlparser::ast::{
    Expr, FunctionArg, Ident, Join, JoinConstraint, JoinOperator, ObjectName, Query, SelectItem,
    SetExpr, TableAlias, TableAliasColumnDef, TableFactor, TableFunctionArgs, TableWithJoins,
    Visit as _, Visitor,
};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Span;

use super::calls;
use crate::error::Error;
use crate::sql::dialect::GeoDialect;
use crate::sql::rewrite::functions::call_with;

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
        TableFactor::UNNEST { alias: Some(alias), array_exprs, .. } if array_exprs.len() == 1 => {
            name_column(alias, bare);
            return Ok(());
        }
        _ => return Ok(()),
    };
    let Some(function) = single(name) else { return Ok(()) };
    let names_columns = names_columns(arguments);
    let is_table_function = state.table_functions().contains_key(&function);
    if is_table_function && !names_columns {
        if let Some(alias) = alias {
            name_column(alias, bare);
        }
        return Ok(());
    }
    let shape = match function_shape(&function) {
        Some(shape) => shape,
        // The series of the engine below are lists when they stand elsewhere.
        None if is_table_function => Shape::Values,
        None if state.scalar_functions().contains_key(&function) => Shape::Value,
        None => return Ok(()),
    };
    if with_ordinality {
        return Err(Error::unsupported("WITH ORDINALITY is not supported").with_hint(
            "The path of ST_Dump and its kin numbers the rows; else type row_number() OVER ().",
        ));
    }
    let mut alias = alias.take().unwrap_or_else(|| named(&function));
    let call = call_with(&function, std::mem::take(arguments), Span::empty());
    let items = match shape {
        Shape::Value => vec![(call, alias.name.clone())],
        Shape::Values => vec![(calls::unnest(call), alias.name.clone())],
        Shape::Record(fields) => {
            let item = |name| (calls::field(call.clone(), name), Ident::with_quote('"', name));
            fields.names().map(item).collect()
        }
        Shape::Records(fields) => {
            let row = calls::unnest(call);
            let item = |name| (calls::field(row.clone(), name), Ident::with_quote('"', name));
            fields.names().map(item).collect()
        }
        _ => return Err(Error::unsupported(format!("{function} cannot stand in FROM"))),
    };
    complete(&mut alias, &items);
    *factor = TableFactor::Derived {
        lateral: names_columns,
        subquery: subquery(items)?,
        alias: Some(alias),
        sample: None,
    };
    Ok(())
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
fn name_column(alias: &mut TableAlias, bare: &HashSet<String>) {
    if alias.columns.is_empty() && bare.contains(&alias.name.value.to_lowercase()) {
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
    let mut query = Parser::new(&GeoDialect).try_with_sql("SELECT 1")?.parse_query()?;
    if let SetExpr::Select(select) = query.body.as_mut() {
        let items = items.into_iter();
        select.projection =
            items.map(|(expr, alias)| SelectItem::ExprWithAlias { expr, alias }).collect();
    }
    Ok(query)
}

/// Returns whether the arguments name a column.
fn names_columns(arguments: &[FunctionArg]) -> bool {
    arguments.iter().any(|argument| argument.visit(&mut Columns).is_break())
}

struct Columns;

impl Visitor for Columns {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    }
}
