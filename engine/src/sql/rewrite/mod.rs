//! Rewrites of a query's syntax tree between parsing and planning.
//!
//! The order is: `placeholders`, `samples`, `refuse`, `labels`, `escaped`, `values`, `literals`,
//! `windows`, `functions`, `outer_arrays`, `untyped`, `rows`, `row_membership`, `truths`, then
//! `relations` (whose requests the planner answers), then `names`, `unmarked`, `nameless`, `merged`,
//! `repeated_names`, `whole_rows`, `outer_items`, `fields` and `hidden_relations`. Of a `RETURNING`,
//! `labels` and `returned` come before all of them.

mod absent;
mod alike;
mod array_literals;
mod boxes;
mod called;
mod casts;
mod columns;
mod distinct_on;
mod distinct_values;
mod escaped;
mod fetches;
mod fields;
mod functions;
mod group_places;
mod hidden_relations;
mod hypothetical;
mod intervals;
mod labels;
mod likes;
mod literals;
mod meanings;
mod merged;
mod named;
mod nameless;
mod names;
mod no_columns;
mod outer_arrays;
mod outer_items;
mod outside;
mod over_rows;
mod placeholders;
mod precisions;
mod quantified;
mod refuse;
mod relations;
mod repeated_names;
mod results;
mod returned;
mod row_comparisons;
mod row_membership;
mod rows;
mod samples;
mod set_names;
mod shadowed;
mod special_moments;
mod truths;
mod twin_calls;
mod typed_calls;
mod unmarked;
mod untyped;
mod values;
mod whole_rows;
mod window_defaults;
mod windows;

use std::ops::ControlFlow;

use sqlparser::ast::{DataType, Expr, Value, Visit, visit_expressions};
use sqlparser::tokenizer::Span;

pub(crate) use escaped::{marked, names as escaped_names, recall, rewrite as escaped};
pub(crate) use fields::rewrite as fields;
pub(in crate::sql) use functions::call;
pub(crate) use functions::{GEOGRAPHY_CAST, GEOMETRY_CAST, rewrite as functions};
pub(crate) use hidden_relations::rewrite as hidden_relations;
pub(crate) use intervals::amounts_of as interval_amounts;
pub(crate) use labels::{label, rewrite as labels};
pub(crate) use literals::rewrite as literals;
pub(crate) use merged::rewrite as merged;
pub(crate) use nameless::rewrite as nameless;
pub(crate) use names::{Relation, rewrite as names};
pub(crate) use outer_arrays::rewrite as outer_arrays;
pub(crate) use outer_items::rewrite as outer_items;
pub(crate) use over_rows::over_rows;
pub(crate) use placeholders::number as placeholders;
pub(crate) use refuse::check as refuse;
pub(crate) use relations::{Request, Target, collect as relations};
pub(crate) use repeated_names::rewrite as repeated_names;
pub(crate) use returned::{OtherColumn, rewrite as returned};
pub(crate) use row_membership::rewrite as row_membership;
pub(crate) use rows::rewrite as rows;
pub(crate) use samples::rewrite as samples;
pub(crate) use truths::rewrite as truths;
pub(crate) use twin_calls::{as_functions_in_conditions, for_twin_calls, has_twin_calls};
pub(crate) use unmarked::rewrite as unmarked;
pub(crate) use untyped::rewrite as untyped;
pub(crate) use values::rewrite as values;
pub(crate) use whole_rows::rewrite as whole_rows;
pub(crate) use windows::rewrite as windows;

use crate::error::{Error, Position};

/// Returns where a token stands, when the parser recorded it.
fn position(span: Span) -> Option<Position> {
    (span.start.line > 0).then_some(Position { line: span.start.line, column: span.start.column })
}

/// Returns the error a visitor stopped with.
fn outcome(flow: ControlFlow<Error>) -> Result<(), Error> {
    match flow {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(error) => Err(error),
    }
}

/// Returns whether a part of a query names a column.
fn names_column(part: &impl Visit) -> bool {
    let names = visit_expressions(part, |expr| match expr {
        Expr::Identifier(_) | Expr::CompoundIdentifier(_) => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    names.is_break()
}

/// Returns whether an expression is a text as written.
fn is_text(expr: &Expr) -> bool {
    matches!(expr, Expr::Value(value) if matches!(value.value, Value::SingleQuotedString(_)))
}

/// Returns whether a type is one of numbers that have fractions.
fn has_fractions(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Double(_)
            | DataType::DoublePrecision
            | DataType::Float(_)
            | DataType::Float4
            | DataType::Float8
            | DataType::Real
            | DataType::Numeric(_)
            | DataType::Decimal(_)
            | DataType::Dec(_)
    )
}
