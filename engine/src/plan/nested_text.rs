//! Nested values that are bound as texts, by drivers that bind no others: JSON, and `{1,2}` for
//! lists.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, new_empty_array};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use arrow::json::ReaderBuilder;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::functions::items;

/// Returns the values that texts spell.
pub(super) fn from_texts(texts: &ArrayRef, to: &DataType) -> Result<ArrayRef, ArrowError> {
    if texts.is_empty() {
        return Ok(new_empty_array(to));
    }
    let texts = arrow::compute::cast(texts, &DataType::Utf8View)?;
    let mut lines = String::new();
    for text in texts.as_string_view() {
        let value = match text {
            Some(text) => json(text, to)?,
            None => "null".to_owned(),
        };
        lines.extend(["{\"v\":", &value, "}\n"]);
    }
    let schema = Arc::new(Schema::new(vec![Field::new("v", to.clone(), true)]));
    let mut decoder = ReaderBuilder::new(schema).with_batch_size(texts.len()).build_decoder()?;
    decoder.decode(lines.as_bytes())?;
    let unreadable = || ArrowError::JsonError("a value is cut short".to_owned());
    let batch = decoder.flush()?.ok_or_else(unreadable)?;
    if batch.num_rows() != texts.len() {
        return Err(unreadable());
    }
    Ok(Arc::clone(batch.column(0)))
}

/// Returns one value as JSON.
fn json(text: &str, to: &DataType) -> Result<String, ArrowError> {
    if to.is_list()
        && let Some(items) = items(text)
    {
        let items = items.into_iter().map(|item| {
            if !item.is_quoted && item.text.eq_ignore_ascii_case("null") {
                return "null".to_owned();
            }
            // Numbers are read from texts, too.
            Value::from(item.text).to_string()
        });
        return Ok(format!("[{}]", items.collect::<Vec<_>>().join(",")));
    }
    let value: &RawValue = serde_json::from_str(text)
        .map_err(|error| ArrowError::JsonError(format!("not JSON: {error}")))?;
    Ok(value.get().to_owned())
}

#[cfg(test)]
mod tests {
    use arrow::array::StringArray;
    use arrow::util::display::array_value_to_string;

    use super::*;

    fn read(text: &str, to: &DataType) -> Result<String, ArrowError> {
        let texts: ArrayRef = Arc::new(StringArray::from(vec![None, Some(text)]));
        let values = from_texts(&texts, to)?;
        assert_eq!((values.data_type(), values.is_null(0)), (to, true));
        array_value_to_string(&values, 1)
    }

    #[test]
    fn lists_and_structures_are_read() {
        let numbers = DataType::new_list(DataType::Int64, true);
        assert_eq!(
            read("[1, null,\n 9007199254740993]", &numbers).unwrap(),
            "[1, , 9007199254740993]"
        );
        assert_eq!(read("{1,NULL,3}", &numbers).unwrap(), "[1, , 3]");
        let texts = DataType::new_list(DataType::Utf8, true);
        assert_eq!(read("{a,\"b c\",\"NULL\"}", &texts).unwrap(), "[a, b c, NULL]");
        let fields =
            vec![Field::new("a", DataType::Int32, true), Field::new("b", numbers.clone(), true)];
        let structure = DataType::Struct(fields.into());
        assert_eq!(read("{\"a\": 1, \"b\": [2]}", &structure).unwrap(), "{a: 1, b: [2]}");
        for wrong in ["", "1", "x", "[1", "[1] [2]", "[\"x\"]", "{\"a\":1}", "[1]}\n{\"v\":[2]"] {
            assert!(read(wrong, &numbers).is_err(), "{wrong}");
        }
    }
}
