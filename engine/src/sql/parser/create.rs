//! `CREATE` and `DROP`.

use sqlparser::ast::Ident;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::GeoParser;
use crate::error::{Code, Error};
use crate::sql::statement::{
    CreateExternalTable, CreateSource, CreateTable, CreateView, Drop, DropKind, Statement,
};

impl GeoParser<'_> {
    pub(super) fn create(&mut self) -> Result<Statement, Error> {
        let or_replace = self.words(&["OR", "REPLACE"]);
        if self.words(&["EXTERNAL", "TABLE"]) {
            return self.create_external_table(or_replace);
        }
        let is_local = self.words(&["LOCAL"]);
        let is_temporary = self.word("TEMPORARY") || self.word("TEMP");
        if self.word("TABLE") {
            return self.create_table(or_replace, is_temporary);
        }
        if self.word("VIEW") {
            return self.create_view(or_replace, is_temporary);
        }
        if is_local || is_temporary {
            return Err(self.expected("TEMPORARY TABLE or TEMPORARY VIEW"));
        }
        if !or_replace && (self.word("SCHEMA") || self.word("DATABASE")) {
            let if_not_exists = self.if_not_exists();
            return Ok(Statement::CreateSchema { name: self.object_name()?, if_not_exists });
        }
        if let Some(kind) = self.access_object(0) {
            return Err(self.refuse_access(&format!("CREATE {kind}")));
        }
        let other = self.refused_kind();
        Err(other.unwrap_or_else(|| self.expected("TABLE, EXTERNAL TABLE, VIEW or SCHEMA")))
    }

    fn create_external_table(&mut self, or_replace: bool) -> Result<Statement, Error> {
        let if_not_exists = self.check_if_not_exists(or_replace)?;
        let name = self.object_name()?;
        if self.parser.peek_token_ref().token == Token::LParen {
            return Err(self
                .refuse("column definitions of external tables are not supported")
                .with_hint("Leave the list out; the columns come from the files."));
        }
        let clauses = self.clauses()?;
        if clauses.cluster_by.is_some() || clauses.properties.is_some() {
            return Err(Error::new(
                Code::SyntaxError,
                "external tables take no CLUSTER BY and no TBLPROPERTIES",
            ));
        }
        let Some(location) = clauses.location else {
            return Err(self.expected("LOCATION 'file, glob, directory or URL'"));
        };
        Ok(Statement::CreateExternalTable(CreateExternalTable {
            or_replace,
            if_not_exists,
            name,
            format: clauses.format,
            location,
            partitioned_by: clauses.partitioned_by.unwrap_or_default(),
            options: clauses.options.unwrap_or_default(),
            comment: clauses.comment,
        }))
    }

    fn create_table(&mut self, or_replace: bool, is_temporary: bool) -> Result<Statement, Error> {
        let if_not_exists = self.check_if_not_exists(or_replace)?;
        let name = self.object_name()?;
        let place = self.position();
        let columns = if self.parser.peek_token_ref().token == Token::LParen {
            let (columns, constraints) = self.parser.parse_columns()?;
            if !constraints.is_empty() {
                return Err(
                    Error::unsupported("table constraints are not supported").with_position(place)
                );
            }
            Some(columns)
        } else {
            None
        };
        let mut clauses = self.clauses()?;
        if clauses.options.is_some() {
            return Err(Error::new(Code::SyntaxError, "CREATE TABLE takes no OPTIONS")
                .with_hint("Type TBLPROPERTIES (...), or CREATE EXTERNAL TABLE for files."));
        }
        if is_temporary && clauses.location.is_some() {
            return Err(Error::new(Code::SyntaxError, "a temporary table takes no LOCATION"));
        }
        let source = match (self.word("AS"), columns) {
            (true, None) => CreateSource::Query(self.query()?),
            (true, Some(_)) => {
                return Err(Error::unsupported("a column list with AS query is not supported")
                    .with_hint("Name the columns in the query, as SELECT x AS name.")
                    .with_position(place));
            }
            (false, Some(columns)) => CreateSource::Columns(columns),
            (false, None) => return Err(self.expected("AS query")),
        };
        Ok(Statement::CreateTable(CreateTable {
            or_replace,
            is_temporary,
            if_not_exists,
            name,
            partitioned_by: clauses.partition_names()?,
            format: clauses.format,
            cluster_by: clauses.cluster_by.unwrap_or_default(),
            location: clauses.location,
            comment: clauses.comment,
            properties: clauses.properties.unwrap_or_default(),
            source,
        }))
    }

    fn create_view(&mut self, or_replace: bool, is_temporary: bool) -> Result<Statement, Error> {
        let if_not_exists = self.check_if_not_exists(or_replace)?;
        let name = self.object_name()?;
        let columns = if self.parser.consume_token(&Token::LParen) {
            let columns = self.parser.parse_comma_separated(Parser::parse_identifier)?;
            self.parser.expect_token(&Token::RParen)?;
            columns
        } else {
            Vec::new()
        };
        let comment = if self.word("COMMENT") {
            let _ = self.parser.consume_token(&Token::Eq);
            Some(self.string("a comment in single quotes")?)
        } else {
            None
        };
        self.expect_word("AS")?;
        let (mut query, mut sql) = self.query_with_text()?;
        if !columns.is_empty() {
            sql = named_columns(&sql, &columns);
            // The columns are part of the text, so that the view reads back as it was written.
            let Statement::Query(renamed) = super::parse(&sql)? else {
                return Err(Error::new(Code::SyntaxError, "the view is not a query"));
            };
            query = renamed;
        }
        Ok(Statement::CreateView(CreateView {
            or_replace,
            is_temporary,
            if_not_exists,
            name,
            comment,
            query,
            sql,
        }))
    }

    pub(super) fn drop(&mut self) -> Result<Statement, Error> {
        let kind = if self.word("TABLE") {
            DropKind::Table
        } else if self.word("VIEW") {
            DropKind::View
        } else if self.word("SCHEMA") || self.word("DATABASE") {
            DropKind::Schema
        } else if let Some(kind) = self.access_object(0) {
            return Err(self.refuse_access(&format!("DROP {kind}")));
        } else {
            return Err(self.expected("TABLE, VIEW or SCHEMA"));
        };
        let if_exists = self.words(&["IF", "EXISTS"]);
        let mut names = vec![self.object_name()?];
        while self.parser.consume_token(&Token::Comma) {
            names.push(self.object_name()?);
        }
        let cascade = self.word("CASCADE");
        if !cascade {
            self.word("RESTRICT");
        }
        Ok(Statement::Drop(Drop { kind, if_exists, names, cascade }))
    }

    fn check_if_not_exists(&mut self, or_replace: bool) -> Result<bool, Error> {
        let place = self.position();
        let if_not_exists = self.if_not_exists();
        if or_replace && if_not_exists {
            return Err(Error::new(
                Code::SyntaxError,
                "OR REPLACE and IF NOT EXISTS contradict each other",
            )
            .with_position(place));
        }
        Ok(if_not_exists)
    }
}

fn named_columns(sql: &str, columns: &[Ident]) -> String {
    let names: Vec<String> =
        columns.iter().map(|column| format!("\"{}\"", column.value.replace('"', "\"\""))).collect();
    format!("SELECT * FROM (\n{sql}\n) AS named ({})", names.join(", "))
}
