//! The clauses that several statements share, in any order.

use std::collections::BTreeMap;

use sqlparser::ast::{DataType, Ident};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::GeoParser;
use crate::error::{Code, Error};

/// The clauses a table or an export can have.
#[derive(Debug, Default)]
pub(super) struct Clauses {
    pub(super) format: Option<String>,
    pub(super) location: Option<String>,
    pub(super) partitioned_by: Option<Vec<(Ident, Option<DataType>)>>,
    pub(super) cluster_by: Option<Vec<Ident>>,
    pub(super) comment: Option<String>,
    pub(super) options: Option<BTreeMap<String, String>>,
    pub(super) properties: Option<BTreeMap<String, String>>,
}

impl Clauses {
    /// Returns the partition columns of a statement that takes no types with them.
    pub(super) fn partition_names(&mut self) -> Result<Vec<Ident>, Error> {
        let mut names = Vec::new();
        for (name, data_type) in self.partitioned_by.take().unwrap_or_default() {
            if data_type.is_some() {
                let message = format!("partition column \"{}\" must not state a type", name.value);
                return Err(Error::new(Code::SyntaxError, message)
                    .with_hint("The type comes from the query."));
            }
            names.push(name);
        }
        Ok(names)
    }
}

impl GeoParser<'_> {
    /// Parses clauses until something else follows.
    pub(super) fn clauses(&mut self) -> Result<Clauses, Error> {
        let mut clauses = Clauses::default();
        loop {
            let place = self.position();
            let twice = if self.word("USING") || self.words(&["STORED", "AS"]) {
                let format = self.name_or_string()?;
                clauses.format.replace(format).map(|_| "format")
            } else if self.word("LOCATION") {
                let location = self.string("a location in single quotes")?;
                clauses.location.replace(location).map(|_| "LOCATION")
            } else if self.words(&["PARTITIONED", "BY"]) || self.words(&["PARTITION", "BY"]) {
                let columns = self.partition_columns()?;
                clauses.partitioned_by.replace(columns).map(|_| "PARTITIONED BY")
            } else if self.words(&["CLUSTER", "BY"]) {
                let columns = self.cluster_columns()?;
                clauses.cluster_by.replace(columns).map(|_| "CLUSTER BY")
            } else if self.word("COMMENT") {
                let _ = self.parser.consume_token(&Token::Eq);
                let comment = self.string("a comment in single quotes")?;
                clauses.comment.replace(comment).map(|_| "COMMENT")
            } else if self.word("TBLPROPERTIES") {
                let properties = self.key_values()?;
                clauses.properties.replace(properties).map(|_| "TBLPROPERTIES")
            } else if self.word("OPTIONS") {
                let options = self.key_values()?;
                clauses.options.replace(options).map(|_| "OPTIONS")
            } else if self.words(&["WITH", "ORDER"]) {
                return Err(self.refuse("WITH ORDER is not supported"));
            } else if self.words(&["WITH", "HEADER"]) {
                return Err(self
                    .refuse("WITH HEADER ROW is not supported")
                    .with_hint("Type OPTIONS (header true)."));
            } else {
                return Ok(clauses);
            };
            if let Some(clause) = twice {
                let message = format!("the {clause} clause is given twice");
                return Err(Error::new(Code::SyntaxError, message).with_position(place));
            }
        }
    }

    fn partition_columns(&mut self) -> Result<Vec<(Ident, Option<DataType>)>, Error> {
        self.parser.expect_token(&Token::LParen)?;
        let mut columns = Vec::new();
        loop {
            let name = self.parser.parse_identifier()?;
            let has_type =
                !matches!(self.parser.peek_token_ref().token, Token::Comma | Token::RParen);
            let data_type = if has_type { Some(self.parser.parse_data_type()?) } else { None };
            columns.push((name, data_type));
            if !self.parser.consume_token(&Token::Comma) {
                break;
            }
        }
        self.parser.expect_token(&Token::RParen)?;
        Ok(columns)
    }

    /// Parses `(a, b)` or a single bare column.
    fn cluster_columns(&mut self) -> Result<Vec<Ident>, Error> {
        if !self.parser.consume_token(&Token::LParen) {
            return Ok(vec![self.parser.parse_identifier()?]);
        }
        let columns = self.parser.parse_comma_separated(Parser::parse_identifier)?;
        self.parser.expect_token(&Token::RParen)?;
        Ok(columns)
    }

    /// Parses `(key value, 'key' = 'value', key => value)`. Keys are folded to lower case and lose
    /// the prefix `format.` that other dialects write.
    pub(super) fn key_values(&mut self) -> Result<BTreeMap<String, String>, Error> {
        self.parser.expect_token(&Token::LParen)?;
        let mut values = BTreeMap::new();
        while !self.parser.consume_token(&Token::RParen) {
            let place = self.position();
            let key = self.key()?;
            let _ = self.parser.consume_token(&Token::Eq)
                || self.parser.consume_token(&Token::RArrow)
                || self.parser.consume_token(&Token::Colon);
            let value = self.value()?;
            if values.insert(key.clone(), value).is_some() {
                let message = format!("the option \"{key}\" is given twice");
                return Err(Error::new(Code::SyntaxError, message).with_position(place));
            }
            if !self.parser.consume_token(&Token::Comma) {
                self.parser.expect_token(&Token::RParen)?;
                break;
            }
        }
        Ok(values)
    }

    fn key(&mut self) -> Result<String, Error> {
        let mut key = self.parser.parse_identifier()?.value;
        while self.parser.consume_token(&Token::Period) {
            key.push('.');
            key.push_str(&self.parser.parse_identifier()?.value);
        }
        let key = key.to_lowercase();
        Ok(key.strip_prefix("format.").map(str::to_owned).unwrap_or(key))
    }

    /// Parses a string, a number, a word or a list of those in brackets.
    pub(super) fn value(&mut self) -> Result<String, Error> {
        let token = self.parser.peek_token_ref().token.clone();
        match token {
            Token::SingleQuotedString(_) | Token::EscapedStringLiteral(_) => self.string("a value"),
            Token::Word(word) => {
                self.parser.advance_token();
                Ok(word.value)
            }
            Token::Number(number, _) => {
                self.parser.advance_token();
                Ok(number)
            }
            Token::Minus | Token::Plus => {
                self.parser.advance_token();
                let number = self.value()?;
                Ok(if token == Token::Minus { format!("-{number}") } else { number })
            }
            _ => Err(self.expected("a value")),
        }
    }
}
