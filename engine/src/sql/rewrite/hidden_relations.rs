//! Columns of a relation of the query around whose name a column nearer to hand has, too:
//! `SELECT (SELECT max(z.x) FROM w) FROM t AS z`, where `w` has a column `z`.
//!
//! What stands in front of a dot is a relation. The planner takes it for a column of the inner
//! FROM if there is one, and the rest for a field of that. The name of a schema in front of it rules
//! this out; a relation under an alias is found behind that of any.

use std::ops::ControlFlow;

use sqlparser::ast::{AccessExpr, Expr, Ident, Query, Select, VisitMut as _, VisitorMut};

use super::columns::{Columns, Names, Tables};
use super::outcome;
use crate::error::Error;

/// The schema that such a relation is said to be in.
const SCHEMA: &str = "around";

/// Tells every such relation from the column.
pub(crate) fn rewrite(query: &mut Query, tables: Tables<'_>) -> Result<(), Error> {
    outcome(query.visit(&mut Hidden { columns: Columns::new(tables), queries: Vec::new() }))
}

struct Hidden<'a> {
    columns: Columns<'a>,
    /// What stands in FROM of the queries around, innermost last: lower-case aliases and columns.
    queries: Vec<Vec<(String, Names)>>,
}

impl VisitorMut for Hidden<'_> {
    type Break = Error;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        self.columns.enter(query);
        self.queries.push(Vec::new());
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<Error> {
        self.columns.leave();
        self.queries.pop();
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Error> {
        // It stays for the order of the query, which comes behind its select.
        let relations = self.columns.of_from(&select.from);
        if let Some(query) = self.queries.last_mut() {
            *query = relations;
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        match expr {
            Expr::CompoundIdentifier(parts) => {
                if let [relation, _] = parts.as_slice()
                    && self.is_hidden(relation)
                {
                    parts.insert(0, schema());
                }
            }
            Expr::CompoundFieldAccess { root, access_chain } => {
                if let Expr::Identifier(relation) = root.as_mut()
                    && has_one_name(access_chain)
                    && self.is_hidden(relation)
                {
                    let relation = std::mem::replace(relation, schema());
                    access_chain.insert(0, AccessExpr::Dot(Expr::Identifier(relation)));
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

impl Hidden<'_> {
    /// Returns whether a name is that of a relation of a query around, and of a column nearer to
    /// hand or of what may be one.
    fn is_hidden(&self, name: &Ident) -> bool {
        let mut has_column = false;
        for relations in self.queries.iter().rev() {
            let wanted = name.value.to_lowercase();
            if relations.iter().any(|(alias, _)| *alias == wanted) {
                return has_column;
            }
            has_column |= relations.iter().any(|(_, columns)| match columns {
                Some(columns) => columns.contains(&name.value),
                None => true,
            });
        }
        false
    }
}

/// Returns whether an access begins with one name behind a dot: `z.x[1]`.
fn has_one_name(access_chain: &[AccessExpr]) -> bool {
    let is_name = |access: &&AccessExpr| matches!(access, AccessExpr::Dot(Expr::Identifier(_)));
    access_chain.iter().take_while(is_name).count() == 1
}

fn schema() -> Ident {
    Ident::with_quote('"', SCHEMA)
}
