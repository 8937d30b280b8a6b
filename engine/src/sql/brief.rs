//! Statements that are done at once, on the thread of whoever asks.

use super::parser::parse;

/// The longest text that is looked at, in bytes.
const LONGEST: usize = 4096;

/// The words that such a statement begins with.
const FIRST: [&str; 6] = ["CANCEL", "KILL", "RESET", "SET", "SHOW", "USE"];

/// Returns whether a text is a statement that needs neither a plan nor tables, and is parsed as
/// quickly.
pub(crate) fn is_brief(sql: &str) -> bool {
    if sql.len() > LONGEST {
        return false;
    }
    let text = behind_comments(sql);
    let length = text.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(text.len());
    let first = text.get(..length).unwrap_or_default();
    FIRST.iter().any(|word| first.eq_ignore_ascii_case(word))
        && parse(sql).is_ok_and(|statement| statement.is_brief())
}

/// Returns what is behind the spaces and comments that a text begins with.
fn behind_comments(sql: &str) -> &str {
    let mut rest = sql.trim_start();
    loop {
        let comment = if let Some(line) = rest.strip_prefix("--") {
            line.find(['\n', '\r']).and_then(|end| line.get(end..))
        } else if let Some(block) = rest.strip_prefix("/*") {
            behind_block(block)
        } else {
            return rest;
        };
        rest = comment.unwrap_or_default().trim_start();
    }
}

/// Returns what is behind the end of a block comment, which may have others inside.
fn behind_block(text: &str) -> Option<&str> {
    let (mut rest, mut depth) = (text, 1);
    while depth > 0 {
        let place = rest.find(['/', '*'])?;
        rest = rest.get(place..)?;
        if let Some(inside) = rest.strip_prefix("/*") {
            (rest, depth) = (inside, depth + 1);
        } else if let Some(outside) = rest.strip_prefix("*/") {
            (rest, depth) = (outside, depth - 1);
        } else {
            rest = rest.get(1..)?;
        }
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_tables_is_not_brief() {
        for sql in [
            "KILL QUERY '0199d7c0-0000-7000-8000-000000000000'",
            "  show queries;",
            "SHOW GRANTS",
            "SHOW ALL",
            "SET query_timeout = 5",
            "RESET query_timeout",
            "USE public",
            "-- why\nKILL QUERY '0199d7c0-0000-7000-8000-000000000000'",
            "/* a /* b */ c */ -- d\r\n /**/ SHOW QUERIES",
        ] {
            assert!(is_brief(sql), "{sql}");
        }
        for sql in [
            "SHOW TABLES",
            "SHOW COLUMNS FROM t",
            "SELECT 1",
            "KILL",
            "",
            "SHOWN",
            "\u{e9}",
            "-- KILL",
            "/* USE public",
            "/* /* */ USE public",
            "-- x\nSELECT 1",
            "/",
            "/*/",
        ] {
            assert!(!is_brief(sql), "{sql}");
        }
        assert!(!is_brief(&format!("SET a = '{}'", "x".repeat(LONGEST))));
    }
}
