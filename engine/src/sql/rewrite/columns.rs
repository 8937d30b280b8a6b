//! Which columns the relations of a query have, as far as that is known before it is planned.
//!
//! Looks at what stands in FROM behind the resolution of names, when tables are open.

use std::collections::HashMap;

use sqlparser::ast::{
    Cte, Expr, JoinConstraint, JoinOperator, ObjectName, Query, Select, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, TableAlias, TableFactor, TableWithJoins,
};

/// Returns the columns of an opened table by the parts of its name.
pub(super) type Tables<'a> = &'a dyn Fn(&[String]) -> Option<Vec<String>>;

/// The table functions of the engine below, and their column.
const SERIES: [&str; 2] = ["generate_series", "range"];
const SERIES_COLUMN: &str = "value";

/// The columns of a query with more of them are not known: all columns of a subquery twice, which is
/// one of another such subquery, are too many soon.
const MOST_COLUMNS: usize = 10_000;

/// The names of a relation's columns, in their order; none if they are not known.
pub(super) type Names = Option<Vec<String>>;

/// The relations in sight.
pub(super) struct Columns<'a> {
    tables: Tables<'a>,
    /// The common table expressions, innermost last, a level for each query.
    ctes: Vec<HashMap<String, Names>>,
}

impl<'a> Columns<'a> {
    /// Returns the columns of tables; no common table expression is known.
    pub(super) fn new(tables: Tables<'a>) -> Self {
        Self { tables, ctes: Vec::new() }
    }

    /// Makes the common table expressions of a query known.
    pub(super) fn enter(&mut self, query: &Query) {
        self.enter_none();
        for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
            self.declare(cte);
        }
    }

    /// Begins a query whose common table expressions are declared one by one.
    pub(super) fn enter_none(&mut self) {
        self.ctes.push(HashMap::new());
    }

    /// Makes a common table expression of the innermost query known.
    pub(super) fn declare(&mut self, cte: &Cte) {
        let columns = renamed(&cte.alias, self.of_query(&cte.query));
        if let Some(level) = self.ctes.last_mut() {
            level.insert(cte.alias.name.value.to_lowercase(), columns);
        }
    }

    /// Forgets the common table expressions of the innermost query.
    pub(super) fn leave(&mut self) {
        self.ctes.pop();
    }

    /// Returns what stands in FROM: lower-case aliases and columns.
    pub(super) fn of_from(&mut self, from: &[TableWithJoins]) -> Vec<(String, Names)> {
        let mut relations = Vec::new();
        for table in from {
            self.of_joins(table, &mut relations);
        }
        relations
    }

    fn of_joins(&mut self, table: &TableWithJoins, out: &mut Vec<(String, Names)>) {
        self.of_factor(&table.relation, out);
        for join in &table.joins {
            self.of_factor(&join.relation, out);
        }
    }

    fn of_factor(&mut self, factor: &TableFactor, out: &mut Vec<(String, Names)>) {
        match factor {
            TableFactor::Table { name, alias, args: None, .. } => {
                let parts = parts(name);
                let columns = self.of_table(&parts);
                if let Some(alias) = alias {
                    out.push((alias.name.value.to_lowercase(), renamed(alias, columns)));
                } else if let Some(last) = parts.last() {
                    out.push((last.to_lowercase(), columns));
                }
            }
            TableFactor::Derived { subquery, alias, .. } => {
                let columns = self.of_subquery(subquery);
                out.push(match alias {
                    Some(alias) => (alias.name.value.to_lowercase(), renamed(alias, columns)),
                    None => (String::new(), columns),
                });
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                self.of_joins(table_with_joins, out);
            }
            TableFactor::NestedJoin { table_with_joins, alias: Some(alias) } => {
                let mut inner = Vec::new();
                self.of_joins(table_with_joins, &mut inner);
                let columns = inner.into_iter().map(|(_, columns)| columns);
                let columns: Option<Vec<Vec<String>>> = columns.collect();
                let columns = columns.filter(|_| !merges_columns(table_with_joins));
                let columns = columns.map(|columns| columns.concat());
                out.push((alias.name.value.to_lowercase(), renamed(alias, columns)));
            }
            TableFactor::Table { name, alias, args: Some(_), .. } if is_series(name) => {
                let columns = Some(vec![SERIES_COLUMN.to_owned()]);
                out.push(match alias {
                    Some(alias) => (alias.name.value.to_lowercase(), renamed(alias, columns)),
                    None => (name.to_string().to_lowercase(), columns),
                });
            }
            TableFactor::Table { alias: Some(alias), .. }
            | TableFactor::TableFunction { alias: Some(alias), .. }
            | TableFactor::Function { alias: Some(alias), .. }
            | TableFactor::UNNEST { alias: Some(alias), .. } => {
                let columns: Vec<String> =
                    alias.columns.iter().map(|column| column.name.value.clone()).collect();
                let columns = (!columns.is_empty()).then_some(columns);
                out.push((alias.name.value.to_lowercase(), columns));
            }
            _ => out.push((String::new(), None)),
        }
    }

    fn of_table(&self, parts: &[String]) -> Names {
        if let [name] = parts {
            let name = name.to_lowercase();
            if let Some(columns) = self.ctes.iter().rev().find_map(|level| level.get(&name)) {
                return columns.clone();
            }
        }
        (self.tables)(parts)
    }

    fn of_subquery(&mut self, query: &Query) -> Names {
        self.enter(query);
        let columns = self.of_query(query);
        self.leave();
        columns
    }

    /// Returns the columns of a query whose common table expressions are known.
    fn of_query(&mut self, query: &Query) -> Names {
        self.of_body(&query.body)
    }

    fn of_body(&mut self, body: &SetExpr) -> Names {
        match body {
            SetExpr::Select(select) => self.of_select(select),
            SetExpr::SetOperation { left, .. } => self.of_body(left),
            SetExpr::Query(query) => self.of_subquery(query),
            SetExpr::Values(values) => {
                let width = values.rows.first()?.content.len();
                Some((1..=width).map(|number| format!("column{number}")).collect())
            }
            _ => None,
        }
    }

    fn of_select(&mut self, select: &Select) -> Names {
        let mut names = Vec::with_capacity(select.projection.len());
        // Looked for once: subqueries in subqueries would be looked at ever more often.
        let mut found: Option<Vec<(String, Names)>> = None;
        for item in &select.projection {
            if names.len() > MOST_COLUMNS {
                return None;
            }
            match item {
                SelectItem::ExprWithAlias { alias, .. } => names.push(alias.value.clone()),
                SelectItem::UnnamedExpr(Expr::Identifier(name)) => names.push(name.value.clone()),
                SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => {
                    names.push(parts.last()?.value.clone());
                }
                SelectItem::Wildcard(options) if options.to_string().is_empty() => {
                    if select.from.iter().any(merges_columns) {
                        return None;
                    }
                    let relations: &[(String, Names)] =
                        found.get_or_insert_with(|| self.of_from(&select.from));
                    for (_, columns) in relations {
                        names.extend(columns.as_ref()?.iter().cloned());
                    }
                }
                SelectItem::QualifiedWildcard(
                    SelectItemQualifiedWildcardKind::ObjectName(name),
                    options,
                ) if options.to_string().is_empty() => {
                    let wanted = name.0.last()?.as_ident()?.value.to_lowercase();
                    let relations: &[(String, Names)] =
                        found.get_or_insert_with(|| self.of_from(&select.from));
                    let (_, columns) = relations.iter().find(|(alias, _)| *alias == wanted)?;
                    names.extend(columns.as_ref()?.iter().cloned());
                }
                _ => return None,
            }
        }
        Some(names)
    }
}

/// Returns whether a join of a table merges columns, by `USING` or `NATURAL`.
pub(super) fn merges_columns(table: &TableWithJoins) -> bool {
    let is_of_such = |factor: &TableFactor| match factor {
        TableFactor::NestedJoin { table_with_joins, .. } => merges_columns(table_with_joins),
        _ => false,
    };
    is_of_such(&table.relation)
        || table.joins.iter().any(|join| is_of_such(&join.relation) || merges(&join.join_operator))
}

/// Returns whether a join merges columns.
pub(super) fn merges(operator: &JoinOperator) -> bool {
    let (JoinOperator::Join(constraint)
    | JoinOperator::Inner(constraint)
    | JoinOperator::Left(constraint)
    | JoinOperator::LeftOuter(constraint)
    | JoinOperator::Right(constraint)
    | JoinOperator::RightOuter(constraint)
    | JoinOperator::FullOuter(constraint)) = operator
    else {
        return false;
    };
    matches!(constraint, JoinConstraint::Using(_) | JoinConstraint::Natural)
}

/// Returns the columns with the names that an alias gives the first of them.
fn renamed(alias: &TableAlias, columns: Names) -> Names {
    let given = alias.columns.iter().map(|column| column.name.value.clone());
    match columns {
        Some(columns) => {
            let kept = columns.into_iter().skip(alias.columns.len());
            Some(given.chain(kept).collect())
        }
        None if alias.columns.is_empty() => None,
        None => Some(given.collect()),
    }
}

fn is_series(name: &ObjectName) -> bool {
    let name = name.to_string();
    SERIES.iter().any(|series| name.eq_ignore_ascii_case(series))
}

fn parts(name: &ObjectName) -> Vec<String> {
    name.0.iter().filter_map(|part| part.as_ident().map(|name| name.value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::template;

    fn columns(text: &str) -> Names {
        let query = template::query(text).expect("a query");
        let tables = |_: &[String]| -> Option<Vec<String>> { None };
        Columns::new(&tables).of_subquery(&query)
    }

    #[test]
    fn subqueries_in_subqueries_are_looked_at_once() {
        let (mut wide, mut twice) = ("SELECT 1 AS x".to_owned(), "SELECT 1 AS x".to_owned());
        for _ in 0..20 {
            wide = format!("SELECT s.*, t.*, t.*, t.* FROM ({wide}) AS s, (VALUES (1)) AS t(y)");
            twice = format!("SELECT s.*, s.* FROM ({twice}) AS s");
        }
        assert_eq!(columns(&wide).map(|names| names.len()), Some(61));
        assert_eq!(columns(&twice), None);
        assert_eq!(
            columns("SELECT t.y, * FROM (VALUES (1)) AS t(y)").as_deref(),
            Some(&["y".to_owned(), "y".to_owned()][..])
        );
    }
}
