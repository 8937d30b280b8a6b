//! Arrays and records as text: `{a,"b c",NULL}` and `(1,"a b",)`.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, StringArray, StringBuilder, StructArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, internal_err};

use super::{geometries, texts_of};

/// Returns the texts of arrays.
pub(super) fn of_arrays(values: &ArrayRef) -> Result<StringArray> {
    let (field, items, ranges): (&Field, ArrayRef, Vec<Range<usize>>) = match values.data_type() {
        DataType::List(field) => {
            let lists = values.as_list::<i32>();
            let bounds = lists.value_offsets().windows(2);
            let ranges = bounds.filter_map(|bounds| match bounds {
                [first, end] => Some(usize::try_from(*first).ok()?..usize::try_from(*end).ok()?),
                _ => None,
            });
            (field, Arc::clone(lists.values()), ranges.collect())
        }
        DataType::LargeList(field) => {
            let lists = values.as_list::<i64>();
            let bounds = lists.value_offsets().windows(2);
            let ranges = bounds.filter_map(|bounds| match bounds {
                [first, end] => Some(usize::try_from(*first).ok()?..usize::try_from(*end).ok()?),
                _ => None,
            });
            (field, Arc::clone(lists.values()), ranges.collect())
        }
        DataType::FixedSizeList(item, _) => {
            return of_arrays(&cast(values, &DataType::List(Arc::clone(item)))?);
        }
        other => return internal_err!("an array is expected, not {other}"),
    };
    let is_nested = matches!(
        items.data_type(),
        DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..)
    );
    let items = part_texts(&items, field)?;
    let delimiter = geometries::delimiter(field);
    let mut texts = StringBuilder::new();
    let mut text = String::new();
    for (row, range) in ranges.into_iter().enumerate() {
        if values.is_null(row) {
            texts.append_null();
            continue;
        }
        text.clear();
        text.push('{');
        for item in range.clone() {
            if item > range.start {
                text.push(delimiter);
            }
            if items.is_null(item) {
                text.push_str("NULL");
            } else if is_nested {
                text.push_str(items.value(item));
            } else {
                push_item(items.value(item), &mut text);
            }
        }
        text.push('}');
        texts.append_value(&text);
    }
    Ok(texts.finish())
}

/// Returns the texts of records.
pub(super) fn of_records(records: &StructArray) -> Result<StringArray> {
    let parts = records.columns().iter().zip(records.fields());
    let columns =
        parts.map(|(values, field)| part_texts(values, field)).collect::<Result<Vec<_>>>()?;
    let mut texts = StringBuilder::new();
    let mut text = String::new();
    for row in 0..records.len() {
        if records.is_null(row) {
            texts.append_null();
            continue;
        }
        text.clear();
        text.push('(');
        for (place, column) in columns.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            if column.is_valid(row) {
                push_field(column.value(row), &mut text);
            }
        }
        text.push(')');
        texts.append_value(&text);
    }
    Ok(texts.finish())
}

/// Returns the texts of what is inside of others: truth values have one letter there.
pub(super) fn part_texts(values: &ArrayRef, field: &Field) -> Result<StringArray> {
    if let Some(texts) = geometries::texts(values, field)? {
        return Ok(texts);
    }
    Ok(match values.data_type() {
        DataType::Boolean => {
            let letter = |value: bool| if value { "t" } else { "f" };
            values.as_boolean().iter().map(|value| value.map(letter)).collect()
        }
        _ => texts_of(values)?,
    })
}

/// Returns the texts of bytes, which are hexadecimal.
pub(super) fn of_bytes(values: &ArrayRef) -> Result<StringArray> {
    let bytes = cast(values, &DataType::Binary)?;
    let bytes = bytes.as_binary::<i32>().iter();
    Ok(bytes.map(|bytes| bytes.map(hexadecimal)).collect())
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |of: u8| DIGITS.get(usize::from(of)).copied().unwrap_or('0');
    let digits = bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    ['\\', 'x'].into_iter().chain(digits).collect()
}

/// Writes an element of an array, in quotes where it would be read as something else.
fn push_item(item: &str, text: &mut String) {
    let is_bare = !item.is_empty()
        && !item.eq_ignore_ascii_case("null")
        && !item.contains(['{', '}', ',', '"', '\\'])
        && !item.contains(is_blank);
    if is_bare {
        text.push_str(item);
        return;
    }
    text.push('"');
    for letter in item.chars() {
        if matches!(letter, '"' | '\\') {
            text.push('\\');
        }
        text.push(letter);
    }
    text.push('"');
}

/// Writes a field of a record, in quotes where it would be read as something else.
fn push_field(field: &str, text: &mut String) {
    let is_bare = !field.is_empty()
        && !field.contains(['(', ')', ',', '"', '\\'])
        && !field.contains(is_blank);
    if is_bare {
        text.push_str(field);
        return;
    }
    text.push('"');
    for letter in field.chars() {
        if matches!(letter, '"' | '\\') {
            text.push(letter);
        }
        text.push(letter);
    }
    text.push('"');
}

fn is_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_quoted_where_they_must_be() {
        let item = |item| {
            let mut text = String::new();
            push_item(item, &mut text);
            text
        };
        let cases = [
            ("a", "a"),
            ("", "\"\""),
            ("null", "\"null\""),
            ("b c", "\"b c\""),
            ("d\"e\\", "\"d\\\"e\\\\\""),
        ];
        for (text, expected) in cases {
            assert_eq!(item(text), expected);
        }
        let mut text = String::new();
        push_field("d\"e\\(", &mut text);
        assert_eq!(text, "\"d\"\"e\\\\(\"");
        assert_eq!(hexadecimal(&[0, 0xfa]), "\\x00fa");
    }
}
