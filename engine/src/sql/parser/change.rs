//! `DELETE`, `TRUNCATE` and `UPDATE`, as queries that find the rows they are about.

use sqlparser::ast::{
    Expr, Ident, ObjectName, Query, SelectItem, SelectItemQualifiedWildcardKind, SetExpr,
    TableAlias, TableFactor, TableWithJoins,
};
use sqlparser::parser::Parser;

use super::GeoParser;
use crate::error::Error;
use crate::sql::change::Change;
use crate::sql::statement::Statement;
use crate::sql::template;

impl GeoParser<'_> {
    pub(super) fn delete(&mut self) -> Result<Statement, Error> {
        self.expect_word("FROM")?;
        let (table, alias) = self.changed_table()?;
        let others = self.others("USING")?;
        let condition = self.condition()?;
        let returning = self.returning(&table, alias.as_ref())?;
        let query = self.find_rows(&table, alias, others, Vec::new(), condition)?;
        Ok(Statement::Change(Change { table, columns: Vec::new(), query, returning }))
    }

    pub(super) fn truncate(&mut self) -> Result<Statement, Error> {
        self.word("TABLE");
        let table = self.object_name()?;
        let query = self.find_rows(&table, None, Vec::new(), Vec::new(), None)?;
        Ok(Statement::Change(Change { table, columns: Vec::new(), query, returning: None }))
    }

    pub(super) fn update(&mut self) -> Result<Statement, Error> {
        let (table, alias) = self.changed_table()?;
        self.expect_word("SET")?;
        let (columns, values) = self.assignments()?;
        let others = self.others("FROM")?;
        let condition = self.condition()?;
        let returning = self.returning(&table, alias.as_ref())?;
        let query = self.find_rows(&table, alias, others, values, condition)?;
        Ok(Statement::Change(Change { table, columns, query, returning }))
    }

    pub(super) fn changed_table(&mut self) -> Result<(ObjectName, Option<TableAlias>), Error> {
        let table = self.object_name()?;
        let is_named = self.word("AS")
            || !self.at_end_of_statement()
                && !["SET", "WHERE", "USING", "RETURNING"].iter().any(|word| self.peek_word(word));
        if !is_named {
            return Ok((table, None));
        }
        let name = self.parser.parse_identifier()?;
        let alias = TableAlias { explicit: true, name, columns: Vec::new(), at: None };
        Ok((table, Some(alias)))
    }

    /// Parses the other relations that say which rows are meant.
    fn others(&mut self, word: &str) -> Result<Vec<TableWithJoins>, Error> {
        if !self.word(word) {
            return Ok(Vec::new());
        }
        Ok(self.parser.parse_comma_separated(Parser::parse_table_and_joins)?)
    }

    fn condition(&mut self) -> Result<Option<Expr>, Error> {
        self.refuse_other_clauses()?;
        if !self.word("WHERE") {
            return Ok(None);
        }
        let condition = self.parser.parse_expr()?;
        self.refuse_other_clauses()?;
        Ok(Some(condition))
    }

    fn refuse_other_clauses(&self) -> Result<(), Error> {
        let clauses = ["USING", "FROM", "ORDER", "LIMIT"];
        let Some(clause) = clauses.into_iter().find(|clause| self.peek_word(clause)) else {
            return Ok(());
        };
        let error = self.refuse(format!("{clause} is not supported here"));
        Err(match clause {
            "USING" | "FROM" => error.with_hint(
                "Type UPDATE t SET ... FROM others WHERE ..., or DELETE FROM t USING others \
                 WHERE ....",
            ),
            _ => error,
        })
    }

    /// Returns the query of the values, then of all columns, of the rows that are meant.
    pub(super) fn find_rows(
        &self,
        table: &ObjectName,
        alias: Option<TableAlias>,
        others: Vec<TableWithJoins>,
        values: Vec<Expr>,
        condition: Option<Expr>,
    ) -> Result<Box<Query>, Error> {
        let text = if others.is_empty() {
            "SELECT * FROM changed"
        } else {
            "SELECT changed.* FROM changed"
        };
        let mut query = template::query(text)?;
        let SetExpr::Select(select) = query.body.as_mut() else {
            return Err(self.expected("rows"));
        };
        if let Some(SelectItem::QualifiedWildcard(all, _)) = select.projection.first_mut() {
            let name = match &alias {
                Some(alias) => ObjectName::from(vec![alias.name.clone()]),
                None => table.clone(),
            };
            *all = SelectItemQualifiedWildcardKind::ObjectName(name);
        }
        select.projection.splice(0..0, Self::new_values(values));
        select.selection = condition;
        if let Some(from) = select.from.first_mut()
            && let TableFactor::Table { name, alias: place, .. } = &mut from.relation
        {
            name.clone_from(table);
            *place = alias;
        }
        select.from.extend(others);
        Ok(query)
    }

    /// Names values, so that they are told from the columns behind them.
    pub(super) fn new_values(values: Vec<Expr>) -> impl Iterator<Item = SelectItem> {
        values.into_iter().enumerate().map(|(index, expr)| {
            let alias = Ident::with_quote('"', format!("new value {}", index + 1));
            SelectItem::ExprWithAlias { expr, alias }
        })
    }
}
