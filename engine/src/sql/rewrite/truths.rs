//! `x IS TRUE` and its kin as comparisons: `x IS NOT DISTINCT FROM TRUE`. The planner knows that the
//! former are never NULL, and its operators do not, over which groups and aggregates of them fail.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Query, VisitMut as _, VisitorMut};

use super::outcome;
use crate::error::Error;
use crate::sql::made;

/// Rewrites every such question.
pub(crate) fn rewrite(query: &mut Query) -> Result<(), Error> {
    outcome(query.visit(&mut Truths))
}

struct Truths;

impl VisitorMut for Truths {
    type Break = Error;

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        let (operand, truth, is_same) = match expr {
            Expr::IsTrue(operand) => (operand, true, true),
            Expr::IsFalse(operand) => (operand, false, true),
            Expr::IsNotTrue(operand) => (operand, true, false),
            Expr::IsNotFalse(operand) => (operand, false, false),
            _ => return ControlFlow::Continue(()),
        };
        let operand = Expr::Nested(Box::new(made::take(operand.as_mut())));
        let (left, right) = (Box::new(operand), Box::new(made::truth(truth)));
        *expr = Expr::Nested(Box::new(if is_same {
            Expr::IsNotDistinctFrom(left, right)
        } else {
            Expr::IsDistinctFrom(left, right)
        }));
        ControlFlow::Continue(())
    }
}
