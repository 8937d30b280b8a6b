//! Puts the values of merged columns in the place of their names.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, OrderBy, Query, Select, VisitMut, VisitorMut};

use super::Column;
use crate::sql::rewrite::columns::Columns;

/// Replaces names of merged columns, in subqueries those that nothing there is called.
pub(super) struct Replace<'m, 'c, 'a> {
    merged: &'m [Column],
    columns: &'c mut Columns<'a>,
    /// The names of the columns that the selects inside read; none where they are not known.
    inner: Vec<Option<Vec<String>>>,
    /// The orders of the queries inside, whose names may be those of their lists.
    orders: Vec<Option<OrderBy>>,
}

impl<'m, 'c, 'a> Replace<'m, 'c, 'a> {
    pub(super) fn new(merged: &'m [Column], columns: &'c mut Columns<'a>) -> Self {
        Self { merged, columns, inner: Vec::new(), orders: Vec::new() }
    }

    /// Replaces the names in what is not inside of another query.
    pub(super) fn visit<Node: VisitMut>(mut self, node: &mut Node) {
        if !self.merged.is_empty() {
            let ControlFlow::Continue(()) = VisitMut::visit(node, &mut self);
        }
    }
}

impl VisitorMut for Replace<'_, '_, '_> {
    type Break = std::convert::Infallible;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Self::Break> {
        self.columns.enter(query);
        self.orders.push(query.order_by.take());
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<Self::Break> {
        self.columns.leave();
        query.order_by = self.orders.pop().flatten();
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Self::Break> {
        let relations = self.columns.of_from(&select.from).into_iter();
        let names: Option<Vec<Vec<String>>> = relations.map(|(_, columns)| columns).collect();
        self.inner.push(names.map(|names| names.concat()));
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, _select: &mut Select) -> ControlFlow<Self::Break> {
        self.inner.pop();
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Self::Break> {
        if let Expr::Identifier(name) = &*expr
            && let Some(column) = self.merged.iter().find(|column| column.is_called(name))
            && self.inner.iter().all(|inner| {
                inner.as_ref().is_some_and(|names| {
                    !names.iter().any(|known| known.eq_ignore_ascii_case(&name.value))
                })
            })
        {
            *expr = column.value.clone();
        }
        ControlFlow::Continue(())
    }
}
