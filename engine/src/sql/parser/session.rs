//! `SHOW`, `DESCRIBE`, `SET`, `RESET`, `USE` and `KILL`.

use sqlparser::tokenizer::Token;
use uuid::Uuid;

use super::GeoParser;
use crate::error::{Code, Error};
use crate::sql::statement::{Describe, Show, Statement};

impl GeoParser<'_> {
    pub(super) fn show(&mut self) -> Result<Statement, Error> {
        let show = if self.word("TABLES") {
            let schema =
                if self.word("FROM") || self.word("IN") { Some(self.schema_name()?) } else { None };
            Show::Tables { schema, like: self.like()? }
        } else if self.word("SCHEMAS") {
            Show::Schemas { like: self.like()? }
        } else if self.word("DATABASES") || self.word("CATALOGS") {
            Show::Databases { like: self.like()? }
        } else if self.word("COLUMNS") {
            if !self.word("FROM") && !self.word("IN") {
                return Err(self.expected("FROM table"));
            }
            Show::Columns { table: self.object_name()?, like: self.like()? }
        } else if self.word("FUNCTIONS") {
            Show::Functions { like: self.like()? }
        } else if self.word("QUERIES") {
            Show::Queries
        } else if self.word("GRANTS") {
            Show::Grants
        } else if self.word("CREATE") {
            if !self.word("TABLE") && !self.word("VIEW") {
                return Err(self.expected("TABLE or VIEW"));
            }
            Show::Create(self.object_name()?)
        } else if self.word("ALL") {
            Show::AllVariables
        } else {
            Show::Variable(self.variable()?)
        };
        Ok(Statement::Show(show))
    }

    fn schema_name(&mut self) -> Result<sqlparser::ast::Ident, Error> {
        let name = self.object_name()?;
        name.0
            .last()
            .and_then(|part| part.as_ident().cloned())
            .ok_or_else(|| self.expected("a schema"))
    }

    fn like(&mut self) -> Result<Option<String>, Error> {
        if self.word("LIKE") { Ok(Some(self.string("a pattern in quotes")?)) } else { Ok(None) }
    }

    pub(super) fn describe(&mut self) -> Result<Statement, Error> {
        self.word("TABLE");
        let is_query = ["SELECT", "WITH", "VALUES"].iter().any(|start| self.peek_word(start))
            || self.parser.peek_token_ref().token == Token::LParen;
        let describe = if is_query {
            Describe::Query(self.query()?)
        } else {
            Describe::Table(self.object_name()?)
        };
        Ok(Statement::Describe(describe))
    }

    pub(super) fn set(&mut self) -> Result<Statement, Error> {
        let _ = self.word("SESSION") || self.word("LOCAL");
        if self.words(&["TIME", "ZONE"]) {
            return Ok(Statement::Set { name: "time_zone".to_owned(), value: self.value()? });
        }
        if self.peek_word("TRANSACTION") || self.peek_word("CHARACTERISTICS") {
            return Err(self.refuse_transaction("SET TRANSACTION"));
        }
        let name = self.variable()?;
        if !self.parser.consume_token(&Token::Eq) && !self.word("TO") {
            return Err(self.expected("= value"));
        }
        let mut value = self.value()?;
        // `search_path = a, b` and durations as `30 s` come in several tokens.
        while !self.at_end_of_statement() {
            if self.parser.consume_token(&Token::Comma) {
                value.push(',');
            }
            value.push_str(&self.value()?);
        }
        Ok(Statement::Set { name, value })
    }

    pub(super) fn reset(&mut self) -> Result<Statement, Error> {
        Ok(Statement::Reset { name: self.variable()? })
    }

    /// Parses a variable as `datafusion.execution.batch_size` and folds it to lower case.
    fn variable(&mut self) -> Result<String, Error> {
        if self.words(&["TIME", "ZONE"]) {
            return Ok("time_zone".to_owned());
        }
        let mut name = self.parser.parse_identifier()?.value;
        while self.parser.consume_token(&Token::Period) {
            name.push('.');
            name.push_str(&self.parser.parse_identifier()?.value);
        }
        Ok(name.to_lowercase())
    }

    pub(super) fn use_schema(&mut self) -> Result<Statement, Error> {
        let _ = self.word("SCHEMA") || self.word("DATABASE") || self.word("CATALOG");
        Ok(Statement::Use(self.object_name()?))
    }

    pub(super) fn kill(&mut self) -> Result<Statement, Error> {
        self.word("QUERY");
        let place = self.position();
        let id = self.string("a query id in single quotes")?;
        let id = Uuid::parse_str(&id).map_err(|error| {
            Error::new(Code::InvalidText, format!("\"{id}\" is not a query id"))
                .with_hint("Find the id with SHOW QUERIES.")
                .with_position(place)
                .with_source(error)
        })?;
        Ok(Statement::Kill(id))
    }
}
