//! Rewrites `(value).field` to `(value)['field']`, which the planner takes for any value.

use std::ops::ControlFlow;

use sqlparser::ast::{AccessExpr, Expr, Query, Subscript, Value, VisitMut as _, VisitorMut};

use super::outcome;
use crate::error::Error;

/// Rewrites every access to a field by its name behind a dot.
pub(crate) fn rewrite(query: &mut Query) -> Result<(), Error> {
    outcome(query.visit(&mut Fields))
}

struct Fields;

impl VisitorMut for Fields {
    type Break = Error;

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        if let Expr::CompoundFieldAccess { root, access_chain } = expr {
            // A name with dots is a column with the table in front, which the planner looks up.
            let is_value = !matches!(root.as_ref(), Expr::Identifier(_));
            let first_dots = access_chain.iter().take_while(|access| is_dot(access)).count();
            let kept = if is_value { 0 } else { first_dots };
            for access in access_chain.iter_mut().skip(kept) {
                if let AccessExpr::Dot(Expr::Identifier(name)) = access {
                    let name = Value::SingleQuotedString(name.value.clone()).with_empty_span();
                    *access = AccessExpr::Subscript(Subscript::Index { index: Expr::Value(name) });
                }
            }
        }
        ControlFlow::Continue(())
    }
}

fn is_dot(access: &AccessExpr) -> bool {
    matches!(access, AccessExpr::Dot(Expr::Identifier(_)))
}
