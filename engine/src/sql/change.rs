//! The queries of an `UPDATE` or `DELETE`: which rows are meant, with which values, and which stay.
//!
//! A statement with other relations, `UPDATE t SET .. FROM s`, is parsed as a join, which knows what
//! the names mean. Rows have no identity, so that a row that several rows of the others match
//! would come out of it several times. What is run asks for each row of the table whether there is
//! a match, and takes the values of one.

use sqlparser::ast::{
    Expr, Ident, LimitClause, ObjectName, Query, Select, SelectItem, SetExpr, TableAlias,
    TableFactor, TableWithJoins, WildcardAdditionalOptions,
};

use super::made;

/// The name of the relation of new values, which no user can write unquoted.
const NEW_VALUES: &str = "new values";

/// `DELETE FROM table [USING others] [WHERE condition] [RETURNING items]` or `UPDATE table SET column
/// = value, ... [FROM others] [WHERE condition] [RETURNING items]`.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) table: ObjectName,
    /// The columns that get values; none for `DELETE`.
    pub(crate) columns: Vec<Ident>,
    /// Returns the rows that are meant: their new values, then all their columns. With other
    /// relations it has a row for each match.
    pub(crate) query: Box<Query>,
    /// The query over the rows as they are then, or were when they go.
    pub(crate) returning: Option<Box<Query>>,
}

impl Change {
    /// Returns whether the rows go.
    pub(crate) fn is_delete(&self) -> bool {
        self.columns.is_empty()
    }

    /// Returns the leading word of the statement.
    pub(crate) fn operation(&self) -> &'static str {
        if self.is_delete() { "DELETE" } else { "UPDATE" }
    }

    /// Returns the query of the rows that are meant, each once: their new values, all their columns,
    /// and what is asked for of one match.
    pub(crate) fn found(&self, asked: &[Expr]) -> Query {
        let mut query = self.query.as_ref().clone();
        let SetExpr::Select(select) = query.body.as_mut() else { return query };
        let Some(mut matches) = take_matches(select, &self.query) else { return query };
        if self.is_delete() && asked.is_empty() {
            select.selection = Some(exists(matches, false));
            return query;
        }
        for item in &mut select.projection {
            // A value alone stays where its type is found out.
            if let SelectItem::ExprWithAlias { expr, alias } = item
                && !matches!(expr, Expr::Value(_))
            {
                let relation = Ident::with_quote('"', NEW_VALUES);
                *expr = Expr::CompoundIdentifier(vec![relation, alias.clone()]);
            }
        }
        for item in match_columns(asked) {
            if let SelectItem::ExprWithAlias { alias, .. } = &item {
                let relation = Ident::with_quote('"', NEW_VALUES);
                let expr = Expr::CompoundIdentifier(vec![relation, alias.clone()]);
                select.projection.push(SelectItem::ExprWithAlias { expr, alias: alias.clone() });
            }
            if let SetExpr::Select(matches) = matches.body.as_mut() {
                matches.projection.push(item);
            }
        }
        select.from.push(one_of(matches));
        query
    }

    /// Returns the query of the rows that are not meant; nothing when all are.
    pub(crate) fn kept(&self) -> Option<Query> {
        let mut query = self.query.as_ref().clone();
        let SetExpr::Select(select) = query.body.as_mut() else { return None };
        select.selection = Some(if let Some(matches) = take_matches(select, &self.query) {
            exists(matches, true)
        } else {
            let condition = Expr::Nested(Box::new(select.selection.take()?));
            Expr::IsNotTrue(Box::new(condition))
        });
        select.projection.retain(|item| !is_new_value(item));
        Some(query)
    }
}

/// Takes the other relations and the condition out of a select, and returns the query of the new
/// values for one row of the table; nothing if there are no others.
fn take_matches(select: &mut Select, query: &Query) -> Option<Query> {
    if select.from.len() < 2 {
        return None;
    }
    let mut values = select.clone();
    values.from.remove(0);
    values.projection.retain(is_new_value);
    if values.projection.is_empty() {
        values.projection.push(SelectItem::UnnamedExpr(made::number("1")));
    }
    select.from.truncate(1);
    select.selection = None;
    // What stands in WITH is known inside of the query, too.
    Some(Query { with: None, body: Box::new(SetExpr::Select(Box::new(values))), ..query.clone() })
}

pub(super) fn is_new_value(item: &SelectItem) -> bool {
    matches!(item, SelectItem::ExprWithAlias { .. })
}

/// Returns the items of a select list for what is asked for of a match.
pub(super) fn match_columns(asked: &[Expr]) -> Vec<SelectItem> {
    let item = |(index, expr): (usize, &Expr)| SelectItem::ExprWithAlias {
        expr: expr.clone(),
        alias: match_column(index),
    };
    asked.iter().enumerate().map(item).collect()
}

/// Returns the name of what is asked for of a match, which no user can write unquoted.
pub(crate) fn match_column(index: usize) -> Ident {
    Ident::with_quote('"', format!("match {}", index + 1))
}

/// Returns the query of the other relations, all their columns; nothing if there are none.
pub(crate) fn others(query: &Query) -> Option<Query> {
    let mut query = query.clone();
    let SetExpr::Select(select) = query.body.as_mut() else { return None };
    if select.from.len() < 2 {
        return None;
    }
    select.from.remove(0);
    select.projection = vec![SelectItem::Wildcard(WildcardAdditionalOptions::default())];
    select.selection = None;
    Some(query)
}

/// Returns whether a query has a row, or has none.
pub(super) fn exists(mut matches: Query, negated: bool) -> Expr {
    if let SetExpr::Select(select) = matches.body.as_mut() {
        select.projection = vec![SelectItem::UnnamedExpr(made::number("1"))];
    }
    Expr::Exists { subquery: Box::new(matches), negated }
}

/// Returns the relation of the values of one match.
fn one_of(mut matches: Query) -> TableWithJoins {
    let limit = Some(made::number("1"));
    matches.limit_clause =
        Some(LimitClause::LimitOffset { limit, offset: None, limit_by: Vec::new() });
    let name = Ident::with_quote('"', NEW_VALUES);
    let alias = TableAlias { explicit: true, name, columns: Vec::new(), at: None };
    let relation = TableFactor::Derived {
        lateral: true,
        subquery: Box::new(matches),
        alias: Some(alias),
        sample: None,
    };
    TableWithJoins { relation, joins: Vec::new() }
}

#[cfg(test)]
mod tests {
    use crate::sql::{Statement, parse};

    fn queries(sql: &str) -> [String; 3] {
        let Ok(Statement::Change(change)) = parse(sql) else { panic!("{sql} is no change") };
        let kept = change.kept().map_or_else(String::new, |query| query.to_string());
        [change.query.to_string(), change.found(&[]).to_string(), kept]
    }

    #[test]
    fn other_relations_are_asked_for_one_match() {
        let [joined, found, kept] =
            queries("UPDATE t AS x SET a = s.a + 1, b = 2 FROM s, r WHERE s.id = x.id");
        let values = r#"s.a + 1 AS "new value 1", 2 AS "new value 2""#;
        assert_eq!(joined, format!("SELECT {values}, x.* FROM t AS x, s, r WHERE s.id = x.id"));
        assert_eq!(
            found,
            format!(
                "SELECT \"new values\".\"new value 1\" AS \"new value 1\", 2 AS \"new value 2\", \
                 x.* FROM t AS x, LATERAL (SELECT {values} FROM s, r WHERE s.id = x.id LIMIT 1) \
                 AS \"new values\""
            )
        );
        let none = "NOT EXISTS (SELECT 1 FROM s, r WHERE s.id = x.id)";
        assert_eq!(kept, format!("SELECT x.* FROM t AS x WHERE {none}"));
    }

    #[test]
    fn rows_that_are_deleted_have_a_match() {
        let [joined, found, kept] = queries("DELETE FROM t USING s");
        assert_eq!(joined, "SELECT t.* FROM t, s");
        assert_eq!(found, "SELECT t.* FROM t WHERE EXISTS (SELECT 1 FROM s)");
        assert_eq!(kept, "SELECT t.* FROM t WHERE NOT EXISTS (SELECT 1 FROM s)");
    }

    #[test]
    fn without_a_condition_no_row_stays() {
        let [joined, found, kept] = queries("UPDATE t SET a = 1");
        assert_eq!(joined, "SELECT 1 AS \"new value 1\", * FROM t");
        assert_eq!(joined, found);
        assert_eq!(kept, "");
    }
}
