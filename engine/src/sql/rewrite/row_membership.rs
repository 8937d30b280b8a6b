//! `(a, b) IN (SELECT x, y ...)`, which the planner below knows for one column alone.

use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, Ident, Query, SetExpr, TableAliasColumnDef, TableFactor, UnaryOperator,
    VisitMut as _, VisitorMut,
};

use super::{outcome, row_comparisons};
use crate::error::Error;
use crate::sql::template;

/// The name of the rows of the subquery, which no user writes.
const ROWS: &str = "in rows";

/// Replaces rows that are looked for in a subquery by `EXISTS` of an equal one.
pub(crate) fn rewrite(query: &mut Query) -> Result<(), Error> {
    outcome(query.visit(&mut Memberships))
}

struct Memberships;

impl VisitorMut for Memberships {
    type Break = Error;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        if let SetExpr::Select(select) = query.body.as_mut()
            && let Some(condition) = &mut select.selection
        {
            as_condition(condition);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        if let Some(membership) = Membership::of(expr)
            && let Some(value) = membership.value()
        {
            *expr = value;
        }
        ControlFlow::Continue(())
    }
}

/// Replaces the memberships that a filter asks for, where unknown is as good as false.
fn as_condition(expr: &mut Expr) {
    match expr {
        Expr::Nested(inner) => as_condition(inner),
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            as_condition(left);
            as_condition(right);
        }
        _ => {
            if let Some(membership) = Membership::of(expr)
                && let Some(condition) = membership.condition()
            {
                *expr = condition;
            }
        }
    }
}

/// A row, looked for in a subquery.
struct Membership {
    row: Vec<Expr>,
    subquery: Box<Query>,
    is_negated: bool,
}

impl Membership {
    fn of(expr: &Expr) -> Option<Self> {
        let Expr::InSubquery { expr, subquery, negated } = expr else { return None };
        let row = row_comparisons::values(expr)?;
        Some(Self { row, subquery: subquery.clone(), is_negated: *negated })
    }

    /// Returns whether the row is one of the subquery, as a filter wants to know it.
    fn condition(&self) -> Option<Expr> {
        let is_equal = self.is_equal()?;
        if self.is_negated {
            let may_be_equal = Expr::IsNotFalse(Box::new(is_equal));
            return self.exists(may_be_equal, true);
        }
        self.exists(is_equal, false)
    }

    /// Returns whether the row is one of the subquery: true, false or NULL.
    fn value(&self) -> Option<Expr> {
        let is_equal = self.is_equal()?;
        let text = "CASE WHEN TRUE THEN TRUE WHEN TRUE THEN NULL ELSE FALSE END";
        let mut value = template::expr(text).ok()?;
        let Expr::Case { conditions, .. } = &mut value else { return None };
        let [found, unknown] = conditions.as_mut_slice() else { return None };
        found.condition = self.exists(is_equal.clone(), false)?;
        unknown.condition = self.exists(Expr::IsNull(Box::new(is_equal)), false)?;
        let value = Expr::Nested(Box::new(value));
        Some(if self.is_negated {
            Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(value) }
        } else {
            value
        })
    }

    fn exists(&self, condition: Expr, negated: bool) -> Option<Expr> {
        let text = format!("SELECT 1 FROM (SELECT 1) AS \"{ROWS}\" WHERE TRUE");
        let mut rows = template::query(&text).ok()?;
        let SetExpr::Select(select) = rows.body.as_mut() else { return None };
        let relation = &mut select.from.first_mut()?.relation;
        let TableFactor::Derived { subquery, alias: Some(alias), .. } = relation else {
            return None;
        };
        subquery.clone_from(&self.subquery);
        let columns =
            (0..self.row.len()).map(|index| TableAliasColumnDef::from_name(column(index)));
        alias.columns = columns.collect();
        select.selection = Some(condition);
        Some(Expr::Exists { subquery: rows, negated })
    }

    /// Returns the comparison of the row with one of the subquery.
    fn is_equal(&self) -> Option<Expr> {
        let pairs = self.row.iter().enumerate().map(|(index, value)| {
            let own = [ROWS.to_owned(), column(index)].map(|part| Ident::with_quote('"', part));
            Expr::BinaryOp {
                left: Box::new(Expr::CompoundIdentifier(own.into())),
                op: BinaryOperator::Eq,
                right: Box::new(Expr::Nested(Box::new(value.clone()))),
            }
        });
        let all = pairs.reduce(|left, right| Expr::BinaryOp {
            left: Box::new(left),
            op: BinaryOperator::And,
            right: Box::new(right),
        });
        all.map(|all| Expr::Nested(Box::new(all)))
    }
}

fn column(index: usize) -> String {
    format!("column {index}")
}
