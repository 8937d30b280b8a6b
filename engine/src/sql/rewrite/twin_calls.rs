//! Calls of aggregates whose name means a function of one array, too, `ST_Collect(x)`. Which of the
//! two it is depends on the type of the argument, which is known when the query is planned.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Function, FunctionArguments, Ident, ObjectNamePart, Query, Select, VisitMut, VisitorMut,
    visit_expressions, visit_expressions_mut,
};

use super::outside;

/// Returns whether there is such a call.
pub(crate) fn has_twin_calls(query: &Query) -> bool {
    let found = visit_expressions(query, |expr| match expr {
        Expr::Function(function) if name_of(function).is_some() => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    found.is_break()
}

/// Does something with the name of each such call, always in the same order.
pub(crate) fn for_twin_calls(query: &mut Query, mut work: impl FnMut(&mut Ident)) {
    let _ = visit_expressions_mut(query, |expr| {
        if let Expr::Function(function) = expr
            && name_of(function).is_some()
            && let [ObjectNamePart::Identifier(name)] = function.name.0.as_mut_slice()
        {
            work(name);
        }
        ControlFlow::<()>::Continue(())
    });
}

/// Puts the function in the place of each such call in FROM and WHERE, where no aggregate may be,
/// and returns whether there is one.
pub(crate) fn as_functions_in_conditions(query: &mut Query) -> bool {
    let mut conditions = Conditions { has_changed: false };
    let _ = query.visit(&mut conditions);
    conditions.has_changed
}

struct Conditions {
    has_changed: bool,
}

impl Conditions {
    fn change<N: VisitMut>(&mut self, node: &mut N) {
        let _ = outside::change(node, |expr| {
            if let Expr::Function(function) = expr
                && let Some(twin) = name_of(function).and_then(twin_of)
                && let [ObjectNamePart::Identifier(name)] = function.name.0.as_mut_slice()
            {
                twin.clone_into(&mut name.value);
                self.has_changed = true;
            }
            ControlFlow::<()>::Continue(())
        });
    }
}

impl VisitorMut for Conditions {
    type Break = ();

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        self.change(&mut select.from);
        self.change(&mut select.selection);
        ControlFlow::Continue(())
    }
}

/// Returns the function of one array that an aggregate has as a twin.
fn twin_of(name: &Ident) -> Option<&'static str> {
    godwit_udfs::scalar_twin(&name.value)
}

/// Returns the name of a call that says nothing which an aggregate alone understands.
fn name_of(function: &Function) -> Option<&Ident> {
    let [ObjectNamePart::Identifier(name)] = function.name.0.as_slice() else { return None };
    let FunctionArguments::List(list) = &function.args else { return None };
    let is_plain = function.over.is_none()
        && function.filter.is_none()
        && function.within_group.is_empty()
        && list.duplicate_treatment.is_none()
        && list.clauses.is_empty();
    (is_plain && twin_of(name).is_some()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::template;

    #[test]
    fn what_an_aggregate_alone_understands_is_no_such_call() {
        for (text, expected) in [
            ("SELECT st_collect_agg(x) FROM t", true),
            ("SELECT 1 FROM t WHERE EXISTS (SELECT st_union_agg(x))", true),
            ("SELECT st_collect(x) FROM t", false),
            ("SELECT st_extent_agg(x) FROM t", false),
            ("SELECT st_collect_agg(DISTINCT x) FROM t", false),
            ("SELECT st_collect_agg(x ORDER BY y) FROM t", false),
            ("SELECT st_collect_agg(x) FILTER (WHERE y) FROM t", false),
            ("SELECT st_collect_agg(x) OVER () FROM t", false),
        ] {
            let query = template::query(text).expect("a query");
            assert_eq!(has_twin_calls(&query), expected, "{text}");
        }
    }

    #[test]
    fn where_no_aggregate_may_be_a_call_is_one_of_the_function() {
        for (text, expected) in [
            ("SELECT st_union_agg(x) FROM t HAVING st_union_agg(y) IS NULL", None),
            (
                "SELECT st_union_agg(x) FROM t JOIN u ON st_union_agg(y) IS NULL",
                Some("SELECT st_union_agg(x) FROM t JOIN u ON st_union(y) IS NULL"),
            ),
            (
                "SELECT 1 WHERE (SELECT st_union_agg(x) FROM t WHERE st_union_agg(y) = z) = z",
                Some("SELECT 1 WHERE (SELECT st_union_agg(x) FROM t WHERE st_union(y) = z) = z"),
            ),
        ] {
            let mut query = template::query(text).expect("a query");
            let has_changed = as_functions_in_conditions(&mut query);
            assert_eq!(has_changed.then(|| query.to_string()).as_deref(), expected, "{text}");
        }
    }
}
