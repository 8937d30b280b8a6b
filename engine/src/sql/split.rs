//! Takes a text of several statements apart.

use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer};

use super::dialect::GeoDialect;
use super::parser::parse;
use super::slice::Walk;
use crate::error::{Error, Position};

/// One statement of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementText {
    /// The statement, without the semicolon behind it.
    pub sql: String,
    /// Where it begins in the text.
    pub start: Position,
}

impl StatementText {
    /// Returns the text as the one statement that it holds.
    pub(crate) fn whole(sql: &str) -> Self {
        Self { sql: sql.to_owned(), start: Position { line: 1, column: 1 } }
    }
}

/// Returns whether a text may hold several statements: a semicolon is not the last of it.
pub(crate) fn may_be_several(sql: &str) -> bool {
    sql.trim_end_matches(|letter: char| letter == ';' || letter.is_whitespace()).contains(';')
}

/// Returns the statements of a text. Of several each is one that can be parsed; a text of one
/// statement, or none, comes back as it is.
pub(crate) fn split(sql: &str) -> Result<Vec<StatementText>, Error> {
    // What cannot be read is told of where it is planned.
    let tokens = Tokenizer::new(&GeoDialect, sql).tokenize_with_location().unwrap_or_default();
    let places = places(&tokens);
    if places.len() < 2 {
        return Ok(vec![StatementText::whole(sql)]);
    }
    let mut walk = Walk::new(sql);
    let mut statements = Vec::with_capacity(places.len());
    for (start, end) in places {
        let (from, to) = (walk.offset(start), walk.offset(end));
        let start = Position { line: start.line, column: start.column };
        let sql = sql.get(from..to).unwrap_or_default().trim_end().to_owned();
        parse(&sql).map_err(|error| error.moved(start))?;
        statements.push(StatementText { sql, start });
    }
    Ok(statements)
}

/// Returns where each statement begins and ends.
fn places(tokens: &[TokenWithSpan]) -> Vec<(Location, Location)> {
    let mut places = Vec::new();
    let mut begun = None;
    for token in tokens {
        match token.token {
            Token::Whitespace(_) => {}
            Token::SemiColon => places.extend(begun.take().map(|start| (start, token.span.start))),
            _ => begun = begun.or(Some(token.span.start)),
        }
    }
    let end = tokens.last().map(|token| token.span.end);
    places.extend(begun.zip(end));
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sql: &str) -> Vec<String> {
        split(sql).unwrap().into_iter().map(|statement| statement.sql).collect()
    }

    #[test]
    fn semicolons_between_statements_split() {
        assert_eq!(texts("SELECT 1; SELECT 2 ;\n"), ["SELECT 1", "SELECT 2"]);
        assert_eq!(
            texts(";;USE a -- not; here\n;/* nor; here */ SELECT ';', \"a;b\", E'\\';' FROM t"),
            ["USE a -- not; here", "SELECT ';', \"a;b\", E'\\';' FROM t"]
        );
        assert_eq!(
            texts("SELECT '\u{e9};'; SELECT '\u{e9}'"),
            ["SELECT '\u{e9};'", "SELECT '\u{e9}'"]
        );
    }

    #[test]
    fn one_statement_is_left_as_it_is() {
        for sql in
            ["SELECT 1", "SELECT ';' ; -- done\n", "", " ; ", "SELECT 'unfinished; text", "SELEKT"]
        {
            assert_eq!(texts(sql), [sql]);
        }
        assert!(!may_be_several("SELECT 1 ;\n; "));
        assert!(may_be_several("SELECT 1;SELECT 2"));
    }

    #[test]
    fn mistakes_are_where_they_are_in_the_whole() {
        let place = |sql| split(sql).unwrap_err().position.map(|place| (place.line, place.column));
        assert_eq!(place("SELECT 1; SELECT 2;\n  USE a b; SELECT 4"), Some((2, 9)));
        assert_eq!(place("SELECT 1;   USE a\nb"), Some((2, 1)));
    }
}
