//! Statements that are done at once, on the thread of whoever asks.

use super::parser::parse;

/// The longest text that is looked at, in bytes.
const LONGEST: usize = 4096;

/// The words that such a statement begins with.
const FIRST: [&str; 6] = ["CANCEL", "KILL", "RESET", "SET", "SHOW", "USE"];

/// Returns whether a text is a statement that needs neither a plan nor tables, and is parsed as
/// quickly. One with a comment in front of it may be, but waits with the others.
pub(crate) fn is_brief(sql: &str) -> bool {
    let text = sql.trim_start();
    let length = text.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(text.len());
    let first = text.get(..length).unwrap_or_default();
    text.len() <= LONGEST
        && FIRST.iter().any(|word| first.eq_ignore_ascii_case(word))
        && parse(text).is_ok_and(|statement| statement.is_brief())
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
        ] {
            assert!(is_brief(sql), "{sql}");
        }
        for sql in ["SHOW TABLES", "SHOW COLUMNS FROM t", "SELECT 1", "KILL", "", "SHOWN", "\u{e9}"]
        {
            assert!(!is_brief(sql), "{sql}");
        }
        assert!(!is_brief(&format!("SET a = '{}'", "x".repeat(LONGEST))));
    }
}
