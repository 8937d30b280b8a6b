//! Aggregates of one value in several types, `sum(x), sum(x::double)`, and groups by such values. The
//! engine below names them alike and takes no two columns of a name, so the value of one is a call
//! that changes nothing else.

use std::collections::HashMap;
use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Function, GroupByExpr, Query, Select, SelectItem, SetExpr, Value, Visit, VisitMut,
    VisitorMut,
};
use sqlparser::tokenizer::Span;

use super::functions::call;
use super::outside;
use crate::sql::made;

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

/// Gives such aggregates and groups of a query names of their own.
pub(super) fn tell_apart(query: &mut Query) {
    let Query { body, order_by, .. } = query;
    let SetExpr::Select(select) = body.as_mut() else { return };
    let mut calls = Calls::default();
    calls.add_aggregates(&select.projection);
    calls.add_aggregates(&select.having);
    calls.add_aggregates(&select.qualify);
    calls.add_aggregates(order_by);
    let counts = calls.counts();
    let keys = keys(select).counts();
    if counts.is_empty() && keys.is_empty() {
        return;
    }
    let rename = Rename { counts, keys };
    rename.apply(&mut select.projection);
    rename.apply(&mut select.group_by);
    rename.apply(&mut select.having);
    rename.apply(&mut select.qualify);
    rename.apply(order_by);
}

/// Returns the keys of the groups of a query.
fn keys(select: &Select) -> Calls {
    let mut keys = Calls::default();
    let GroupByExpr::Expressions(exprs, _) = &select.group_by else { return keys };
    for expr in exprs {
        match expr {
            Expr::Rollup(sets) | Expr::Cube(sets) | Expr::GroupingSets(sets) => {
                for key in sets.iter().flatten() {
                    keys.add(meant(key, &select.projection));
                }
            }
            key => keys.add(meant(key, &select.projection)),
        }
    }
    keys
}

/// Returns the expression that a key means by a number or a name in the select list.
fn meant<'a>(key: &'a Expr, items: &'a [SelectItem]) -> &'a Expr {
    let item = match key {
        Expr::Value(value) => match &value.value {
            Value::Number(place, _) => {
                let place = place.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
                place.and_then(|place| items.get(place))
            }
            _ => None,
        },
        Expr::Identifier(name) => items.iter().find(|item| {
            matches!(item, SelectItem::ExprWithAlias { alias, .. } if alias.value == name.value)
        }),
        _ => None,
    };
    match item {
        Some(SelectItem::ExprWithAlias { expr, .. } | SelectItem::UnnamedExpr(expr)) => expr,
        _ => key,
    }
}

fn is_aggregate(function: &Function) -> bool {
    let name = function.name.to_string();
    AGGREGATES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The texts of aggregates or keys, by their texts without casts.
#[derive(Default)]
struct Calls {
    texts: HashMap<String, Vec<String>>,
}

impl Calls {
    fn add_aggregates<N: Visit>(&mut self, node: &N) {
        let _all = outside::look::<_, ()>(node, |expr| {
            if matches!(expr, Expr::Function(function) if is_aggregate(function)) {
                self.add(expr);
            }
            ControlFlow::Continue(())
        });
    }

    fn add(&mut self, expr: &Expr) {
        let mut plain = expr.clone();
        let _all = VisitMut::visit(&mut plain, &mut LeaveOutCasts);
        let texts = self.texts.entry(plain.to_string()).or_default();
        let text = expr.to_string();
        if !texts.contains(&text) {
            texts.push(text);
        }
    }

    /// Returns the texts of those that are named like others, with how many calls to put around
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

/// Puts values in the place of their casts.
struct LeaveOutCasts;

impl VisitorMut for LeaveOutCasts {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Cast { expr: value, .. } = expr {
            let value = made::take(value.as_mut());
            *expr = value;
        }
        ControlFlow::Continue(())
    }
}

/// Puts calls around the values of aggregates and keys.
struct Rename {
    counts: HashMap<String, usize>,
    keys: HashMap<String, usize>,
}

impl Rename {
    fn apply<N: VisitMut>(&self, node: &mut N) {
        let _all = outside::change_inner_first::<_, ()>(node, |expr| {
            let is_call = matches!(expr, Expr::Function(function) if is_aggregate(function));
            let counts = if is_call { &self.counts } else { &self.keys };
            if counts.is_empty() {
                return ControlFlow::Continue(());
            }
            if let Some(count) = counts.get(&expr.to_string()) {
                let _first = VisitMut::visit(expr, &mut Wrap { count: *count });
            }
            ControlFlow::Continue(())
        });
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
            let value = made::take(expr);
            *expr = call("coalesce", vec![value], Span::empty());
        }
        ControlFlow::Break(())
    }
}
