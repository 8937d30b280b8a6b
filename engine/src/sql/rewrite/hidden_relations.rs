//! Columns of a relation of the query around whose name a column nearer to hand has, too:
//! `SELECT (SELECT max(z.x) FROM w) FROM t AS z`, where `w` has a column `z`.
//!
//! What stands in front of a dot is a relation. The planner takes it for a column of the inner
//! FROM if there is one, and the rest for a field of that. The name of a schema in front of it rules
//! this out; a relation under an alias, or named without a schema, is found behind that of any.

use std::collections::HashMap;
use std::ops::ControlFlow;

use sqlparser::ast::{
    AccessExpr, Expr, Ident, ObjectNamePart, Query, Select, TableFactor, TableWithJoins,
    VisitMut as _, VisitorMut,
};

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
    /// What stands in FROM of the queries around, innermost last.
    queries: Vec<Sources>,
}

/// What stands in a FROM.
#[derive(Default)]
struct Sources {
    /// Lower-case aliases and columns.
    relations: Vec<(String, Names)>,
    /// What is before the names of tables without an alias, which are in lower case.
    schemas: HashMap<String, Vec<Ident>>,
}

impl VisitorMut for Hidden<'_> {
    type Break = Error;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        self.columns.enter(query);
        self.queries.push(Sources::default());
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
        let mut schemas = HashMap::new();
        for table in &select.from {
            note_schemas(table, &mut schemas);
        }
        if let Some(query) = self.queries.last_mut() {
            *query = Sources { relations, schemas };
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        match expr {
            Expr::CompoundIdentifier(parts) => {
                if let [relation, _] = parts.as_slice()
                    && let Some(schema) = self.schema_of_hidden(relation)
                {
                    *parts = schema.into_iter().chain(std::mem::take(parts)).collect();
                }
            }
            Expr::CompoundFieldAccess { root, access_chain } => {
                if let Expr::Identifier(relation) = root.as_mut()
                    && has_one_name(access_chain)
                    && let Some(schema) = self.schema_of_hidden(relation)
                {
                    let mut path = schema.into_iter().chain([relation.clone()]);
                    if let Some(first) = path.next() {
                        *relation = first;
                    }
                    let path = path.map(|name| AccessExpr::Dot(Expr::Identifier(name)));
                    *access_chain = path.chain(std::mem::take(access_chain)).collect();
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

impl Hidden<'_> {
    /// Returns what to write before a name, if it is that of a relation of a query around, and of a
    /// column nearer to hand or of what may be one.
    fn schema_of_hidden(&self, name: &Ident) -> Option<Vec<Ident>> {
        let wanted = name.value.to_lowercase();
        let mut has_column = false;
        for query in self.queries.iter().rev() {
            if query.relations.iter().any(|(alias, _)| *alias == wanted) {
                let schema = query.schemas.get(&wanted).cloned();
                return has_column
                    .then(|| schema.unwrap_or_else(|| vec![Ident::with_quote('"', SCHEMA)]));
            }
            has_column |= query.relations.iter().any(|(_, columns)| match columns {
                Some(columns) => columns.contains(&name.value),
                None => true,
            });
        }
        None
    }
}

/// Notes what is before the names of tables without an alias.
fn note_schemas(table: &TableWithJoins, schemas: &mut HashMap<String, Vec<Ident>>) {
    let joined = table.joins.iter().map(|join| &join.relation);
    for factor in [&table.relation].into_iter().chain(joined) {
        match factor {
            TableFactor::Table { name, alias: None, args: None, .. } => {
                let parts: Vec<&Ident> =
                    name.0.iter().filter_map(ObjectNamePart::as_ident).collect();
                if let [schema @ .., table] = parts.as_slice()
                    && !schema.is_empty()
                {
                    let schema = schema.iter().map(|part| (*part).clone()).collect();
                    schemas.insert(table.value.to_lowercase(), schema);
                }
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                note_schemas(table_with_joins, schemas);
            }
            _ => {}
        }
    }
}

/// Returns whether an access begins with one name behind a dot: `z.x[1]`.
fn has_one_name(access_chain: &[AccessExpr]) -> bool {
    let is_name = |access: &&AccessExpr| matches!(access, AccessExpr::Dot(Expr::Identifier(_)));
    access_chain.iter().take_while(is_name).count() == 1
}
