//! `regexp_split_to_array(text, pattern, flags)`: what stands between matches.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray, ListBuilder, StringBuilder};
use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;
use regex::Regex;

use super::super::plain::{Plain, takes};
use super::flags::Compiled;

/// Returns the function.
pub(super) fn regexp_split() -> ScalarUDF {
    const TEXT: DataType = DataType::Utf8;
    let types = vec![takes(&[TEXT, TEXT]), takes(&[TEXT, TEXT, TEXT])];
    let texts = DataType::List(Arc::new(Field::new_list_field(TEXT, true)));
    Plain::new("regexp_split_to_array", types, texts, split)
        .with_aliases(&["regexp_split_to_table", "string_split_regex", "regexp_split"])
        .into()
}

fn split(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [texts, patterns, flags @ ..] = columns else {
        return exec_err!("regexp_split_to_array takes a text and a pattern");
    };
    let (texts, patterns) = (texts.as_string::<i32>(), patterns.as_string::<i32>());
    let flags = flags.first().map(AsArray::as_string::<i32>);
    let mut compiled = Compiled::default();
    let mut lists = ListBuilder::new(StringBuilder::new());
    for row in 0..texts.len() {
        let no_flags = flags.is_some_and(|flags| flags.is_null(row));
        if texts.is_null(row) || patterns.is_null(row) || no_flags {
            lists.append(false);
            continue;
        }
        let flags = flags.map_or("", |flags| flags.value(row));
        let expression = compiled.get(patterns.value(row), flags)?;
        for part in parts(texts.value(row), expression) {
            lists.values().append_value(part);
        }
        lists.append(true);
    }
    Ok(Arc::new(lists.finish()))
}

/// Returns what stands between matches. A match of no characters parts two characters, but not the
/// ends of the text nor what another match has parted.
fn parts<'a>(text: &'a str, expression: &Regex) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let mut begin = 0;
    for found in expression.find_iter(text) {
        if found.is_empty() && (found.start() == begin || found.start() == text.len()) {
            continue;
        }
        parts.extend(text.get(begin..found.start()));
        begin = found.end();
    }
    parts.extend(text.get(begin..));
    parts
}
