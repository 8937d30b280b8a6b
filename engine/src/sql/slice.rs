//! Finds the user's own text of a part of a statement.

use std::iter::Peekable;
use std::str::CharIndices;

use sqlparser::tokenizer::Location;

/// A walk through a text, from place to place, that counts lines and characters as the tokenizer
/// does.
pub(super) struct Walk<'a> {
    rest: Peekable<CharIndices<'a>>,
    at: Location,
    length: usize,
}

impl<'a> Walk<'a> {
    /// Begins at the beginning of a text.
    pub(super) fn new(sql: &'a str) -> Self {
        let at = Location { line: 1, column: 1 };
        Self { rest: sql.char_indices().peekable(), at, length: sql.len() }
    }

    /// Goes on to a place and returns its byte offset; the end of the text when the place is past
    /// it.
    pub(super) fn offset(&mut self, place: Location) -> usize {
        while let Some((offset, character)) = self.rest.peek().copied() {
            if self.at >= place {
                return offset;
            }
            self.rest.next();
            if character == '\n' {
                self.at = Location { line: self.at.line + 1, column: 1 };
            } else {
                self.at.column += 1;
            }
        }
        self.length
    }
}

/// Returns the text from one place to another.
pub(super) fn between(sql: &str, start: Location, end: Location) -> &str {
    let mut walk = Walk::new(sql);
    let (start, end) = (walk.offset(start), walk.offset(end));
    sql.get(start..end).unwrap_or_default().trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_count_characters_not_bytes() {
        let sql = "\u{e9}\u{e9} x\n  SELECT 1;";
        let start = Location { line: 2, column: 3 };
        let end = Location { line: 2, column: 11 };
        assert_eq!(between(sql, start, end), "SELECT 1");
    }
}
