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
    start: Position,
    /// Which one of the text it is, from 1 on.
    number: usize,
    /// How many statements the text has.
    count: usize,
}

impl StatementText {
    /// Returns the text as the one statement that it holds.
    pub(crate) fn whole(sql: &str) -> Self {
        let start = Position { line: 1, column: 1 };
        Self { sql: sql.to_owned(), start, number: 1, count: 1 }
    }

    /// Returns which statement of the text it is, in a sentence; nothing if there is no other.
    pub fn place(&self) -> Option<String> {
        let (number, count) = (self.number, self.count);
        match (number, count) {
            (_, 1) => None,
            (1, _) => Some(format!("This is statement 1 of {count}.")),
            _ => Some(format!(
                "This is statement {number} of {count}; what those before it did stays done."
            )),
        }
    }

    /// Returns the error of the statement as one of the text: where it is there, and which statement
    /// failed.
    pub fn locate(&self, error: Error) -> Error {
        let Some(place) = self.place() else { return error };
        let mut error = error.moved(self.start);
        error.position = error.position.or(Some(self.start));
        let detail = match error.detail.take() {
            Some(detail) => format!("{detail} {place}"),
            None => place,
        };
        error.with_detail(detail)
    }
}

/// Returns whether a text may hold several statements: a semicolon is not the last of it.
pub(crate) fn may_be_several(sql: &str) -> bool {
    sql.trim_end_matches(|letter: char| letter == ';' || letter.is_whitespace()).contains(';')
}

/// Returns the statements of a text, if there are any. Of several each is one that can be parsed; a
/// single one comes back as the text is.
pub fn split(sql: &str) -> Result<Vec<StatementText>, Error> {
    // What cannot be read is told of where it is planned.
    let Ok(tokens) = Tokenizer::new(&GeoDialect, sql).tokenize_with_location() else {
        return Ok(vec![StatementText::whole(sql)]);
    };
    let places = places(&tokens);
    let count = places.len();
    if count == 1 {
        return Ok(vec![StatementText::whole(sql)]);
    }
    let mut walk = Walk::new(sql);
    let mut statements = Vec::with_capacity(count);
    for (number, (start, end)) in (1..).zip(places) {
        let (from, to) = (walk.offset(start), walk.offset(end));
        let start = Position { line: start.line, column: start.column };
        let sql = sql.get(from..to).unwrap_or_default().trim_end().to_owned();
        parse(&sql).map_err(|error| error.moved(start))?;
        statements.push(StatementText { sql, start, number, count });
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
    use crate::error::Code;

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
        assert_eq!(texts("SELECT $1; SELECT $2"), ["SELECT $1", "SELECT $2"]);
        assert_eq!(
            texts("SELECT $$a;b$$; SELECT $tag$a;$$;b$tag$ /* a; /* nested; */ b; */ + 1"),
            ["SELECT $$a;b$$", "SELECT $tag$a;$$;b$tag$ /* a; /* nested; */ b; */ + 1"]
        );
        assert_eq!(
            texts("SELECT '\u{e9};'; SELECT '\u{e9}'"),
            ["SELECT '\u{e9};'", "SELECT '\u{e9}'"]
        );
    }

    #[test]
    fn one_statement_is_left_as_it_is() {
        for sql in ["SELECT 1", "SELECT ';' ; -- done\n", "SELECT 'unfinished; text", "SELEKT"] {
            assert_eq!(texts(sql), [sql]);
        }
        for sql in ["", " ; ", "-- only; this\n;/* and ; this */"] {
            assert!(texts(sql).is_empty(), "{sql}");
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

    #[test]
    fn a_failure_says_which_statement_failed() {
        let texts = split("SELECT 1;\n  SELECT 2; SELECT 3").unwrap();
        let failure = || Error::new(Code::DivisionByZero, "division by zero");
        let told = |index: usize, error: Error| {
            let error = texts[index].locate(error);
            let place = error.position.unwrap();
            (error.detail.unwrap(), place.line, place.column)
        };
        assert_eq!(told(0, failure()), ("This is statement 1 of 3.".to_owned(), 1, 1));
        let second = "This is statement 2 of 3; what those before it did stays done.";
        let within = failure().with_position(Position { line: 1, column: 8 });
        assert_eq!(told(1, within), (second.to_owned(), 2, 10));
        let third = failure().with_detail("Why.");
        let (detail, line, column) = told(2, third);
        assert!(detail.starts_with("Why. This is statement 3 of 3;"), "{detail}");
        assert_eq!((line, column), (2, 13));
        let alone = split("SELECT 1").unwrap()[0].locate(failure());
        assert_eq!((alone.detail, alone.position), (None, None));
    }
}
