//! `regexp_replace(text, pattern, replacement)`, with flags, or with the place to begin at and which
//! match to replace: <https://www.postgresql.org/docs/current/functions-matching.html>.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray, Int64Array, StringArray, StringBuilder};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{DataFusionError, Result, exec_err};
use datafusion::logical_expr::ScalarUDF;
use regex::{Captures, Regex};

use super::super::plain::{Plain, takes};
use super::flags::{Compiled, is_global};
use crate::error::{Code, Error, external};

/// Returns the function.
pub(super) fn regexp_replace() -> ScalarUDF {
    const TEXT: DataType = DataType::Utf8;
    const INTEGER: DataType = DataType::Int64;
    let types = vec![
        takes(&[TEXT, TEXT, TEXT]),
        takes(&[TEXT, TEXT, TEXT, TEXT]),
        takes(&[TEXT, TEXT, TEXT, INTEGER]),
        takes(&[TEXT, TEXT, TEXT, INTEGER, INTEGER]),
        takes(&[TEXT, TEXT, TEXT, INTEGER, INTEGER, TEXT]),
    ];
    Plain::new("regexp_replace", types, TEXT, replace).into()
}

/// The arguments behind the replacement.
#[derive(Default)]
struct Options<'a> {
    flags: Option<&'a StringArray>,
    start: Option<&'a Int64Array>,
    nth: Option<&'a Int64Array>,
}

fn replace(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [texts, patterns, replacements, options @ ..] = columns else {
        return exec_err!("regexp_replace takes a text, a pattern and a replacement");
    };
    if columns.iter().any(|column| column.null_count() == column.len() && !column.is_empty()) {
        return Ok(arrow::array::new_null_array(&DataType::Utf8, texts.len()));
    }
    let options = match options {
        [flags] if flags.data_type().is_string() => {
            Options { flags: Some(flags.as_string()), ..Options::default() }
        }
        _ => Options {
            flags: options.get(2).map(AsArray::as_string),
            start: options.first().map(AsArray::as_primitive::<Int64Type>),
            nth: options.get(1).map(AsArray::as_primitive::<Int64Type>),
        },
    };
    let [texts, patterns, replacements] =
        [texts, patterns, replacements].map(AsArray::as_string::<i32>);
    let mut compiled = Compiled::default();
    let mut answers = StringBuilder::with_capacity(texts.len(), texts.value_data().len());
    for row in 0..texts.len() {
        if columns.iter().any(|column| column.is_null(row)) {
            answers.append_null();
            continue;
        }
        let flags = options.flags.map_or("", |flags| flags.value(row));
        let expression = compiled.get(patterns.value(row), flags)?;
        let (start, nth) = options.range(row, flags)?;
        let replacement = Replacement::read(replacements.value(row));
        replacement.put(texts.value(row), expression, start, nth, &mut answers);
    }
    Ok(Arc::new(answers.finish()))
}

impl Options<'_> {
    /// Returns how many characters come before the search, and which match is replaced; none for
    /// all of them.
    fn range(&self, row: usize, flags: &str) -> Result<(usize, Option<usize>)> {
        let start = match self.start.map_or(1, |start| start.value(row)) {
            start @ 1.. => usize::try_from(start - 1).unwrap_or(usize::MAX),
            other => return Err(invalid(&format!("the search cannot begin at character {other}"))),
        };
        let nth = match self.nth.map(|nth| nth.value(row)) {
            None => (!is_global(flags)).then_some(1),
            Some(0) => None,
            Some(nth @ 1..) => Some(usize::try_from(nth).unwrap_or(usize::MAX)),
            Some(other) => return Err(invalid(&format!("there is no match number {other}"))),
        };
        Ok((start, nth))
    }
}

/// What comes in the place of a match.
struct Replacement<'a> {
    parts: Vec<Part<'a>>,
}

enum Part<'a> {
    Text(&'a str),
    /// A group of the match, 0 for all of it.
    Group(usize),
}

impl<'a> Replacement<'a> {
    /// Reads `\1` to `\9`, `\&` and `\\`; other backslashes are themselves.
    fn read(text: &'a str) -> Self {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('\\') {
            parts.push(Part::Text(before));
            let mut characters = after.chars();
            rest = characters.as_str();
            parts.push(match characters.next() {
                Some(digit @ '1'..='9') => Part::Group(usize::from(digit as u8 - b'0')),
                Some('&') => Part::Group(0),
                Some('\\') => Part::Text("\\"),
                _ => {
                    parts.push(Part::Text("\\"));
                    continue;
                }
            });
            rest = characters.as_str();
        }
        parts.push(Part::Text(rest));
        Self { parts }
    }

    /// Appends a text with a match, or all of them, replaced.
    fn put(
        &self,
        text: &str,
        expression: &Regex,
        start: usize,
        nth: Option<usize>,
        out: &mut StringBuilder,
    ) {
        let begin = text.char_indices().nth(start).map_or(text.len(), |(begin, _)| begin);
        let mut kept = 0;
        if start <= text.chars().count() {
            let mut at = begin;
            let mut number = 0;
            while let Some(found) = expression.captures_at(text, at) {
                let Some(all) = found.get(0) else { break };
                number += 1;
                if nth.is_none_or(|nth| nth == number) {
                    append(out, text.get(kept..all.start()));
                    self.append_to(&found, out);
                    kept = all.end();
                }
                if nth.is_some_and(|nth| nth <= number) {
                    break;
                }
                // A match of nothing is followed by the search behind the next character.
                at = match text.get(all.end()..).and_then(|rest| rest.chars().next()) {
                    Some(character) if all.is_empty() => all.end() + character.len_utf8(),
                    None if all.is_empty() => break,
                    _ => all.end(),
                };
            }
        }
        append(out, text.get(kept..));
        out.append_value("");
    }

    fn append_to(&self, found: &Captures<'_>, out: &mut StringBuilder) {
        for part in &self.parts {
            match part {
                Part::Text(text) => append(out, Some(text)),
                Part::Group(group) => append(out, found.get(*group).map(|group| group.as_str())),
            }
        }
    }
}

/// Appends to the value that is written.
fn append(out: &mut StringBuilder, text: Option<&str>) {
    // Writing to memory cannot fail.
    let _ = std::fmt::Write::write_str(out, text.unwrap_or_default());
}

fn invalid(message: &str) -> DataFusionError {
    external(Error::new(Code::InvalidParameter, message.to_owned()))
}
