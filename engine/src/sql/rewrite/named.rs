//! Puts named arguments of our functions in their places.
//!
//! The planner knows one list of names for a function and no defaults. Ours have several lists, and
//! `ST_TileEnvelope(3, 1, 2, margin => 0.1)` leaves out an argument in between.

use godwit_udfs::{Filled, fill};
use sqlparser::ast::{FunctionArg, FunctionArgExpr};

use crate::sql::template;

/// Puts the arguments of a call in order, if some have names and a list of the function has those.
pub(super) fn place(function: &str, arguments: &mut Vec<FunctionArg>) {
    let names: Vec<Option<String>> = arguments.iter().map(name_of).collect();
    if names.iter().all(Option::is_none) {
        return;
    }
    let names: Vec<Option<&str>> = names.iter().map(Option::as_deref).collect();
    let Some(places) = fill(function, &names).or_else(|| interval(function, &names)) else {
        return;
    };
    let values = places.into_iter().map(|filled| match filled {
        Filled::Given(position) => arguments.get(position).and_then(value_of),
        Filled::Default(sql) => parse(sql),
    });
    if let Some(values) = values.collect::<Option<Vec<FunctionArgExpr>>>() {
        *arguments = values.into_iter().map(FunctionArg::Unnamed).collect();
    }
}

/// Puts the arguments of `make_interval` in order.
fn interval(function: &str, names: &[Option<&str>]) -> Option<Vec<Filled>> {
    const PARTS: [&str; 7] = ["years", "months", "weeks", "days", "hours", "mins", "secs"];
    if function != "make_interval" {
        return None;
    }
    let first = names.iter().position(Option::is_some)?;
    let is_known = |name: Option<&str>| name.is_some_and(|name| PARTS.contains(&name));
    let has_gap = !names.iter().skip(first).all(|name| is_known(*name));
    let given = |part: &str| names.iter().position(|name| *name == Some(part));
    let is_twice = |(place, part): (usize, &&str)| {
        let count = names.iter().filter(|name| **name == Some(part)).count();
        count > usize::from(place >= first)
    };
    if has_gap || PARTS.iter().enumerate().any(is_twice) {
        return None;
    }
    let filled = PARTS.iter().enumerate().map(|(place, part)| match given(part) {
        _ if place < first => Filled::Given(place),
        Some(position) => Filled::Given(position),
        None => Filled::Default("0"),
    });
    Some(filled.collect())
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
    let expression = template::expr(sql).ok()?;
    Some(FunctionArgExpr::Expr(expression))
}
