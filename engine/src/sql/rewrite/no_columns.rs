//! Subqueries without columns, `(SELECT FROM t)`, which have no value.

use sqlparser::ast::{Query, SelectItem, SetExpr, TableFactor};

/// Returns whether a query is known to have no columns.
pub(super) fn has_none(query: &Query) -> bool {
    is_none(&query.body)
}

fn is_none(body: &SetExpr) -> bool {
    match body {
        SetExpr::Select(select) => {
            let mut relations = select.from.iter().flat_map(|table| {
                [&table.relation].into_iter().chain(table.joins.iter().map(|join| &join.relation))
            });
            let is_empty = |relation: &TableFactor| match relation {
                TableFactor::Derived { subquery, .. } => has_none(subquery),
                _ => false,
            };
            let is_all = |item: &SelectItem| matches!(item, SelectItem::Wildcard(_));
            select.projection.is_empty()
                || (select.projection.iter().all(is_all) && relations.all(is_empty))
        }
        SetExpr::Query(query) => has_none(query),
        SetExpr::SetOperation { left, .. } => is_none(left),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::template;

    #[test]
    fn lists_of_nothing_have_no_columns() {
        for (text, expected) in [
            ("SELECT FROM t", true),
            ("(SELECT FROM t) UNION SELECT FROM u", true),
            ("SELECT * FROM (SELECT FROM t) AS s, (SELECT FROM t) AS r", true),
            ("SELECT * FROM (SELECT FROM t) AS s JOIN r ON true", false),
            ("SELECT *, 1 FROM (SELECT FROM t) AS s", false),
            ("SELECT 1", false),
            ("VALUES (1)", false),
        ] {
            let query = template::query(text).expect("a query");
            assert_eq!(has_none(&query), expected, "{text}");
        }
    }
}
