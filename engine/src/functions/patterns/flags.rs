//! A regular expression with the flags that `PostgreSQL` has.

use datafusion::common::{DataFusionError, Result};
use regex::{Regex, RegexBuilder};

use super::escapes::known_escapes;
use crate::error::{Code, Error, external};

/// The longest program that an expression may become, in bytes.
const LARGEST: usize = 10 << 20;

/// A regular expression, kept as long as rows have the same one.
#[derive(Default)]
pub(super) struct Compiled {
    last: Option<(String, String, Regex)>,
}

impl Compiled {
    /// Returns the expression of a pattern and flags.
    pub(super) fn get(&mut self, pattern: &str, flags: &str) -> Result<&Regex> {
        let is_known = self.last.as_ref().is_some_and(|(known_pattern, known_flags, _)| {
            known_pattern == pattern && known_flags == flags
        });
        if !is_known {
            let compiled = compile(pattern, flags)?;
            self.last = Some((pattern.to_owned(), flags.to_owned(), compiled));
        }
        match &self.last {
            Some((_, _, compiled)) => Ok(compiled),
            None => Err(invalid("no regular expression".to_owned())),
        }
    }
}

/// Returns whether all matches are wanted rather than the first.
pub(super) fn is_global(flags: &str) -> bool {
    flags.contains('g')
}

fn compile(pattern: &str, flags: &str) -> Result<Regex> {
    let known = known_escapes(pattern);
    let mut builder = RegexBuilder::new(known.as_deref().unwrap_or(pattern));
    // A point is any character, and lines have no ends, unless flags say otherwise.
    builder.size_limit(LARGEST).dot_matches_new_line(true);
    for flag in flags.chars() {
        match flag {
            'g' => {}
            'i' => _ = builder.case_insensitive(true),
            'c' => _ = builder.case_insensitive(false),
            'n' | 'm' => _ = builder.multi_line(true).dot_matches_new_line(false),
            's' => _ = builder.multi_line(false).dot_matches_new_line(true),
            'p' => _ = builder.dot_matches_new_line(false),
            'w' => _ = builder.multi_line(true),
            'x' => _ = builder.ignore_whitespace(true),
            't' => _ = builder.ignore_whitespace(false),
            other => {
                return Err(invalid(format!("\"{other}\" is not a flag of regular expressions")));
            }
        }
    }
    builder.build().map_err(|error| {
        if matches!(error, regex::Error::Syntax(_)) {
            // It quotes the pattern, and is put into words where errors are read.
            external(error)
        } else {
            invalid(error.to_string())
        }
    })
}

fn invalid(message: String) -> DataFusionError {
    external(Error::new(Code::InvalidParameter, message))
}
