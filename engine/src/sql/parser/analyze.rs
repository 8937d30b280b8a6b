//! `ANALYZE`, as `PostgreSQL` and Spark spell it.

use sqlparser::tokenizer::Token;

use super::GeoParser;
use crate::error::{Code, Error};
use crate::sql::statement::{Analyze, Statement};

/// The options that `PostgreSQL` has; none of them means anything here.
const OPTIONS: [&str; 3] = ["BUFFER_USAGE_LIMIT", "SKIP_LOCKED", "VERBOSE"];

impl GeoParser<'_> {
    pub(super) fn analyze(&mut self) -> Result<Statement, Error> {
        if self.parser.consume_token(&Token::LParen) {
            self.analyze_options()?;
        } else {
            self.word("VERBOSE");
        }
        let is_named = self.word("TABLE");
        let mut tables = Vec::new();
        if !is_named && self.at_end_of_statement() {
            return Ok(Statement::Analyze(tables));
        }
        loop {
            tables.push(self.analyzed_table()?);
            if !self.parser.consume_token(&Token::Comma) {
                return Ok(Statement::Analyze(tables));
            }
        }
    }

    /// Parses `table [(columns)]`.
    fn analyzed_table(&mut self) -> Result<Analyze, Error> {
        if self.at_end_of_statement() {
            return Err(self.expected("a table"));
        }
        let table = self.object_name()?;
        let has_columns = self.parser.peek_token_ref().token == Token::LParen;
        let columns = if has_columns { self.column_list()? } else { Vec::new() };
        Ok(Analyze { table, columns })
    }

    /// Parses what is in parentheses before the tables.
    fn analyze_options(&mut self) -> Result<(), Error> {
        loop {
            let place = self.position();
            let name = self.parser.parse_identifier()?.value;
            if !OPTIONS.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
                let message = format!("unknown option \"{name}\" of ANALYZE");
                return Err(Error::new(Code::SyntaxError, message).with_position(place));
            }
            let has_value =
                !matches!(self.parser.peek_token_ref().token, Token::Comma | Token::RParen);
            if has_value {
                self.parser.advance_token();
            }
            if !self.parser.consume_token(&Token::Comma) {
                self.parser.expect_token(&Token::RParen)?;
                return Ok(());
            }
        }
    }
}
