//! Rewrites `(value).field` to `(value)['field']`, which the planner takes for any value, and gives
//! slices the ends that they leave out.

use std::ops::ControlFlow;

use sqlparser::ast::{AccessExpr, Expr, Query, Subscript, VisitMut as _, VisitorMut};

use super::outcome;
use crate::error::Error;
use crate::sql::made;

/// The last place that an array can have.
const MOST: &str = "2147483647";

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
                    let index = made::text(name.value.clone());
                    *access = AccessExpr::Subscript(Subscript::Index { index });
                }
            }
            access_chain.iter_mut().for_each(complete);
        }
        ControlFlow::Continue(())
    }
}

/// Gives a slice the ends that it leaves out.
fn complete(access: &mut AccessExpr) {
    let AccessExpr::Subscript(Subscript::Slice { lower_bound, upper_bound, .. }) = access else {
        return;
    };
    lower_bound.get_or_insert_with(|| made::number("1"));
    upper_bound.get_or_insert_with(|| made::number(MOST));
}

fn is_dot(access: &AccessExpr) -> bool {
    matches!(access, AccessExpr::Dot(Expr::Identifier(_)))
}
