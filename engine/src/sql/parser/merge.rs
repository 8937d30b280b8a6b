//! `MERGE`, as a query of its rows and their matches.

use sqlparser::ast::{Expr, Query, SetExpr, TableWithJoins};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::GeoParser;
use super::write::set_default;
use crate::error::{Code, Error};
use crate::sql::made;
use crate::sql::merge::{Action, Merge, NOT_MATCHED, NOT_MATCHED_BY_SOURCE};
use crate::sql::statement::Statement;
use crate::sql::template;

/// The clauses for rows with a match, or for those without.
#[derive(Default)]
struct Clauses {
    actions: Vec<Action>,
    /// The condition of each clause, then its values.
    exprs: Vec<Expr>,
    /// Whether a clause has no condition, so that none can follow.
    is_complete: bool,
}

impl GeoParser<'_> {
    pub(super) fn merge(&mut self) -> Result<Statement, Error> {
        self.expect_word("INTO")?;
        let (table, alias) = self.changed_table()?;
        self.expect_word("USING")?;
        let source = self.parser.parse_table_and_joins()?;
        self.expect_word("ON")?;
        let condition = self.parser.parse_expr()?;
        let (mut matched, mut unmatched) = (Clauses::default(), Clauses::default());
        let mut by_source = Clauses::default();
        while self.word("WHEN") {
            let is_matched = !self.word("NOT");
            self.expect_word("MATCHED")?;
            if is_matched {
                self.clause(false, &mut matched)?;
            } else if self.words(&["BY", "SOURCE"]) {
                self.clause(false, &mut by_source)?;
            } else {
                self.words(&["BY", "TARGET"]);
                self.clause(true, &mut unmatched)?;
            }
        }
        if [&matched, &unmatched, &by_source].iter().all(|clauses| clauses.actions.is_empty()) {
            return Err(self.expected("WHEN MATCHED or WHEN NOT MATCHED"));
        }
        let returning = self.returning(&table, alias.as_ref())?;
        let sources = vec![source.clone()];
        let mut query = self.find_rows(&table, alias, sources, matched.exprs, Some(condition))?;
        if !unmatched.actions.is_empty() {
            self.add_unmatched(&mut query, NOT_MATCHED, source, unmatched.exprs)?;
        }
        if !by_source.actions.is_empty()
            && let Some(changed) = first_relation(&query)
        {
            self.add_unmatched(&mut query, NOT_MATCHED_BY_SOURCE, changed, by_source.exprs)?;
        }
        Ok(Statement::Merge(Merge {
            table,
            matched: matched.actions,
            unmatched: unmatched.actions,
            unmatched_by_source: by_source.actions,
            query,
            returning,
        }))
    }

    /// Parses what follows `WHEN [NOT] MATCHED [BY ...]`.
    fn clause(&mut self, makes_rows: bool, clauses: &mut Clauses) -> Result<(), Error> {
        if clauses.is_complete {
            let message = "a WHEN clause behind one without a condition never applies";
            return Err(Error::new(Code::SyntaxError, message).with_position(self.position()));
        }
        clauses.is_complete = !self.word("AND");
        let condition =
            if clauses.is_complete { made::truth(true) } else { self.parser.parse_expr()? };
        clauses.exprs.push(condition);
        self.expect_word("THEN")?;
        let action = if self.words(&["DO", "NOTHING"]) {
            Action::Nothing
        } else if makes_rows {
            self.expect_word("INSERT")?;
            let columns = if self.at_column_list() { self.column_list()? } else { Vec::new() };
            let values = self.new_row(columns.is_empty())?;
            let width = values.len();
            clauses.exprs.extend(values);
            Action::Insert { columns, width }
        } else if self.word("DELETE") {
            Action::Delete
        } else {
            self.expect_word("UPDATE")?;
            self.expect_word("SET")?;
            let (columns, values) = self.assignments()?;
            clauses.exprs.extend(values);
            Action::Update(columns)
        };
        clauses.actions.push(action);
        Ok(())
    }

    /// Parses `VALUES (value, ...)`, or `DEFAULT VALUES`.
    fn new_row(&mut self, may_be_default: bool) -> Result<Vec<Expr>, Error> {
        if may_be_default && self.words(&["DEFAULT", "VALUES"]) {
            // The columns behind the first have none.
            return Ok(vec![made::null()]);
        }
        self.expect_word("VALUES")?;
        self.parser.expect_token(&Token::LParen)?;
        let mut values = self.parser.parse_comma_separated(Parser::parse_expr)?;
        self.parser.expect_token(&Token::RParen)?;
        values.iter_mut().for_each(set_default);
        Ok(values)
    }

    /// Puts the conditions and values for rows without a match before the query.
    fn add_unmatched(
        &self,
        query: &mut Query,
        name: &str,
        rows: TableWithJoins,
        exprs: Vec<Expr>,
    ) -> Result<(), Error> {
        let text = format!("WITH \"{name}\" AS (SELECT 1 FROM rows) SELECT 1");
        let mut common = template::query(&text)?;
        let table = common.with.as_mut().and_then(|with| with.cte_tables.first_mut());
        let Some(SetExpr::Select(select)) = table.map(|table| table.query.body.as_mut()) else {
            return Err(self.expected("rows"));
        };
        select.projection = Self::new_values(exprs).collect();
        if let Some(from) = select.from.first_mut() {
            *from = rows;
        }
        match (&mut query.with, common.with) {
            (Some(with), Some(common)) => with.cte_tables.extend(common.cte_tables),
            (with, common) => *with = common,
        }
        Ok(())
    }
}

/// Returns the table whose rows change, as the query names it.
fn first_relation(query: &Query) -> Option<TableWithJoins> {
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    select.from.first().cloned()
}
