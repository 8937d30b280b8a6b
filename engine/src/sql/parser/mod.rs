//! Parses one statement: ours here, queries by `sqlparser`.

mod analyze;
mod assignments;
mod change;
mod clauses;
mod create;
mod escapes;
mod frames;
mod merge;
mod niladic;
mod operators;
mod questions;
mod refused;
mod returning;
mod session;
mod spellings;
mod strings;
mod tables;
#[cfg(test)]
mod tests;
mod with;
mod write;

use sqlparser::ast::{ObjectName, Query};
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Location, Token, Tokenizer};

use super::dialect::GeoDialect;
use super::statement::{Explain, Statement};
use super::{limits, rewrite, slice};
use crate::error::{Code, Error, Position};

/// The statements that begin, mark and end transactions.
const TRANSACTIONS: [&str; 7] =
    ["ABORT", "BEGIN", "COMMIT", "RELEASE", "ROLLBACK", "SAVEPOINT", "START"];

/// The statements that change who may do what.
const GRANTS: [&str; 3] = ["DENY", "GRANT", "REVOKE"];

/// Returns the one statement in `sql`; a semicolon may follow it.
pub(crate) fn parse(sql: &str) -> Result<Statement, Error> {
    let tokens = Tokenizer::new(&GeoDialect, sql).tokenize_with_location()?;
    let tokens = questions::operators(tokens);
    limits::check(&tokens)?;
    let tokens = tables::selected(escapes::unescaped(strings::plain(&tokens)?));
    let tokens = frames::known(spellings::known(tokens))?;
    let tokens = operators::joined(&niladic::without_parentheses(tokens));
    let parser = Parser::new(&GeoDialect)
        .with_recursion_limit(limits::RECURSION_LIMIT)
        .with_tokens_with_locations(tokens);
    let mut parser = GeoParser { parser, sql };
    while parser.parser.consume_token(&Token::SemiColon) {}
    if parser.at_end() {
        return Err(Error::new(Code::SyntaxError, "the statement is empty")
            .with_hint("Type a statement, for example SELECT 1."));
    }
    let mut statement = parser.statement()?;
    parser.expect_end()?;
    if let Some(query) = statement.query_mut() {
        rewrite::recall(query);
    }
    if let Some(query) = statement.returning_mut() {
        rewrite::recall(query);
    }
    Ok(statement)
}

/// The tokens of one statement text.
struct GeoParser<'a> {
    parser: Parser<'a>,
    sql: &'a str,
}

impl GeoParser<'_> {
    fn statement(&mut self) -> Result<Statement, Error> {
        if self.word("CREATE") {
            return self.create();
        }
        if self.word("DROP") {
            return self.drop();
        }
        if self.word("INSERT") {
            return self.insert();
        }
        if self.word("DELETE") {
            return self.delete();
        }
        if self.word("TRUNCATE") {
            return self.truncate();
        }
        if self.word("UPDATE") {
            return self.update();
        }
        if self.word("MERGE") {
            return self.merge();
        }
        if self.peek_word("WITH")
            && let Some(statement) = self.change_with()?
        {
            return Ok(statement);
        }
        if self.word("COPY") {
            return self.copy();
        }
        if self.word("EXPLAIN") {
            return self.explain();
        }
        if self.word("ANALYZE") || self.word("ANALYSE") {
            return self.analyze();
        }
        if self.word("SHOW") {
            return self.show();
        }
        if self.word("DESCRIBE") || self.word("DESC") {
            return self.describe();
        }
        if self.word("SET") {
            return self.set();
        }
        if self.word("RESET") {
            return self.reset();
        }
        if self.word("USE") {
            return self.use_schema();
        }
        if self.word("KILL") || self.word("CANCEL") {
            return self.kill();
        }
        if let Some(refused) = TRANSACTIONS.iter().find(|refused| self.peek_word(refused)) {
            return Err(self.refuse_transaction(refused));
        }
        if let Some(refused) = GRANTS.iter().find(|refused| self.peek_word(refused)) {
            return Err(self.refuse_access(refused));
        }
        if self.peek_word("ALTER") && self.access_object(1).is_some() {
            return Err(self.refuse_access("ALTER of roles and users"));
        }
        if let Some(refused) = self.refused_statement() {
            return Err(refused);
        }
        Ok(Statement::Query(self.query()?))
    }

    fn explain(&mut self) -> Result<Statement, Error> {
        let analyze = self.word("ANALYZE");
        let verbose = self.word("VERBOSE");
        let format = if self.word("FORMAT") { Some(self.name_or_string()?) } else { None };
        let place = self.position();
        match self.statement()? {
            Statement::Query(query) => {
                Ok(Statement::Explain(Explain { analyze, verbose, format, query }))
            }
            // What a writing statement reads is what there is to explain.
            other => match other.query() {
                Some(query) if !analyze => Ok(Statement::Explain(Explain {
                    analyze,
                    verbose,
                    format,
                    query: Box::new(query.clone()),
                })),
                _ => {
                    let operation = other.operation();
                    let message = if analyze {
                        format!("EXPLAIN ANALYZE of {operation} would run it")
                    } else {
                        format!("{operation} has no plan to explain")
                    };
                    Err(Error::unsupported(message)
                        .with_hint("Explain the query inside the statement instead.")
                        .with_position(place))
                }
            },
        }
    }

    /// Parses a query; the parser below refuses what is not one.
    fn query(&mut self) -> Result<Box<Query>, Error> {
        Ok(self.parser.parse_query()?)
    }

    /// Parses a query and returns the user's own text of it too.
    fn query_with_text(&mut self) -> Result<(Box<Query>, String), Error> {
        let start = self.parser.peek_token_ref().span.start;
        let query = self.query()?;
        let next = self.parser.peek_token_ref();
        let end = if next.token == Token::EOF { END } else { next.span.start };
        Ok((query, slice::between(self.sql, start, end).to_owned()))
    }

    fn object_name(&mut self) -> Result<ObjectName, Error> {
        Ok(self.parser.parse_object_name(true)?)
    }

    /// Consumes the next token when it is this word, quoted ones excepted.
    fn word(&mut self, word: &str) -> bool {
        let found = self.peek_word(word);
        if found {
            self.parser.advance_token();
        }
        found
    }

    /// Consumes these words when all of them follow.
    fn words(&mut self, words: &[&str]) -> bool {
        let found = words.iter().enumerate().all(|(n, word)| self.nth_is_word(n, word));
        if found {
            for _ in words {
                self.parser.advance_token();
            }
        }
        found
    }

    fn peek_word(&self, word: &str) -> bool {
        self.nth_is_word(0, word)
    }

    fn nth_is_word(&self, n: usize, word: &str) -> bool {
        matches!(
            &self.parser.peek_nth_token_ref(n).token,
            Token::Word(found) if found.quote_style.is_none() && found.value.eq_ignore_ascii_case(word)
        )
    }

    fn expect_word(&mut self, word: &str) -> Result<(), Error> {
        if self.word(word) { Ok(()) } else { Err(self.expected(word)) }
    }

    fn string(&mut self, what: &str) -> Result<String, Error> {
        match self.parser.peek_token_ref().token {
            Token::SingleQuotedString(_) | Token::EscapedStringLiteral(_) => {
                Ok(self.parser.parse_literal_string()?)
            }
            _ => Err(self.expected(what)),
        }
    }

    fn name_or_string(&mut self) -> Result<String, Error> {
        Ok(self.parser.parse_identifier()?.value)
    }

    fn at_end(&self) -> bool {
        self.parser.peek_token_ref().token == Token::EOF
    }

    fn at_end_of_statement(&self) -> bool {
        matches!(self.parser.peek_token_ref().token, Token::EOF | Token::SemiColon)
    }

    fn expect_end(&mut self) -> Result<(), Error> {
        if !self.at_end_of_statement() {
            return Err(self.expected("end of statement"));
        }
        let mut place = self.position();
        while self.parser.consume_token(&Token::SemiColon) {
            place = self.position();
        }
        if self.at_end() {
            return Ok(());
        }
        Err(Error::new(Code::SyntaxError, "the text holds several statements")
            .with_hint("Send one statement at a time.")
            .with_position(place))
    }

    /// Returns a syntax error about the next token.
    fn expected(&self, what: &str) -> Error {
        let found = self.parser.peek_token_ref();
        let found = if found.token == Token::EOF {
            "the end of the statement".to_owned()
        } else {
            format!("\"{}\"", found.token)
        };
        Error::new(Code::SyntaxError, format!("expected {what}, found {found}"))
            .with_position(self.position())
    }

    fn refuse(&self, message: impl Into<String>) -> Error {
        Error::unsupported(message).with_position(self.position())
    }

    fn refuse_transaction(&self, operation: &str) -> Error {
        self.refuse(format!("{operation} is not supported, because there are no transactions"))
            .with_hint("Every statement is atomic: it is done whole, or not at all.")
    }

    /// Returns the word at a place if it is what has privileges in other databases.
    fn access_object(&self, n: usize) -> Option<&'static str> {
        ["GROUP", "POLICY", "ROLE", "USER"].into_iter().find(|word| self.nth_is_word(n, word))
    }

    /// Refuses what would change who may do what.
    fn refuse_access(&self, operation: &str) -> Error {
        self.refuse(format!(
            "{operation} is not supported: who may do what is in the configuration of the server"
        ))
        .with_hint("Give roles their grants in auth.roles; SHOW GRANTS lists your own.")
    }

    fn position(&self) -> Position {
        let start = self.parser.peek_token_ref().span.start;
        Position { line: start.line.max(1), column: start.column.max(1) }
    }

    fn if_not_exists(&mut self) -> bool {
        self.parser.parse_keywords(&[Keyword::IF, Keyword::NOT, Keyword::EXISTS])
    }
}

/// A place past the end of any statement.
const END: Location = Location { line: u64::MAX, column: u64::MAX };
