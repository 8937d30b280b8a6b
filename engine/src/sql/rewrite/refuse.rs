//! Refuses what the parser accepts and the planner would ignore without a word.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, FunctionArguments, ObjectName, Query, Select, SetExpr,
    TableFactor, Visit as _, Visitor,
};

use super::meanings::MOST_DIMENSIONS;
use super::{absent, no_columns, outcome, position};
use crate::error::{Code, Error};

/// Returns an error when the query holds a clause that would be ignored.
pub(crate) fn check(query: &Query) -> Result<(), Error> {
    outcome(query.visit(&mut Check))
}

struct Check;

impl Visitor for Check {
    type Break = Error;

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<Error> {
        if matches!(
            query.body.as_ref(),
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_)
        ) {
            return refuse("a query that changes rows is not supported");
        }
        if !query.locks.is_empty() {
            return refuse("FOR UPDATE and FOR SHARE are not supported");
        }
        if query.for_clause.is_some() {
            return refuse("FOR XML and FOR JSON are not supported");
        }
        if query.settings.is_some() {
            return refuse("SETTINGS is not supported");
        }
        if query.format_clause.is_some() {
            return refuse("FORMAT in a query is not supported");
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<Error> {
        if select.into.is_some() {
            return ControlFlow::Break(
                Error::unsupported("SELECT INTO is not supported")
                    .with_hint("Type CREATE TABLE name AS SELECT ..."),
            );
        }
        if select.prewhere.is_some() || !select.connect_by.is_empty() {
            return refuse("PREWHERE and CONNECT BY are not supported");
        }
        if select.value_table_mode.is_some() || select.select_modifiers.is_some() {
            return refuse("this form of SELECT is not supported");
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<Error> {
        let endless = match factor {
            TableFactor::Table { name, args: Some(call), .. } => endless(name, call.args.len()),
            TableFactor::Function { name, args, .. } => endless(name, args.len()),
            _ => None,
        };
        if let Some(error) = endless {
            return ControlFlow::Break(error);
        }
        match factor {
            TableFactor::Table {
                name,
                version,
                sample,
                with_hints,
                with_ordinality,
                args,
                partitions,
                json_path,
                index_hints,
                ..
            } => {
                let what = if version.is_some() {
                    "a version of a table"
                } else if sample.is_some() {
                    "TABLESAMPLE"
                } else if *with_ordinality && args.is_none() {
                    "WITH ORDINALITY"
                } else if !with_hints.is_empty() || !index_hints.is_empty() {
                    "a table hint"
                } else if !partitions.is_empty() {
                    "a partition list"
                } else if json_path.is_some() {
                    "a JSON path"
                } else {
                    return ControlFlow::Continue(());
                };
                let error = Error::new(
                    Code::Unsupported,
                    format!("{what} in FROM is not supported, for table \"{name}\""),
                );
                let span = name.0.first().and_then(|part| part.as_ident()).map(|ident| ident.span);
                ControlFlow::Break(match span.and_then(position) {
                    Some(position) => error.with_position(position),
                    None => error,
                })
            }
            TableFactor::Derived { sample: Some(_), .. } => refuse("TABLESAMPLE is not supported"),
            _ => ControlFlow::Continue(()),
        }
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<Error> {
        if let Expr::Subquery(query) = expr
            && no_columns::has_none(query)
        {
            let message = "a subquery that stands for a value must have one column";
            return ControlFlow::Break(Error::new(Code::SyntaxError, message));
        }
        let Expr::Function(function) = expr else { return ControlFlow::Continue(()) };
        let [part] = function.name.0.as_slice() else { return ControlFlow::Continue(()) };
        let refusal = part.as_ident().and_then(|name| absent::refusal(&name.value));
        let refusal = refusal.or_else(|| match &function.args {
            FunctionArguments::List(list) => endless(&function.name, list.args.len())
                .or_else(|| of_many_dimensions(&function.name, &list.args)),
            _ => None,
        });
        refusal.map_or(ControlFlow::Continue(()), ControlFlow::Break)
    }
}

/// Returns the error of a series of one argument, which the engine below takes for its end.
fn endless(name: &ObjectName, argument_count: usize) -> Option<Error> {
    let [part] = name.0.as_slice() else { return None };
    let is_series = part.as_ident()?.value.eq_ignore_ascii_case("generate_series");
    (is_series && argument_count == 1).then(|| {
        let message = "generate_series takes a beginning and an end";
        Error::new(Code::UndefinedFunction, message)
            .with_hint("Type for example generate_series(1, 10), or range(10) for 0 to 9.")
    })
}

/// Returns the error of an array that is filled in more dimensions than one has.
fn of_many_dimensions(name: &ObjectName, arguments: &[FunctionArg]) -> Option<Error> {
    let [part] = name.0.as_slice() else { return None };
    let is_filled = part.as_ident()?.value.eq_ignore_ascii_case("array_fill");
    let [_, FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Array(lengths)))] = arguments else {
        return None;
    };
    let count = lengths.elem.len();
    (is_filled && count > MOST_DIMENSIONS).then(|| {
        let message = format!("an array of {count} dimensions has more than {MOST_DIMENSIONS}");
        Error::new(Code::LimitExceeded, message)
    })
}

fn refuse(message: &str) -> ControlFlow<Error> {
    ControlFlow::Break(Error::unsupported(message))
}
