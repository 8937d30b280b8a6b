//! `regexp_substr(text, pattern, start, n, flags, group)`: what the n-th match is, or one of its
//! groups.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, StringBuilder};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{DataFusionError, Result, exec_err};
use datafusion::logical_expr::ScalarUDF;
use regex::Regex;

use super::super::plain::{Plain, takes};
use super::flags::{Compiled, is_global};
use crate::error::{Code, Error, external};

/// Returns the function.
pub(super) fn regexp_substr() -> ScalarUDF {
    const TEXT: DataType = DataType::Utf8;
    const NUMBER: DataType = DataType::Int64;
    let all = [TEXT, TEXT, NUMBER, NUMBER, TEXT, NUMBER];
    let types = (2..=all.len()).filter_map(|count| all.get(..count).map(takes)).collect();
    Plain::new("regexp_substr", types, TEXT, parts).into()
}

fn parts(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [texts, patterns, options @ ..] = columns else {
        return exec_err!("regexp_substr takes a text and a pattern");
    };
    let (texts, patterns) = (texts.as_string::<i32>(), patterns.as_string::<i32>());
    let number = |place: usize, row: usize, default: i64| {
        let numbers = options.get(place).and_then(|column| column.as_primitive_opt::<Int64Type>());
        numbers.map_or(default, |numbers| numbers.value(row))
    };
    let flags = options.get(2).and_then(|column| column.as_string_opt::<i32>());
    let mut compiled = Compiled::default();
    let mut answers = StringBuilder::new();
    for row in 0..texts.len() {
        if columns.iter().any(|column| column.is_null(row)) {
            answers.append_null();
            continue;
        }
        let flags = flags.map_or("", |flags| flags.value(row));
        if is_global(flags) {
            return Err(invalid("regexp_substr takes no flag g"));
        }
        let (Ok(start @ 1..), Ok(nth @ 1..), Ok(group)) = (
            usize::try_from(number(0, row, 1)),
            usize::try_from(number(1, row, 1)),
            usize::try_from(number(3, row, 0)),
        ) else {
            return Err(invalid("regexp_substr counts characters and matches from 1"));
        };
        let expression = compiled.get(patterns.value(row), flags)?;
        answers.append_option(part(texts.value(row), expression, start, nth, group));
    }
    Ok(Arc::new(answers.finish()))
}

/// Returns a group of a match, 0 for all of it. Matches are counted from a character on.
fn part<'a>(
    text: &'a str,
    expression: &Regex,
    start: usize,
    nth: usize,
    group: usize,
) -> Option<&'a str> {
    let mut ends = text.char_indices().map(|(place, _)| place).chain([text.len()]);
    let mut begin = ends.nth(start - 1)?;
    for _ in 1..nth {
        let found = expression.find_at(text, begin)?;
        begin = if found.is_empty() {
            // The next match begins at another character.
            found.end() + text.get(found.end()..)?.chars().next()?.len_utf8()
        } else {
            found.end()
        };
    }
    expression.captures_at(text, begin)?.get(group).map(|found| found.as_str())
}

fn invalid(message: &str) -> DataFusionError {
    external(
        Error::new(Code::InvalidParameter, message)
            .with_hint("Type for example regexp_substr(text, 'a+', 1, 2) for the second match."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_are_counted() {
        let expression = Regex::new("(b)(.)").unwrap();
        let part = |start, nth, group| part("b\u{e9} bar baz", &expression, start, nth, group);
        assert_eq!(part(1, 1, 0), Some("b\u{e9}"));
        assert_eq!(part(1, 2, 2), Some("a"));
        assert_eq!(part(2, 1, 0), Some("ba"));
        assert_eq!(part(5, 1, 0), Some("ba"));
        assert_eq!(part(1, 4, 0), None);
        assert_eq!(part(99, 1, 0), None);
        let empty = Regex::new("x*").unwrap();
        assert_eq!(super::part("ab", &empty, 1, 3, 0), Some(""));
        assert_eq!(super::part("ab", &empty, 1, 4, 0), None);
    }
}
