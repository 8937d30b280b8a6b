//! What a JSON text is and holds: `json_typeof`, `json_array_length`, its elements and names.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, Int64Array, ListBuilder, StringArray, StringBuilder};
use arrow::datatypes::{DataType, Field};
use datafusion::common::{DataFusionError, Result, exec_err};
use datafusion::logical_expr::ScalarUDF;
use godwit_udfs::as_json;

use super::super::plain::{Compute, Plain, takes};
use super::{invalid, part};
use crate::error::{Code, Error, external};

/// The function of the texts of an array's elements as a list, which no rewrite makes rows of.
pub(crate) const JSON_ITEMS: &str = "godwit_json_items";

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    let texts = || DataType::List(Arc::new(text_item()));
    let function = |name, returns, compute: Compute, alias| {
        let types = vec![takes(&[DataType::Utf8])];
        ScalarUDF::from(Plain::new(name, types, returns, compute).with_aliases(&[alias]))
    };
    vec![
        function("json_typeof", DataType::Utf8, kinds, "jsonb_typeof"),
        function("json_array_length", DataType::Int64, lengths, "jsonb_array_length"),
        function(
            "json_array_elements",
            DataType::List(Arc::new(json_item())),
            elements,
            "jsonb_array_elements",
        ),
        function("json_array_elements_text", texts(), element_texts, "jsonb_array_elements_text"),
        function("json_object_keys", texts(), keys, "jsonb_object_keys"),
        Plain::new(JSON_ITEMS, vec![takes(&[DataType::Utf8])], texts(), element_texts).into(),
    ]
}

fn kinds(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let kinds = rows(columns)?.iter().map(|text| text.map(kind).transpose());
    Ok(Arc::new(kinds.collect::<Result<StringArray>>()?))
}

fn kind(text: &str) -> Result<&'static str> {
    part::elements(text).map_err(|error| invalid(&error))?;
    Ok(match part::first_byte(text) {
        Some(b'{') => "object",
        Some(b'[') => "array",
        Some(b'"') => "string",
        Some(b't' | b'f') => "boolean",
        Some(b'n') => "null",
        _ => "number",
    })
}

fn lengths(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let lengths = rows(columns)?.iter().map(|text| {
        let elements = text.map(array).transpose()?;
        Ok(elements.and_then(|elements| i64::try_from(elements.len()).ok()))
    });
    Ok(Arc::new(lengths.collect::<Result<Int64Array>>()?))
}

fn elements(columns: &[ArrayRef]) -> Result<ArrayRef> {
    lists(columns, json_item(), |text, list| {
        for element in array(text)? {
            list.append_value(element);
        }
        Ok(())
    })
}

fn element_texts(columns: &[ArrayRef]) -> Result<ArrayRef> {
    lists(columns, text_item(), |text, list| {
        for element in array(text)? {
            list.append_option(part::as_text(element).map_err(|error| invalid(&error))?);
        }
        Ok(())
    })
}

fn keys(columns: &[ArrayRef]) -> Result<ArrayRef> {
    lists(columns, text_item(), |text, list| {
        let names = part::names(text).map_err(|error| invalid(&error))?;
        let names = names.ok_or_else(|| no("object"))?;
        for name in names {
            list.append_value(name);
        }
        Ok(())
    })
}

fn lists(
    columns: &[ArrayRef],
    item: Field,
    fill: fn(&str, &mut StringBuilder) -> Result<()>,
) -> Result<ArrayRef> {
    let mut lists = ListBuilder::new(StringBuilder::new()).with_field(item);
    for text in rows(columns)? {
        if let Some(text) = text {
            fill(text, lists.values())?;
        }
        lists.append(text.is_some());
    }
    Ok(Arc::new(lists.finish()))
}

fn text_item() -> Field {
    Field::new_list_field(DataType::Utf8, true)
}

fn json_item() -> Field {
    as_json(text_item())
}

fn array(text: &str) -> Result<Vec<&str>> {
    part::elements(text).map_err(|error| invalid(&error))?.ok_or_else(|| no("array"))
}

fn no(kind: &str) -> DataFusionError {
    external(
        Error::new(Code::InvalidParameter, format!("the JSON text is not an {kind}"))
            .with_hint("json_typeof says what a text is."),
    )
}

fn rows(columns: &[ArrayRef]) -> Result<&StringArray> {
    let [texts] = columns else { return exec_err!("one JSON text is expected") };
    Ok(texts.as_string::<i32>())
}
