//! Aggregates of one value in several types: `sum(x), sum(x::double)`. The engine below names them
//! alike and takes no two columns of a name, so the value of one is a call that changes nothing else.

use std::collections::HashMap;
use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Function, Query, SetExpr, Visit, VisitMut, Visitor, VisitorMut};
use sqlparser::tokenizer::Span;

use super::functions::{call, null};

/// The aggregates of values that are of several types.
const AGGREGATES: [&str; 16] = [
    "array_agg",
    "avg",
    "bool_and",
    "bool_or",
    "count",
    "max",
    "mean",
    "median",
    "min",
    "mode",
    "stddev",
    "stddev_pop",
    "string_agg",
    "sum",
    "var_pop",
    "variance",
];

/// Gives such aggregates of a query names of their own.
pub(super) fn tell_apart(query: &mut Query) {
    let Query { body, order_by, .. } = query;
    let SetExpr::Select(select) = body.as_mut() else { return };
    let mut calls = Calls::default();
    let _all = Visit::visit(&select.projection, &mut calls);
    let _all = Visit::visit(&select.having, &mut calls);
    let _all = Visit::visit(&select.qualify, &mut calls);
    let _all = Visit::visit(&*order_by, &mut calls);
    let counts = calls.counts();
    if counts.is_empty() {
        return;
    }
    let mut rename = Rename { counts, depth: 0 };
    let _all = VisitMut::visit(&mut select.projection, &mut rename);
    let _all = VisitMut::visit(&mut select.having, &mut rename);
    let _all = VisitMut::visit(&mut select.qualify, &mut rename);
    let _all = VisitMut::visit(order_by, &mut rename);
}

fn is_aggregate(function: &Function) -> bool {
    let name = function.name.to_string();
    AGGREGATES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The texts of aggregates, by their texts without casts.
#[derive(Default)]
struct Calls {
    texts: HashMap<String, Vec<String>>,
    depth: usize,
}

impl Calls {
    /// Returns the texts of aggregates that are named like others, with how many calls to put around
    /// their values.
    fn counts(self) -> HashMap<String, usize> {
        let mut counts = HashMap::new();
        for (plain, texts) in self.texts {
            let has_plain = texts.contains(&plain);
            let others = texts.into_iter().filter(|text| *text != plain);
            // The first keeps its name, unless that is the one of the value without a cast.
            let numbered = others.enumerate().map(|(at, text)| (text, at + usize::from(has_plain)));
            counts.extend(numbered.filter(|(_, count)| *count > 0));
        }
        counts
    }
}

impl Visitor for Calls {
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
        if let Expr::Function(function) = expr
            && self.depth == 0
            && is_aggregate(function)
        {
            let mut plain = expr.clone();
            let _all = VisitMut::visit(&mut plain, &mut LeaveOutCasts);
            let texts = self.texts.entry(plain.to_string()).or_default();
            let text = expr.to_string();
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        ControlFlow::Continue(())
    }
}

/// Puts values in the place of their casts.
struct LeaveOutCasts;

impl VisitorMut for LeaveOutCasts {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Cast { expr: value, .. } = expr {
            let value = std::mem::replace(value.as_mut(), null());
            *expr = value;
        }
        ControlFlow::Continue(())
    }
}

/// Puts calls around the values of aggregates.
struct Rename {
    counts: HashMap<String, usize>,
    depth: usize,
}

impl VisitorMut for Rename {
    type Break = ();

    fn pre_visit_query(&mut self, _query: &mut Query) -> ControlFlow<()> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<()> {
        self.depth = self.depth.saturating_sub(1);
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if self.depth > 0 || !matches!(expr, Expr::Function(function) if is_aggregate(function)) {
            return ControlFlow::Continue(());
        }
        if let Some(count) = self.counts.get(&expr.to_string()) {
            let _first = VisitMut::visit(expr, &mut Wrap { count: *count });
        }
        ControlFlow::Continue(())
    }
}

/// Puts so many calls around the first cast.
struct Wrap {
    count: usize,
}

impl VisitorMut for Wrap {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if !matches!(expr, Expr::Cast { .. }) {
            return ControlFlow::Continue(());
        }
        for _ in 0..self.count {
            let value = std::mem::replace(expr, null());
            *expr = call("coalesce", vec![value], Span::empty());
        }
        ControlFlow::Break(())
    }
}
