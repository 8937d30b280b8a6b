//! `INSERT` and `COPY`.

use sqlparser::ast::{Expr, Ident, ObjectName, SetExpr, TableAlias};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::GeoParser;
use crate::error::{Code, Error};
use crate::sql::made;
use crate::sql::statement::{Copy, Insert, Statement};
use crate::sql::template;

impl GeoParser<'_> {
    pub(super) fn insert(&mut self) -> Result<Statement, Error> {
        let overwrite = self.word("OVERWRITE");
        if !self.word("INTO") && !overwrite {
            return Err(self.expected("INTO or OVERWRITE"));
        }
        self.word("TABLE");
        let table = self.object_name()?;
        let alias = self.new_rows_alias()?;
        let columns = if self.at_column_list() { self.column_list()? } else { Vec::new() };
        if self.word("OVERRIDING") {
            // No column makes values of its own, which would be overridden.
            if !self.word("SYSTEM") && !self.word("USER") {
                return Err(self.expected("SYSTEM or USER"));
            }
            self.expect_word("VALUE")?;
        }
        if self.peek_word("PARTITION") || self.peek_word("SET") {
            return Err(self
                .refuse("this form of INSERT is not supported")
                .with_hint("Type INSERT INTO t (columns) SELECT ... or VALUES (...)."));
        }
        let is_default = columns.is_empty() && self.words(&["DEFAULT", "VALUES"]);
        let mut query = if is_default {
            // A row that says nothing of the columns behind the first.
            template::query("VALUES (NULL)")?
        } else {
            self.query()?
        };
        if let SetExpr::Values(values) = query.body.as_mut() {
            for value in values.rows.iter_mut().flat_map(|row| &mut row.content) {
                set_default(value);
            }
        }
        if self.peek_word("ON") {
            return Err(self.refuse("INSERT takes no ON clause, because tables have no keys"));
        }
        let returning = self.returning(&table, alias.as_ref())?;
        Ok(Statement::Insert(Insert { table, columns, overwrite, query, returning }))
    }

    /// Parses the name that new rows have in `RETURNING`.
    fn new_rows_alias(&mut self) -> Result<Option<TableAlias>, Error> {
        if !self.word("AS") {
            return Ok(None);
        }
        let name = self.parser.parse_identifier()?;
        Ok(Some(TableAlias { explicit: true, name, columns: Vec::new(), at: None }))
    }

    pub(super) fn copy(&mut self) -> Result<Statement, Error> {
        let query = if self.parser.consume_token(&Token::LParen) {
            let query = self.query()?;
            self.parser.expect_token(&Token::RParen)?;
            query
        } else {
            let table = self.object_name()?;
            self.whole_table(&table)?
        };
        if self.peek_word("FROM") {
            return Err(self
                .refuse("COPY FROM is not supported")
                .with_hint("Type INSERT INTO t SELECT * FROM 'file'."));
        }
        self.expect_word("TO")?;
        let location = self.string("a location in single quotes")?;
        let mut clauses = self.clauses()?;
        // PostgreSQL and DuckDB write it before the options.
        let is_with = self.word("WITH");
        if is_with || self.parser.peek_token_ref().token == Token::LParen {
            if clauses.options.is_some() {
                return Err(Error::new(Code::SyntaxError, "the options are given twice"));
            }
            clauses.options = Some(self.key_values()?);
        }
        if clauses.location.is_some() || clauses.comment.is_some() || clauses.properties.is_some() {
            return Err(Error::new(
                Code::SyntaxError,
                "COPY takes no LOCATION, COMMENT or TBLPROPERTIES",
            ));
        }
        let partitioned_by = clauses.partition_names()?;
        let mut options = clauses.options.unwrap_or_default();
        let format = clauses.format.or_else(|| options.remove("format"));
        Ok(Statement::Copy(Copy {
            query,
            location,
            format,
            partitioned_by,
            cluster_by: clauses.cluster_by.unwrap_or_default(),
            options,
        }))
    }

    /// Returns whether a parenthesis opens a list of columns rather than a query.
    pub(super) fn at_column_list(&self) -> bool {
        self.parser.peek_token_ref().token == Token::LParen
            && self.parser.peek_nth_token_ref(1).token != Token::LParen
            && !["SELECT", "WITH", "VALUES", "FROM", "TABLE"].iter().any(|start| {
                self.nth_is_word(1, start)
                    && !matches!(
                        self.parser.peek_nth_token_ref(2).token,
                        Token::Comma | Token::RParen
                    )
            })
    }

    pub(super) fn column_list(&mut self) -> Result<Vec<Ident>, Error> {
        self.parser.expect_token(&Token::LParen)?;
        let columns = self.parser.parse_comma_separated(Parser::parse_identifier)?;
        self.parser.expect_token(&Token::RParen)?;
        Ok(columns)
    }

    /// Returns the query that reads a whole table.
    fn whole_table(&self, table: &ObjectName) -> Result<Box<sqlparser::ast::Query>, Error> {
        match super::parse(&format!("SELECT * FROM {table}"))? {
            Statement::Query(query) => Ok(query),
            _ => Err(self.expected("a table or a query in parentheses")),
        }
    }
}

/// Replaces `DEFAULT`, which is NULL: no column has another.
pub(super) fn set_default(value: &mut Expr) {
    if let Expr::Identifier(name) = value
        && name.quote_style.is_none()
        && name.value.eq_ignore_ascii_case("DEFAULT")
    {
        *value = made::null();
    }
}
