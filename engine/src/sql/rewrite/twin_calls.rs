//! Calls of aggregates whose name means a function of one array, too, `ST_Collect(x)`. Which of the
//! two it is depends on the type of the argument, which is known when the query is planned.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Function, FunctionArguments, Ident, ObjectNamePart, Query, visit_expressions,
    visit_expressions_mut,
};

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

/// Returns the name of a call that says nothing which an aggregate alone understands.
fn name_of(function: &Function) -> Option<&Ident> {
    let [ObjectNamePart::Identifier(name)] = function.name.0.as_slice() else { return None };
    let FunctionArguments::List(list) = &function.args else { return None };
    let is_plain = function.over.is_none()
        && function.filter.is_none()
        && function.within_group.is_empty()
        && list.duplicate_treatment.is_none()
        && list.clauses.is_empty();
    (is_plain && godwit_udfs::scalar_twin(&name.value).is_some()).then_some(name)
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
}
