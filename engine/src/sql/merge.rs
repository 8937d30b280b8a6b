//! The queries of a `MERGE`: which rows change and how, which are new, and which stay.
//!
//! Of the clauses for rows with a match, or without, the first applies whose condition holds. So the
//! condition of each says that those of the clauses before it do not hold.

use sqlparser::ast::{
    BinaryOperator, Expr, Ident, ObjectName, Query, SelectItem, SetExpr, TableWithJoins, Value,
};

use super::change::{exists, is_new_value};

/// `MERGE INTO table USING source ON condition WHEN [NOT] MATCHED [AND condition] THEN action ...`.
#[derive(Debug, Clone)]
pub(crate) struct Merge {
    pub(crate) table: ObjectName,
    /// What becomes of rows with a match.
    pub(crate) matched: Vec<Action>,
    /// What becomes of rows of the source without one.
    pub(crate) unmatched: Vec<Action>,
    /// Returns, for each row and each match, the condition and the new values of each clause, then
    /// all columns. The conditions and values of the clauses for rows without a match are those of
    /// its one common table expression.
    pub(crate) query: Box<Query>,
}

/// What a clause does, with the columns that it fills; no columns of new rows are all.
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
}

impl Merge {
    /// Returns, for each clause that changes rows, its columns and the query of their new values
    /// and all columns.
    pub(crate) fn updates(&self) -> Vec<(&[Ident], Query)> {
        let Some(parts) = self.parts() else { return Vec::new() };
        let mut queries = Vec::new();
        for clause in parts.matched {
            let Action::Update(columns) = clause.action else { continue };
            let mut items = clause.values;
            items.extend(parts.all.iter().cloned());
            let from = vec![parts.table.clone(), parts.source.clone()];
            let condition = and(parts.on.clone(), clause.condition);
            queries.push((columns.as_slice(), self.select(items, from, Some(condition))));
        }
        queries
    }

    /// Returns, for each clause that makes rows, its columns and the query of their values.
    pub(crate) fn inserts(&self) -> Vec<(&[Ident], Query)> {
        let Some(parts) = self.parts() else { return Vec::new() };
        let matches =
            self.select(parts.all.clone(), vec![parts.table.clone()], Some(parts.on.clone()));
        let has_none = exists(matches, true);
        let mut queries = Vec::new();
        for clause in parts.unmatched {
            let Action::Insert { columns, .. } = clause.action else { continue };
            let condition = and(has_none.clone(), clause.condition);
            let from = vec![parts.source.clone()];
            queries.push((columns.as_slice(), self.select(clause.values, from, Some(condition))));
        }
        queries
    }

    /// Returns the query of the rows that change or go, once for each match for which they do;
    /// nothing when none can.
    pub(crate) fn matches(&self) -> Option<Query> {
        let parts = self.parts()?;
        let condition = and(parts.on, affects(parts.matched)?);
        Some(self.select(parts.all, vec![parts.table, parts.source], Some(condition)))
    }

    /// Returns the query of the rows that change or go, each once; nothing when none can.
    pub(crate) fn found(&self) -> Option<Query> {
        let parts = self.parts()?;
        let condition = and(parts.on, affects(parts.matched)?);
        let matches = self.select(parts.all.clone(), vec![parts.source], Some(condition));
        Some(self.select(parts.all, vec![parts.table], Some(exists(matches, false))))
    }

    /// Returns the query of the rows that stay as they are.
    pub(crate) fn kept(&self) -> Option<Query> {
        let parts = self.parts()?;
        let condition = affects(parts.matched).map(|affected| {
            let condition = and(parts.on, affected);
            let matches = self.select(parts.all.clone(), vec![parts.source], Some(condition));
            exists(matches, true)
        });
        Some(self.select(parts.all, vec![parts.table], condition))
    }

    fn parts(&self) -> Option<Parts<'_>> {
        let SetExpr::Select(select) = self.query.body.as_ref() else { return None };
        let [table, source] = select.from.as_slice() else { return None };
        let (values, all): (Vec<_>, Vec<_>) =
            select.projection.iter().cloned().partition(is_new_value);
        let common = self.query.with.as_ref().and_then(|with| with.cte_tables.first());
        let unmatched = match common.map(|common| common.query.body.as_ref()) {
            Some(SetExpr::Select(select)) => select.projection.clone(),
            _ => Vec::new(),
        };
        Some(Parts {
            table: table.clone(),
            source: source.clone(),
            on: Expr::Nested(Box::new(select.selection.clone()?)),
            all,
            matched: clauses(&self.matched, values),
            unmatched: clauses(&self.unmatched, unmatched),
        })
    }

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
    let affecting = clauses
        .into_iter()
        .filter(|clause| matches!(clause.action, Action::Update(_) | Action::Delete));
    let any = affecting.map(|clause| clause.condition).reduce(|left, right| Expr::BinaryOp {
        left: Box::new(Expr::Nested(Box::new(left))),
        op: BinaryOperator::Or,
        right: Box::new(Expr::Nested(Box::new(right))),
    });
    any.map(|any| Expr::Nested(Box::new(any)))
}

/// Returns whether both hold.
fn and(left: Expr, right: Expr) -> Expr {
    Expr::BinaryOp { left: Box::new(left), op: BinaryOperator::And, right: Box::new(right) }
}

/// Returns the condition of a clause without one.
pub(super) fn always() -> Expr {
    Expr::Value(Value::Boolean(true).with_empty_span())
}

#[cfg(test)]
mod tests {
    use crate::sql::{Statement, parse};

    #[test]
    fn the_first_clause_that_holds_applies() {
        let sql = "MERGE INTO t AS x USING s ON x.id = s.id \
                   WHEN MATCHED AND s.n > 1 THEN UPDATE SET a = s.a, b = DEFAULT \
                   WHEN MATCHED AND s.n = 0 THEN DO NOTHING WHEN MATCHED THEN DELETE \
                   WHEN NOT MATCHED AND s.n > 0 THEN INSERT (id, a) VALUES (s.id, s.a)";
        let Ok(Statement::Merge(merge)) = parse(sql) else { panic!("not parsed") };
        let [(columns, update)]: [_; 1] = merge.updates().try_into().unwrap();
        assert_eq!(columns.len(), 2);
        assert_eq!(
            update.to_string(),
            "SELECT s.a AS \"new value 2\", NULL AS \"new value 3\", x.* FROM t AS x, s \
             WHERE (x.id = s.id) AND (s.n > 1)"
        );
        let [(columns, insert)]: [_; 1] = merge.inserts().try_into().unwrap();
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
    fn without_a_clause_for_matches_all_rows_stay() {
        let sql = "MERGE INTO t USING s ON t.id = s.id WHEN NOT MATCHED THEN INSERT VALUES (1, 2)";
        let Ok(Statement::Merge(merge)) = parse(sql) else { panic!("not parsed") };
        assert!(merge.found().is_none() && merge.matches().is_none());
        assert_eq!(merge.kept().unwrap().to_string(), "SELECT t.* FROM t");
    }
}
