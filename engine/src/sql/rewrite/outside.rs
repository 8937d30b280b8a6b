//! Walks over the expressions of one query that leave out those of its subqueries, whose names and
//! calls are their own.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Query, Visit, VisitMut, Visitor, VisitorMut};

/// Calls a function with each expression, outer ones first.
pub(super) fn look<N: Visit, B>(
    node: &N,
    see: impl FnMut(&Expr) -> ControlFlow<B>,
) -> ControlFlow<B> {
    node.visit(&mut Look { see, depth: 0 })
}

/// Has a function change each expression, outer ones first.
pub(super) fn change<N: VisitMut, B>(
    node: &mut N,
    change: impl FnMut(&mut Expr) -> ControlFlow<B>,
) -> ControlFlow<B> {
    node.visit(&mut Change { change, is_inner_first: false, depth: 0 })
}

/// Has a function change each expression, inner ones first.
pub(super) fn change_inner_first<N: VisitMut, B>(
    node: &mut N,
    change: impl FnMut(&mut Expr) -> ControlFlow<B>,
) -> ControlFlow<B> {
    node.visit(&mut Change { change, is_inner_first: true, depth: 0 })
}

struct Look<F> {
    see: F,
    /// How many subqueries are around.
    depth: usize,
}

impl<B, F: FnMut(&Expr) -> ControlFlow<B>> Visitor for Look<F> {
    type Break = B;

    fn pre_visit_query(&mut self, _query: &Query) -> ControlFlow<B> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &Query) -> ControlFlow<B> {
        self.depth = self.depth.saturating_sub(1);
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<B> {
        if self.depth == 0 { (self.see)(expr) } else { ControlFlow::Continue(()) }
    }
}

struct Change<F> {
    change: F,
    is_inner_first: bool,
    /// How many subqueries are around.
    depth: usize,
}

impl<F> Change<F> {
    fn visit<B>(&mut self, expr: &mut Expr, is_inner_done: bool) -> ControlFlow<B>
    where
        F: FnMut(&mut Expr) -> ControlFlow<B>,
    {
        if self.depth > 0 || self.is_inner_first != is_inner_done {
            return ControlFlow::Continue(());
        }
        (self.change)(expr)
    }
}

impl<B, F: FnMut(&mut Expr) -> ControlFlow<B>> VisitorMut for Change<F> {
    type Break = B;

    fn pre_visit_query(&mut self, _query: &mut Query) -> ControlFlow<B> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<B> {
        self.depth = self.depth.saturating_sub(1);
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<B> {
        self.visit(expr, false)
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<B> {
        self.visit(expr, true)
    }
}
