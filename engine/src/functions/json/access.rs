//! The operators `->`, `->>`, `#>` and `#>>`, and the functions of the same meaning.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringBuilder};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{ScalarUDF, TypeSignature};

use super::super::plain::{Compute, Plain, takes};
use super::part::{self, Step};
use super::{invalid, steps};
use crate::error::{Code, Error, external};

/// The function that `json -> key` is.
pub(crate) const JSON_PART: &str = "json_part";

/// The function that `json ->> key` is.
pub(crate) const JSON_TEXT: &str = "json_part_text";

/// The function that `json #> path` is.
pub(crate) const JSON_PATH: &str = "json_path";

/// The function that `json #>> path` is.
pub(crate) const JSON_PATH_TEXT: &str = "json_path_text";

/// The function of a part of JSON by the names and places that lead to it, which `json['key'][0]` is.
pub(crate) const JSON_STEPS: &str = "json_extract_path";

/// The most steps that `json_extract_path` takes.
const MAX_STEPS: usize = 16;

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    const TEXT: DataType = DataType::Utf8;
    let key = || vec![takes(&[TEXT, DataType::Int64]), takes(&[TEXT, TEXT])];
    let path = || vec![takes(&[TEXT, TEXT])];
    let steps = || -> Vec<TypeSignature> {
        (2..2 + MAX_STEPS).map(|count| takes(&vec![TEXT; count])).collect()
    };
    let function = |name, types, compute: Compute| Plain::new(name, types, TEXT, compute);
    let json = |name, types, compute| function(name, types, compute).json();
    vec![
        json(JSON_PART, key(), |columns| by_key(columns, false)).into(),
        function(JSON_TEXT, key(), |columns| by_key(columns, true)).into(),
        json(JSON_PATH, path(), |columns| by_array(columns, false)).into(),
        function(JSON_PATH_TEXT, path(), |columns| by_array(columns, true)).into(),
        json(JSON_STEPS, steps(), |columns| by_steps(columns, false))
            .with_aliases(&["jsonb_extract_path"])
            .into(),
        function("json_extract_path_text", steps(), |columns| by_steps(columns, true))
            .with_aliases(&["jsonb_extract_path_text"])
            .into(),
        json("json_extract", path(), |columns| by_path(columns, false)).into(),
        function("json_extract_string", path(), |columns| by_path(columns, true))
            .with_aliases(&["json_extract_scalar"])
            .into(),
    ]
}

fn by_key(columns: &[ArrayRef], is_text: bool) -> Result<ArrayRef> {
    let [texts, keys] = columns else { return exec_err!("-> takes a text and a key") };
    if let Some(places) = keys.as_primitive_opt::<Int64Type>() {
        return each(texts, is_text, |row| {
            Ok(places.is_valid(row).then(|| [Step::Element(places.value(row))]))
        });
    }
    let names = keys.as_string::<i32>();
    each(texts, is_text, |row| {
        Ok(names.is_valid(row).then(|| [Step::Member(Cow::Borrowed(names.value(row)))]))
    })
}

fn by_steps(columns: &[ArrayRef], is_text: bool) -> Result<ArrayRef> {
    let [texts, names @ ..] = columns else { return exec_err!("a text and steps are expected") };
    let names: Vec<_> = names.iter().map(AsArray::as_string::<i32>).collect();
    each(texts, is_text, |row| {
        let steps = names.iter().map(|names| {
            names.is_valid(row).then(|| Step::Either(Cow::Borrowed(names.value(row))))
        });
        Ok(steps.collect::<Option<Vec<_>>>())
    })
}

fn by_array(columns: &[ArrayRef], is_text: bool) -> Result<ArrayRef> {
    by_written(columns, is_text, steps::of_array, "Type a path such as '{properties,name,0}'.")
}

fn by_path(columns: &[ArrayRef], is_text: bool) -> Result<ArrayRef> {
    by_written(columns, is_text, steps::of_path, "Type a path such as '$.properties.name[0]'.")
}

/// Follows paths that are written out, and read once while they stay the same.
fn by_written(
    columns: &[ArrayRef],
    is_text: bool,
    read: fn(&str) -> Option<Vec<Step<'static>>>,
    hint: &'static str,
) -> Result<ArrayRef> {
    let [texts, paths] = columns else { return exec_err!("a text and a path are expected") };
    let paths = paths.as_string::<i32>();
    let mut last: Option<(&str, Rc<[Step<'static>]>)> = None;
    each(texts, is_text, |row| {
        if paths.is_null(row) {
            return Ok(None);
        }
        let path = paths.value(row);
        if last.as_ref().is_none_or(|(known, _)| *known != path) {
            let steps = read(path).ok_or_else(|| {
                let message = format!("\"{path}\" is not a path into JSON");
                external(Error::new(Code::InvalidText, message).with_hint(hint))
            })?;
            last = Some((path, steps.into()));
        }
        Ok(last.as_ref().map(|(_, steps)| Rc::clone(steps)))
    })
}

/// Follows the steps of each row; without steps or text there is nothing.
fn each<'s, S: AsRef<[Step<'s>]>>(
    texts: &dyn Array,
    is_text: bool,
    mut steps: impl FnMut(usize) -> Result<Option<S>>,
) -> Result<ArrayRef> {
    let texts = texts.as_string::<i32>();
    let mut parts = StringBuilder::with_capacity(texts.len(), 0);
    for row in 0..texts.len() {
        let found = match steps(row)? {
            Some(steps) if texts.is_valid(row) => {
                part::path(texts.value(row), steps.as_ref()).map_err(|error| invalid(&error))?
            }
            _ => None,
        };
        match found {
            Some(part) if is_text => {
                let text = part::as_text(part).map_err(|error| invalid(&error))?;
                parts.append_option(text);
            }
            part => parts.append_option(part),
        }
    }
    Ok(Arc::new(parts.finish()))
}
