//! Finds the user's own text of a part of a statement.

use sqlparser::tokenizer::Location;

/// Returns the byte offset of a place in `sql`, counting lines and characters as the tokenizer
/// does; the end of the text when the place is past it.
pub(super) fn offset(sql: &str, place: Location) -> usize {
    let (mut line, mut column) = (1, 1);
    for (offset, character) in sql.char_indices() {
        if line == place.line && column == place.column {
            return offset;
        }
        if character == '\n' {
            line += 1;
            column = 1;
        } else {
            column += 1;
        }
    }
    sql.len()
}

/// Returns the text from one place to another.
pub(super) fn between(sql: &str, start: Location, end: Location) -> &str {
    let (start, end) = (offset(sql, start), offset(sql, end));
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
