//! `json_each` and `json_each_text`: the members of a JSON object, as a list of records.

use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayBuilder as _, ArrayRef, AsArray as _, ListArray, StringBuilder, StructArray,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion::common::{DataFusionError, Result, exec_err};
use datafusion::logical_expr::ScalarUDF;
use godwit_udfs::{as_json, to_jsonb};

use super::super::plain::{Compute, Plain, takes};
use super::{invalid, part};
use crate::error::{Code, Error, external};

/// Returns the functions.
pub(super) fn all() -> [ScalarUDF; 4] {
    let function = |name, is_json, compute: Compute| {
        let returns = DataType::List(item(is_json));
        ScalarUDF::from(Plain::new(name, vec![takes(&[DataType::Utf8])], returns, compute))
    };
    [
        function("json_each", true, |columns| lists(columns, true, false)),
        function("json_each_text", false, |columns| lists(columns, false, false)),
        function("jsonb_each", true, |columns| lists(columns, true, true)),
        function("jsonb_each_text", false, |columns| lists(columns, false, true)),
    ]
}

/// Returns the field of a record, whose value is JSON or a text.
fn item(is_json: bool) -> FieldRef {
    Arc::new(Field::new_list_field(DataType::Struct(members(is_json)), true))
}

fn members(is_json: bool) -> Fields {
    let value = Field::new("value", DataType::Utf8, true);
    let value = if is_json { as_json(value) } else { value };
    Fields::from(vec![Field::new("key", DataType::Utf8, true), value])
}

/// Returns the members of each object, as `jsonb` has them if the texts are to be that.
fn lists(columns: &[ArrayRef], is_json: bool, is_binary: bool) -> Result<ArrayRef> {
    let [texts] = columns else { return exec_err!("one JSON text is expected") };
    let (mut keys, mut values) = (StringBuilder::new(), StringBuilder::new());
    let mut lengths = Vec::with_capacity(texts.len());
    for text in texts.as_string::<i32>() {
        let before = keys.len();
        match text {
            Some(text) if is_binary => {
                fill(&to_jsonb(text).map_err(external)?, is_json, &mut keys, &mut values)?;
            }
            Some(text) => fill(text, is_json, &mut keys, &mut values)?,
            None => {}
        }
        lengths.push(keys.len() - before);
    }
    let columns: Vec<ArrayRef> = vec![Arc::new(keys.finish()), Arc::new(values.finish())];
    let records = StructArray::try_new(members(is_json), columns, None)?;
    let offsets = OffsetBuffer::from_lengths(lengths);
    let nulls: Option<NullBuffer> = texts.logical_nulls();
    Ok(Arc::new(ListArray::try_new(item(is_json), offsets, Arc::new(records), nulls)?))
}

fn fill(
    text: &str,
    is_json: bool,
    keys: &mut StringBuilder,
    values: &mut StringBuilder,
) -> Result<()> {
    let members = part::members(text).map_err(|error| invalid(&error))?;
    for (key, value) in members.ok_or_else(no_object)? {
        keys.append_value(key);
        if is_json {
            values.append_value(value);
        } else {
            values.append_option(part::as_text(value).map_err(|error| invalid(&error))?);
        }
    }
    Ok(())
}

fn no_object() -> DataFusionError {
    external(
        Error::new(Code::InvalidParameter, "the JSON text is not an object")
            .with_hint("json_typeof says what a text is; json_array_elements takes an array."),
    )
}
