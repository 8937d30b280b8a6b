//! Texts and fractions as written among the results of a `CASE`, and fractions among the arguments of
//! `coalesce`: `CASE WHEN a THEN '1' ELSE 2 END` is a number, and `coalesce(price, 0.0)` has the digits
//! of the price. The engine below makes texts of the one and doubles of the other.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Query, UnaryOperator, Value,
    Visit as _, Visitor, visit_expressions,
};
use sqlparser::tokenizer::Span;

use super::functions::call;
use super::{is_text, rows};
use crate::functions::BESIDE;
use crate::sql::made;

/// More other results than this tell no more about their type.
const MOST_RESULTS: usize = 16;

/// The functions whose result is one of their arguments.
const CHOICES: [&str; 3] = ["coalesce", "greatest", "least"];

/// Makes each text and each fraction among the results of a `CASE` a call that knows the others.
pub(super) fn type_written(case: &mut Expr) {
    type_texts(case);
    let Expr::Case { conditions, else_result, .. } = case else { return };
    let results = conditions.iter_mut().map(|when| &mut when.result);
    type_fractions(results.chain(else_result.as_deref_mut()).collect());
}

/// Makes each fraction among the arguments of a function that chooses one a call that knows the
/// others.
pub(super) fn type_arguments(function: &mut Function) {
    let name = function.name.to_string().to_lowercase();
    let FunctionArguments::List(list) = &mut function.args else { return };
    if !CHOICES.contains(&name.as_str()) {
        return;
    }
    let arguments = list.args.iter_mut().filter_map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(argument)) => Some(argument),
        _ => None,
    });
    type_fractions(arguments.collect());
}

/// Makes each fraction among values a call that knows those that are computed.
fn type_fractions(values: Vec<&mut Expr>) {
    if !values.iter().any(|value| is_fraction(value)) {
        return;
    }
    let computed = values.iter().filter(|value| !is_written(value));
    let others: Vec<Expr> = computed.map(|value| (**value).clone()).collect();
    let are_known = others.iter().all(|other| other.visit(&mut Beyond).is_continue());
    // Values in values would be there many times.
    let are_nested = visit_expressions(&others, |expr| {
        if is_beside(expr) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    if others.is_empty() || others.len() > MOST_RESULTS || !are_known || are_nested.is_break() {
        return;
    }
    for value in values.into_iter().filter(|value| is_fraction(value)) {
        let fraction = made::take(value);
        let arguments = std::iter::once(fraction).chain(others.iter().cloned()).collect();
        *value = call(BESIDE, arguments, Span::empty());
    }
}

/// Returns whether a value is a number with a point, as written.
fn is_fraction(expr: &Expr) -> bool {
    match expr {
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => is_fraction(expr),
        Expr::Value(value) => {
            matches!(&value.value, Value::Number(digits, _) if digits.contains('.')
                && !digits.contains(['e', 'E']))
        }
        _ => false,
    }
}

/// Returns whether a value stands there as it is, or has got its type from the others already.
fn is_written(expr: &Expr) -> bool {
    match expr {
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => is_written(expr),
        Expr::Value(value) => !matches!(value.value, Value::Placeholder(_)),
        other => is_beside(other),
    }
}

fn is_beside(expr: &Expr) -> bool {
    matches!(expr, Expr::Function(function) if function.name.to_string() == BESIDE)
}

/// Makes each text among the results of a `CASE` a call that knows the others.
fn type_texts(expr: &mut Expr) {
    let mut others = Vec::new();
    let mut has_text = false;
    collect(expr, &mut others, &mut has_text);
    let are_known = others.iter().all(|other| other.visit(&mut Beyond).is_continue());
    if !has_text || others.is_empty() || others.len() > MOST_RESULTS || !are_known {
        return;
    }
    let Expr::Case { conditions, else_result, .. } = expr else { return };
    let results = conditions.iter_mut().map(|when| &mut when.result);
    for result in results.chain(else_result.as_deref_mut()) {
        if is_text(result) {
            let text = made::take(result);
            let arguments = std::iter::once(text).chain(others.iter().cloned()).collect();
            *result = call(BESIDE, arguments, Span::empty());
        }
    }
}

/// Collects the results that have a type of their own, each once, and notes whether there are texts
/// beside them.
fn collect(case: &Expr, others: &mut Vec<Expr>, has_text: &mut bool) {
    let Expr::Case { conditions, else_result, .. } = case else { return };
    let results = conditions.iter().map(|when| &when.result).chain(else_result.as_deref());
    for result in results {
        match result {
            text if is_text(text) => *has_text = true,
            Expr::Value(value) if value.value == Value::Null => {}
            // Its type is that of others.
            beside if is_beside(beside) => {}
            inner @ Expr::Case { .. } => collect(inner, others, &mut false),
            other if !others.contains(other) => others.push(other.clone()),
            _ => {}
        }
    }
}

/// Looks for what has no type yet, or should not be there twice.
struct Beyond;

impl Visitor for Beyond {
    type Break = ();

    fn pre_visit_query(&mut self, _query: &Query) -> ControlFlow<()> {
        ControlFlow::Break(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        let is_beyond = match expr {
            Expr::Value(value) => matches!(value.value, Value::Placeholder(_)),
            Expr::Function(function) => function.over.is_some() || rows::makes_columns(function),
            _ => false,
        };
        if is_beyond { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
