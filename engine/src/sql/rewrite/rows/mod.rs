//! Rewrites calls that make rows: `FROM t, ST_Dump(t.geom) AS d`, `SELECT (ST_Dump(geom)).geom`.
//!
//! A call in FROM becomes a lateral subquery, one in a select list an `UNNEST`; the planner knows
//! both. What a call gives is known by the name of the function.

mod calls;
mod from;
mod members;
mod order;
mod select;
mod series;

use std::collections::HashSet;
use std::ops::ControlFlow;

use datafusion::execution::session_state::SessionState;
use godwit_udfs::Shape;
use sqlparser::ast::{Expr, Function, Query, Select, TableFactor, VisitMut as _, VisitorMut};

use super::outcome;
use crate::error::{Code, Error};
use crate::functions::shape;

/// How many relations may come to those that are written, as what a call is of stands in the query
/// once for each column that it gives.
const MOST_COPIES: usize = 1000;

/// Rewrites every call that makes rows, and every `(relation).column`.
pub(crate) fn rewrite(query: &mut Query, state: &SessionState) -> Result<(), Error> {
    let mut aliases = Aliases::default();
    outcome(query.visit(&mut aliases))?;
    outcome(query.visit(&mut Rows { state, aliases, relation_count: 0 }))
}

/// What the aliases of the query name.
#[derive(Debug, Default)]
struct Aliases {
    /// The aliases of what stands in FROM, in lower case.
    relations: HashSet<String>,
    /// How much stands in FROM.
    relation_count: usize,
    /// The select items that are records: their aliases in lower case and what they hold.
    records: Vec<(String, Shape)>,
    /// The names that stand alone somewhere in the query, or behind themselves as in `n.n`, in
    /// lower case.
    bare: HashSet<String>,
}

impl VisitorMut for Aliases {
    type Break = Error;

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Error> {
        self.relation_count += 1;
        self.relations.extend(from::alias_of(factor).map(str::to_lowercase));
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Error> {
        self.records.extend(select::record_aliases(select));
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        match expr {
            Expr::Identifier(name) => _ = self.bare.insert(name.value.to_lowercase()),
            Expr::CompoundIdentifier(parts) => {
                if let [relation, column] = parts.as_slice()
                    && relation.value.eq_ignore_ascii_case(&column.value)
                {
                    self.bare.insert(column.value.to_lowercase());
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

struct Rows<'a> {
    state: &'a SessionState,
    aliases: Aliases,
    relation_count: usize,
}

impl VisitorMut for Rows<'_> {
    type Break = Error;

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Error> {
        self.relation_count += 1;
        if self.relation_count > 4 * self.aliases.relation_count + MOST_COPIES {
            return ControlFlow::Break(too_many());
        }
        match from::rewrite(factor, self.state, &self.aliases.bare) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        match order::rewrite(query) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Error> {
        match select::rewrite(select, self.state, &self.aliases) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }

    fn post_visit_select(&mut self, select: &mut Select) -> ControlFlow<Error> {
        from::join_laterals(&mut select.from);
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        calls::relation_column(expr, &self.aliases.relations);
        ControlFlow::Continue(())
    }
}

/// Returns whether a call in a select list becomes rows or columns, which are named by what it is.
pub(super) fn makes_columns(function: &Function) -> bool {
    calls::is_unnest(function) || shape_of(function).is_some_and(Shape::is_set)
}

fn too_many() -> Error {
    let message = "functions that make rows nest too deep in the arguments of each other";
    Error::new(Code::LimitExceeded, message)
        .with_hint("Put the inner ones into common table expressions.")
}

/// Returns what a call gives, when it is one of a single name.
fn shape_of(function: &Function) -> Option<Shape> {
    let [part] = function.name.0.as_slice() else { return None };
    shape(&part.as_ident()?.value.to_lowercase())
}
