//! `ARRAY[..]` of columns that may be those of a query around, as in `unnest(ARRAY[t.a, t.b])`: the
//! planner looks for such in calls, and not in literals.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Query, TableFactor, VisitMut as _, VisitorMut};
use sqlparser::tokenizer::Span;

use super::functions::call;
use super::{is_text, names_column, outcome};
use crate::error::Error;
use crate::functions::ARRAY_OF;

/// Makes such arrays calls.
pub(crate) fn rewrite(query: &mut Query) -> Result<(), Error> {
    outcome(query.visit(&mut Arrays::default()))
}

#[derive(Default)]
struct Arrays {
    /// How many queries are around.
    queries: usize,
    /// How many relations are around, whose arguments are columns of those beside them.
    relations: usize,
}

impl VisitorMut for Arrays {
    type Break = Error;

    fn pre_visit_query(&mut self, _query: &mut Query) -> ControlFlow<Error> {
        self.queries += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<Error> {
        self.queries = self.queries.saturating_sub(1);
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, _factor: &mut TableFactor) -> ControlFlow<Error> {
        self.relations += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_table_factor(&mut self, _factor: &mut TableFactor) -> ControlFlow<Error> {
        self.relations = self.relations.saturating_sub(1);
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        let Expr::Array(array) = expr else { return ControlFlow::Continue(()) };
        // A text may be a geometry beside others, which a literal knows.
        let is_plain = self.queries + self.relations > 1 && !array.elem.iter().any(is_text);
        if is_plain && names_column(&array.elem) {
            *expr = call(ARRAY_OF, std::mem::take(&mut array.elem), Span::empty());
        }
        ControlFlow::Continue(())
    }
}
