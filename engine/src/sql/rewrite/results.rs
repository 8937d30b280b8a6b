//! Texts as written among the results of a `CASE`: `CASE WHEN a THEN '1' ELSE 2 END` is a number. The
//! engine below makes all results texts.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Query, Value, Visit as _, Visitor};
use sqlparser::tokenizer::Span;

use super::functions::call;
use super::{is_text, rows};
use crate::functions::BESIDE;
use crate::sql::made;

/// More other results than this tell no more about their type.
const MOST_RESULTS: usize = 16;

/// Makes each text among the results of a `CASE` a call that knows the others.
pub(super) fn type_texts(expr: &mut Expr) {
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
            Expr::Function(function) if function.name.to_string() == BESIDE => {}
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
