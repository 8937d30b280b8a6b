//! Statements of other databases, refused by name rather than as a syntax error, and what to type in
//! their place, if there is something.

use super::GeoParser;
use crate::error::Error;

/// Words, each with its hint, which may be empty.
type Words = [(&'static str, &'static str)];

const NO_INDEX: &str = "Leave it out: what a condition cannot need is not read. CREATE TABLE name \
    CLUSTER BY (geom) AS SELECT ... keeps near rows together.";

/// The first words of statements.
const STATEMENTS: &Words = &[
    (
        "ALTER",
        "Type CREATE OR REPLACE TABLE name AS SELECT ... FROM name, with the columns that it should \
         have.",
    ),
    ("ATTACH", ""),
    ("CALL", ""),
    ("CHECKPOINT", "Leave it out: whatever is written is on disk when its statement ends."),
    ("COMMENT", ""),
    ("DEALLOCATE", ""),
    ("DECLARE", "Leave it out: results stream, and a client reads as much of one as it wants."),
    ("DETACH", ""),
    ("DO", ""),
    ("EXECUTE", ""),
    ("INSTALL", "Leave it out: all functions and formats are there."),
    ("LISTEN", ""),
    ("LOAD", "Leave it out: all functions and formats are there."),
    (
        "LOCK",
        "Leave it out: a table is written in one step, and a query reads what was there before.",
    ),
    ("NOTIFY", ""),
    ("OPTIMIZE", ""),
    ("PRAGMA", "SHOW ALL lists the settings, DESCRIBE name the columns of a table."),
    (
        "PREPARE",
        "Clients prepare statements over Flight SQL; over HTTP a statement has parameters.",
    ),
    ("REFRESH", "Type CREATE OR REPLACE TABLE name AS SELECT ... again."),
    ("REINDEX", NO_INDEX),
    ("RESTORE", ""),
    ("VACUUM", ""),
];

/// What other databases create.
const KINDS: &Words = &[
    ("EXTENSION", "Leave it out: the functions of PostGIS and of H3 are there."),
    ("FUNCTION", ""),
    ("INDEX", NO_INDEX),
    (
        "MATERIALIZED",
        "Type CREATE OR REPLACE TABLE name AS SELECT ..., and again when it should be new.",
    ),
    ("SECRET", ""),
    (
        "SEQUENCE",
        "Type row_number() OVER () for the numbers of rows, or gen_random_uuid() for their names.",
    ),
    ("TASK", ""),
    ("TYPE", ""),
    ("UNIQUE", NO_INDEX),
];

impl GeoParser<'_> {
    /// Returns the error of a statement that begins with one of these words.
    pub(super) fn refused_statement(&self) -> Option<Error> {
        self.refused(STATEMENTS, |word| format!("{word} statements are not supported"))
    }

    /// Returns the error of the creation of what is none here.
    pub(super) fn refused_kind(&self) -> Option<Error> {
        self.refused(KINDS, |word| format!("CREATE {word} is not supported"))
    }

    fn refused(&self, words: &Words, message: fn(&str) -> String) -> Option<Error> {
        let (word, hint) = words.iter().find(|(word, _)| self.peek_word(word))?;
        let error = self.refuse(message(word));
        Some(if hint.is_empty() { error } else { error.with_hint(*hint) })
    }
}
