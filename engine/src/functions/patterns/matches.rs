//! `regexp_matches(text, pattern, flags)`: the groups of the first match or, with the flag `g`, of
//! each.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray, Int32Array, ListBuilder, StringBuilder};
use arrow::compute::take;
use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;
use regex::Captures;

use super::super::plain::{Plain, takes};
use super::flags::{Compiled, is_global};

/// Returns the function, which makes a list of rows.
pub(super) fn regexp_matches() -> ScalarUDF {
    const TEXT: DataType = DataType::Utf8;
    let list = |of| DataType::List(Arc::new(Field::new_list_field(of, true)));
    let types = vec![takes(&[TEXT, TEXT]), takes(&[TEXT, TEXT, TEXT])];
    Plain::new("regexp_matches", types, list(list(TEXT)), matches).into()
}

/// Returns `regexp_match`, the groups of the first match.
pub(super) fn regexp_match() -> ScalarUDF {
    const TEXT: DataType = DataType::Utf8;
    let types = vec![takes(&[TEXT, TEXT]), takes(&[TEXT, TEXT, TEXT])];
    let groups = DataType::List(Arc::new(Field::new_list_field(TEXT, true)));
    Plain::new("regexp_match", types, groups, first).into()
}

fn first(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let rows = matches(columns)?;
    let rows = rows.as_list::<i32>();
    // The matches of a row begin with the first, if there is one.
    let begins = rows.value_offsets().iter().zip(rows.offsets().lengths()).enumerate();
    let places =
        begins.map(|(row, (begin, length))| (rows.is_valid(row) && length > 0).then_some(*begin));
    let places: Int32Array = places.collect();
    Ok(take(rows.values(), &places, None)?)
}

fn matches(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [texts, patterns, flags @ ..] = columns else {
        return exec_err!("regexp_matches takes a text and a pattern");
    };
    let (texts, patterns) = (texts.as_string::<i32>(), patterns.as_string::<i32>());
    let flags = flags.first().map(AsArray::as_string::<i32>);
    let mut compiled = Compiled::default();
    let mut rows = ListBuilder::new(ListBuilder::new(StringBuilder::new()));
    for row in 0..texts.len() {
        let no_flags = flags.is_some_and(|flags| flags.is_null(row));
        if texts.is_null(row) || patterns.is_null(row) || no_flags {
            rows.append(false);
            continue;
        }
        let flags = flags.map_or("", |flags| flags.value(row));
        let expression = compiled.get(patterns.value(row), flags)?;
        let most = if is_global(flags) { usize::MAX } else { 1 };
        for found in expression.captures_iter(texts.value(row)).take(most) {
            append_groups(&found, rows.values());
        }
        rows.append(true);
    }
    Ok(Arc::new(rows.finish()))
}

/// Appends the groups of a match, or all of it if there are none.
fn append_groups(found: &Captures<'_>, lists: &mut ListBuilder<StringBuilder>) {
    let first = usize::from(found.len() > 1);
    for group in found.iter().skip(first) {
        lists.values().append_option(group.map(|group| group.as_str()));
    }
    lists.append(true);
}
