//! `jsonb_path_query` and its kin: the parts of a JSON text that a path leads to, by
//! <https://www.postgresql.org/docs/current/functions-json.html#FUNCTIONS-SQLJSON-PATH>. Paths are
//! lax, know no variables and compute nothing.

mod compare;
mod read;
mod walk;

use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, BooleanArray, ListBuilder, StringArray, StringBuilder,
};
use arrow::datatypes::{DataType, Field};
use datafusion::common::{DataFusionError, Result, exec_err};
use datafusion::logical_expr::ScalarUDF;
use godwit_udfs::as_json;

use self::read::{Question, read};
use self::walk::{Failure, Part, answers};
use super::super::plain::{Compute, Plain, takes};
use super::invalid;
use crate::error::{Code, Error, external};

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    const TEXT: DataType = DataType::Utf8;
    let function = |name, returns, compute: Compute| {
        Plain::new(name, vec![takes(&[TEXT, TEXT])], returns, compute)
    };
    let parts = DataType::List(Arc::new(json_item()));
    vec![
        function("jsonb_path_exists", DataType::Boolean, exists).into(),
        function("jsonb_path_match", DataType::Boolean, matches).into(),
        function("jsonb_path_query", parts, all_parts).into(),
        function("jsonb_path_query_array", TEXT, array).json().into(),
        function("jsonb_path_query_first", TEXT, first).json().into(),
    ]
}

fn exists(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let found = each(columns, |parts| Ok(Some(!parts.is_empty())))?;
    Ok(Arc::new(found.into_iter().collect::<BooleanArray>()))
}

fn matches(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let found = each(columns, |parts| match parts {
        [only] if only.as_ref() == "true" => Ok(Some(true)),
        [only] if only.as_ref() == "false" => Ok(Some(false)),
        [only] if only.as_ref() == "null" => Ok(None),
        _ => Err(external(
            Error::new(Code::InvalidParameter, "single boolean result is expected")
                .with_hint("Type a condition, as jsonb_path_match(x, '$.a > 1')."),
        )),
    })?;
    Ok(Arc::new(found.into_iter().collect::<BooleanArray>()))
}

fn array(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let found = each(columns, |parts| Ok(Some(format!("[{}]", parts.join(", ")))))?;
    Ok(Arc::new(found.into_iter().collect::<StringArray>()))
}

fn first(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let found = each(columns, |parts| Ok(parts.first().map(|part| part.clone().into_owned())))?;
    Ok(Arc::new(found.into_iter().collect::<StringArray>()))
}

fn all_parts(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let found = each(columns, |parts| {
        let parts = parts.iter().map(|part| part.clone().into_owned());
        Ok(Some(parts.collect::<Vec<String>>()))
    })?;
    let mut lists = ListBuilder::new(StringBuilder::new()).with_field(json_item());
    for parts in found {
        for part in parts.iter().flatten() {
            lists.values().append_value(part);
        }
        lists.append(parts.is_some());
    }
    Ok(Arc::new(lists.finish()))
}

/// Returns what is made of the parts of each text that its path leads to; nothing for nulls.
fn each<T>(
    columns: &[ArrayRef],
    answer: impl Fn(&[Part<'_>]) -> Result<Option<T>>,
) -> Result<Vec<Option<T>>> {
    let [texts, paths] = columns else { return exec_err!("a JSON text and a path are expected") };
    let (texts, paths) = (texts.as_string::<i32>(), paths.as_string::<i32>());
    let mut latest: Option<(&str, Question)> = None;
    let mut found = Vec::with_capacity(texts.len());
    for pair in texts.iter().zip(paths) {
        let (Some(text), Some(path)) = pair else {
            found.push(None);
            continue;
        };
        let known = match latest.take() {
            Some(known) if known.0 == path => known,
            _ => (path, read(path).ok_or_else(|| no_path(path))?),
        };
        let (_, question) = latest.insert(known);
        let parts = answers(question, text).map_err(refused)?;
        found.push(answer(&parts)?);
    }
    Ok(found)
}

fn json_item() -> Field {
    as_json(Field::new_list_field(DataType::Utf8, true))
}

fn refused(failure: Failure) -> DataFusionError {
    match failure {
        Failure::NotJson(error) => invalid(&error),
        Failure::TooManyParts => external(
            Error::new(Code::LimitExceeded, "the path leads to too many parts of one document")
                .with_hint("Leave out places that are named twice, as in [0, 0]."),
        ),
    }
}

fn no_path(text: &str) -> DataFusionError {
    let message = format!("\"{text}\" is no path that is known");
    external(Error::new(Code::SyntaxError, message).with_hint(
        "Type for example '$.items[*] ? (@.price > 10).name'; strict paths, variables and arithmetic \
         are not supported.",
    ))
}
