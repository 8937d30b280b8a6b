//! Puts named arguments of our functions in their places.
//!
//! The planner knows one list of names for a function and no defaults. Ours have several lists, and
//! `ST_TileEnvelope(3, 1, 2, margin => 0.1)` leaves out an argument in between.

use godwit_udfs::{Filled, fill};
use sqlparser::ast::{FunctionArg, FunctionArgExpr};
use sqlparser::parser::Parser;

use crate::sql::dialect::GeoDialect;

/// Puts the arguments of a call in order, if some have names and a list of the function has those.
pub(super) fn place(function: &str, arguments: &mut Vec<FunctionArg>) {
    let names: Vec<Option<String>> = arguments.iter().map(name_of).collect();
    if names.iter().all(Option::is_none) {
        return;
    }
    let names: Vec<Option<&str>> = names.iter().map(Option::as_deref).collect();
    let Some(places) = fill(function, &names) else { return };
    let values = places.into_iter().map(|filled| match filled {
        Filled::Given(position) => arguments.get(position).and_then(value_of),
        Filled::Default(sql) => parse(sql),
    });
    if let Some(values) = values.collect::<Option<Vec<FunctionArgExpr>>>() {
        *arguments = values.into_iter().map(FunctionArg::Unnamed).collect();
    }
}

fn name_of(argument: &FunctionArg) -> Option<String> {
    match argument {
        FunctionArg::Named { name, .. } => Some(name.value.to_lowercase()),
        _ => None,
    }
}

fn value_of(argument: &FunctionArg) -> Option<FunctionArgExpr> {
    match argument {
        FunctionArg::Named { arg, .. } | FunctionArg::Unnamed(arg) => Some(arg.clone()),
        FunctionArg::ExprNamed { .. } => None,
    }
}

fn parse(sql: &str) -> Option<FunctionArgExpr> {
    let expression = Parser::new(&GeoDialect).try_with_sql(sql).ok()?.parse_expr().ok()?;
    Some(FunctionArgExpr::Expr(expression))
}
