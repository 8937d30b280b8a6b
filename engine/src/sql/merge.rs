//! The queries of a `MERGE`: which rows change and how, which are new, and which stay.
//!
//! Of the clauses of a kind the first applies whose condition holds. So the condition of each says
//! that those of the clauses before it do not hold.

use sqlparser::ast::{
    BinaryOperator, Cte, Expr, Ident, ObjectName, Query, SelectItem, SetExpr, TableWithJoins,
};

use super::change::{exists, is_new_value, match_columns};
use super::made;

/// The name of the conditions and values for rows of the source without a match.
pub(crate) const NOT_MATCHED: &str = "not matched";

/// The name of the conditions and values for rows of the table without a match.
pub(crate) const NOT_MATCHED_BY_SOURCE: &str = "not matched by source";

/// `MERGE INTO table USING source ON condition WHEN [NOT] MATCHED [BY SOURCE] [AND condition] THEN
/// action ... [RETURNING items]`.
#[derive(Debug, Clone)]
pub(crate) struct Merge {
    pub(crate) table: ObjectName,
    /// What becomes of rows with a match.
    pub(crate) matched: Vec<Action>,
    /// What becomes of rows of the source without one.
    pub(crate) unmatched: Vec<Action>,
    /// What becomes of rows of the table without one.
    pub(crate) unmatched_by_source: Vec<Action>,
    /// Returns, for each row and each match, the condition and the new values of each clause, then
    /// all columns. Those of the clauses for rows without a match are in common table expressions.
    pub(crate) query: Box<Query>,
    /// The query over the rows as they are then, or were when they go.
    pub(crate) returning: Option<Box<Query>>,
}

/// What a clause does, with the columns that it fills; no columns of new rows are the first ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    Update(Vec<Ident>),
    Delete,
    Insert { columns: Vec<Ident>, width: usize },
    Nothing,
}

impl Action {
    /// Returns how many values it takes.
    fn width(&self) -> usize {
        match self {
            Self::Update(columns) => columns.len(),
            Self::Insert { width, .. } => *width,
            Self::Delete | Self::Nothing => 0,
        }
    }

    /// Returns whether it changes or removes a row that is there.
    fn affects(&self) -> bool {
        matches!(self, Self::Update(_) | Self::Delete)
    }
}

/// A clause, with the condition under which it is the one that applies.
struct Clause<'a> {
    action: &'a Action,
    condition: Expr,
    values: Vec<SelectItem>,
}

/// The parts that all queries are made of.
struct Parts<'a> {
    table: TableWithJoins,
    source: TableWithJoins,
    /// Whether two rows match.
    on: Expr,
    /// All columns of the table.
    all: Vec<SelectItem>,
    matched: Vec<Clause<'a>>,
    unmatched: Vec<Clause<'a>>,
    unmatched_by_source: Vec<Clause<'a>>,
}

impl Merge {
    /// Returns all actions.
    pub(crate) fn actions(&self) -> impl Iterator<Item = &Action> {
        self.matched.iter().chain(&self.unmatched).chain(&self.unmatched_by_source)
    }

    /// Returns, for each clause that changes rows, its columns and the query of their new values,
    /// all columns and what is asked for beside them.
    pub(crate) fn updates(&self, matches: &[Expr]) -> Vec<(&[Ident], Query)> {
        self.affected(matches, |action| matches!(action, Action::Update(_)), "UPDATE")
    }

    /// Returns, for each clause that removes rows, the query of all their columns and what is asked
    /// for beside them.
    pub(crate) fn deletes(&self, matches: &[Expr]) -> Vec<(&[Ident], Query)> {
        self.affected(matches, |action| *action == Action::Delete, "DELETE")
    }

    fn affected(
        &self,
        matches: &[Expr],
        is_meant: impl Fn(&Action) -> bool,
        operation: &str,
    ) -> Vec<(&[Ident], Query)> {
        let Some(parts) = self.parts() else { return Vec::new() };
        let on = Some(parts.on.clone());
        let has_none = exists(self.select(Vec::new(), vec![parts.source.clone()], on), true);
        let mut queries = Vec::new();
        let clauses = parts.matched.into_iter().map(|clause| (clause, true));
        let by_source = parts.unmatched_by_source.into_iter().map(|clause| (clause, false));
        for (clause, is_matched) in clauses.chain(by_source) {
            if !is_meant(clause.action) {
                continue;
            }
            let columns: &[Ident] = match clause.action {
                Action::Update(columns) => columns.as_slice(),
                _ => &[],
            };
            let mut items = clause.values;
            items.extend(parts.all.iter().cloned());
            items.extend(match_columns(&beside(matches, operation, is_matched)));
            let mut from = vec![parts.table.clone()];
            let condition = if is_matched {
                from.push(parts.source.clone());
                and(parts.on.clone(), clause.condition)
            } else {
                and(has_none.clone(), clause.condition)
            };
            queries.push((columns, self.whole(self.select(items, from, Some(condition)))));
        }
        queries
    }

    /// Returns, for each clause that makes rows, its columns and the query of their values, and of
    /// what is asked for beside them.
    pub(crate) fn inserts(&self, matches: &[Expr]) -> Vec<(&[Ident], Query)> {
        let Some(parts) = self.parts() else { return Vec::new() };
        let rows =
            self.select(parts.all.clone(), vec![parts.table.clone()], Some(parts.on.clone()));
        let has_none = exists(rows, true);
        let mut queries = Vec::new();
        for clause in parts.unmatched {
            let Action::Insert { columns, .. } = clause.action else { continue };
            let condition = and(has_none.clone(), clause.condition);
            let from = vec![parts.source.clone()];
            let mut items = clause.values;
            items.extend(match_columns(&beside(matches, "INSERT", true)));
            let query = self.whole(self.select(items, from, Some(condition)));
            queries.push((columns.as_slice(), query));
        }
        queries
    }

    /// Returns the query of the rows that change or go, once for each match for which they do;
    /// nothing when none can.
    pub(crate) fn matches(&self) -> Option<Query> {
        let parts = self.parts()?;
        let condition = and(parts.on, affects(parts.matched)?);
        let query = self.select(parts.all, vec![parts.table, parts.source], Some(condition));
        Some(self.whole(query))
    }

    /// Returns the query of the rows that change or go because of a match, each once; nothing when
    /// none can.
    pub(crate) fn found(&self) -> Option<Query> {
        let parts = self.parts()?;
        let condition = and(parts.on, affects(parts.matched)?);
        let matches = self.select(parts.all.clone(), vec![parts.source], Some(condition));
        let query = self.select(parts.all, vec![parts.table], Some(exists(matches, false)));
        Some(self.whole(query))
    }

    /// Returns the query of the rows that change or go because they have no match; nothing when
    /// none can.
    pub(crate) fn found_without_match(&self) -> Option<Query> {
        let parts = self.parts()?;
        let affected = affects(parts.unmatched_by_source)?;
        let matches = self.select(parts.all.clone(), vec![parts.source], Some(parts.on));
        let condition = and(exists(matches, true), affected);
        Some(self.whole(self.select(parts.all, vec![parts.table], Some(condition))))
    }

    /// Returns the query of the rows that stay as they are.
    pub(crate) fn kept(&self) -> Option<Query> {
        let parts = self.parts()?;
        let rows =
            |condition| self.select(parts.all.clone(), vec![parts.source.clone()], Some(condition));
        let by_match = affects(parts.matched)
            .map(|affected| exists(rows(and(parts.on.clone(), affected)), true));
        let without_match = affects(parts.unmatched_by_source).map(|affected| {
            let has_match = exists(rows(parts.on.clone()), false);
            let stays = either(has_match, Expr::IsNotTrue(Box::new(affected)));
            Expr::Nested(Box::new(stays))
        });
        let condition = match (by_match, without_match) {
            (Some(one), Some(other)) => Some(and(one, other)),
            (one, other) => one.or(other),
        };
        let query = self.select(parts.all.clone(), vec![parts.table.clone()], condition);
        Some(self.whole(query))
    }

    fn parts(&self) -> Option<Parts<'_>> {
        let SetExpr::Select(select) = self.query.body.as_ref() else { return None };
        let [table, source] = select.from.as_slice() else { return None };
        let (values, all): (Vec<_>, Vec<_>) =
            select.projection.iter().cloned().partition(is_new_value);
        Some(Parts {
            table: table.clone(),
            source: source.clone(),
            on: Expr::Nested(Box::new(select.selection.clone()?)),
            all,
            matched: clauses(&self.matched, values),
            unmatched: clauses(&self.unmatched, self.items(NOT_MATCHED)),
            unmatched_by_source: clauses(
                &self.unmatched_by_source,
                self.items(NOT_MATCHED_BY_SOURCE),
            ),
        })
    }

    /// Returns the select list of a common table expression.
    fn items(&self, name: &str) -> Vec<SelectItem> {
        let mut queries = self.query.with.iter().flat_map(|with| &with.cte_tables);
        let found = queries.find(|common| common.alias.name.value == name);
        match found.map(|common| common.query.body.as_ref()) {
            Some(SetExpr::Select(select)) => select.projection.clone(),
            _ => Vec::new(),
        }
    }

    /// Returns a query, or a part of one: what stands in WITH belongs before the whole.
    fn select(
        &self,
        items: Vec<SelectItem>,
        from: Vec<TableWithJoins>,
        condition: Option<Expr>,
    ) -> Query {
        let mut query = Query { with: None, ..self.query.as_ref().clone() };
        if let SetExpr::Select(select) = query.body.as_mut() {
            select.projection = items;
            select.from = from;
            select.selection = condition;
        }
        query
    }

    /// Returns the query with what the user wrote in WITH before it.
    fn whole(&self, mut query: Query) -> Query {
        let mut with = self.query.with.clone();
        if let Some(with) = &mut with {
            with.cte_tables.retain(|common| !is_of_clauses(common));
        }
        query.with = with.filter(|with| !with.cte_tables.is_empty());
        query
    }
}

/// Returns whether a common table expression has the conditions and values of clauses.
fn is_of_clauses(common: &Cte) -> bool {
    [NOT_MATCHED, NOT_MATCHED_BY_SOURCE].contains(&common.alias.name.value.as_str())
}

/// Returns what is asked for beside rows, for one operation: its name in the place of
/// `merge_action()`, and nothing of a source without a match.
fn beside(matches: &[Expr], operation: &str, is_matched: bool) -> Vec<Expr> {
    let value = |expr: &Expr| match expr {
        Expr::Function(_) => made::text(operation),
        expr if is_matched => expr.clone(),
        _ => made::null(),
    };
    matches.iter().map(value).collect()
}

/// Returns the clauses of these actions; the items are the condition and the values of each.
fn clauses(actions: &[Action], items: Vec<SelectItem>) -> Vec<Clause<'_>> {
    let mut items = items.into_iter();
    let mut before: Vec<Expr> = Vec::with_capacity(actions.len());
    let mut clauses = Vec::with_capacity(actions.len());
    for action in actions {
        let Some(SelectItem::ExprWithAlias { expr, .. }) = items.next() else { break };
        let own = Expr::Nested(Box::new(expr));
        let condition = before.iter().fold(own.clone(), |condition, earlier| {
            and(condition, Expr::IsNotTrue(Box::new(earlier.clone())))
        });
        before.push(own);
        let values = items.by_ref().take(action.width()).collect();
        clauses.push(Clause { action, condition, values });
    }
    clauses
}

/// Returns when one of the clauses changes or removes a row; nothing when none does.
fn affects(clauses: Vec<Clause<'_>>) -> Option<Expr> {
    let affecting = clauses.into_iter().filter(|clause| clause.action.affects());
    let any = affecting.map(|clause| clause.condition).reduce(either);
    any.map(|any| Expr::Nested(Box::new(any)))
}

/// Returns whether both hold.
fn and(left: Expr, right: Expr) -> Expr {
    Expr::BinaryOp { left: Box::new(left), op: BinaryOperator::And, right: Box::new(right) }
}

/// Returns whether one of both holds.
fn either(left: Expr, right: Expr) -> Expr {
    let nested = |expr| Box::new(Expr::Nested(Box::new(expr)));
    Expr::BinaryOp { left: nested(left), op: BinaryOperator::Or, right: nested(right) }
}

#[cfg(test)]
mod tests {

    use crate::sql::template;
    use crate::sql::{Statement, parse};

    #[test]
    fn the_first_clause_that_holds_applies() {
        let sql = "MERGE INTO t AS x USING s ON x.id = s.id \
                   WHEN MATCHED AND s.n > 1 THEN UPDATE SET a = s.a, b = DEFAULT \
                   WHEN MATCHED AND s.n = 0 THEN DO NOTHING WHEN MATCHED THEN DELETE \
                   WHEN NOT MATCHED AND s.n > 0 THEN INSERT (id, a) VALUES (s.id, s.a)";
        let Ok(Statement::Merge(merge)) = parse(sql) else { panic!("not parsed") };
        let [(columns, update)]: [_; 1] = merge.updates(&[]).try_into().unwrap();
        assert_eq!(columns.len(), 2);
        assert_eq!(
            update.to_string(),
            "SELECT s.a AS \"new value 2\", NULL AS \"new value 3\", x.* FROM t AS x, s \
             WHERE (x.id = s.id) AND (s.n > 1)"
        );
        let [(columns, insert)]: [_; 1] = merge.inserts(&[]).try_into().unwrap();
        assert_eq!(columns.len(), 2);
        assert_eq!(
            insert.to_string(),
            "SELECT s.id AS \"new value 2\", s.a AS \"new value 3\" FROM s \
             WHERE NOT EXISTS (SELECT 1 FROM t AS x WHERE (x.id = s.id)) AND (s.n > 0)"
        );
        let affected = "(x.id = s.id) AND (((s.n > 1)) OR ((true) AND (s.n > 1) IS NOT TRUE \
                        AND (s.n = 0) IS NOT TRUE))";
        assert_eq!(
            merge.matches().unwrap().to_string(),
            format!("SELECT x.* FROM t AS x, s WHERE {affected}")
        );
        assert_eq!(
            merge.found().unwrap().to_string(),
            format!("SELECT x.* FROM t AS x WHERE EXISTS (SELECT 1 FROM s WHERE {affected})")
        );
    }

    #[test]
    fn rows_without_a_match_change_and_queries_of_with_are_kept() {
        let sql = "WITH s AS (SELECT 1 AS id) MERGE INTO t USING s ON t.id = s.id \
                   WHEN NOT MATCHED BY SOURCE AND t.n > 1 THEN DELETE \
                   WHEN NOT MATCHED BY SOURCE THEN UPDATE SET n = 2 \
                   WHEN NOT MATCHED THEN INSERT DEFAULT VALUES RETURNING merge_action(), s.id";
        let Ok(Statement::Merge(merge)) = parse(sql) else { panic!("not parsed") };
        let with = "WITH s AS (SELECT 1 AS id)";
        let none = "NOT EXISTS (SELECT 1 FROM s WHERE (t.id = s.id))";
        let items = "t.*, 'DELETE' AS \"match 1\", NULL AS \"match 2\"";
        let asked = ["merge_action()", "s.id"];
        let asked = asked.map(|text| template::expr(text).unwrap());
        let [(_, deleted)]: [_; 1] = merge.deletes(&asked).try_into().unwrap();
        assert_eq!(
            deleted.to_string(),
            format!("{with} SELECT {items} FROM t WHERE {none} AND (t.n > 1)")
        );
        let affected = "(((t.n > 1)) OR ((true) AND (t.n > 1) IS NOT TRUE))";
        assert_eq!(
            merge.found_without_match().unwrap().to_string(),
            format!("{with} SELECT t.* FROM t WHERE {none} AND {affected}")
        );
        let has_match = "EXISTS (SELECT 1 FROM s WHERE (t.id = s.id))";
        assert_eq!(
            merge.kept().unwrap().to_string(),
            format!("{with} SELECT t.* FROM t WHERE (({has_match}) OR ({affected} IS NOT TRUE))")
        );
    }

    #[test]
    fn without_a_clause_for_matches_all_rows_stay() {
        let sql = "MERGE INTO t USING s ON t.id = s.id WHEN NOT MATCHED THEN INSERT VALUES (1, 2)";
        let Ok(Statement::Merge(merge)) = parse(sql) else { panic!("not parsed") };
        assert!(merge.found().is_none() && merge.matches().is_none());
        assert_eq!(merge.kept().unwrap().to_string(), "SELECT t.* FROM t");
    }
}
