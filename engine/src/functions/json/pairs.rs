//! `json_object(texts)` and `json_object(names, values)`, and the same of `jsonb`: objects of texts.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, ListArray, StringArray};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{DataFusionError, Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};
use godwit_udfs::{as_json, to_jsonb, write_string};

use super::super::columnar::{answered, are_constant};
use crate::error::{Code, Error, external};
use crate::functions::items;

/// Returns the functions.
pub(super) fn all() -> [ScalarUDF; 2] {
    [("json_object", false), ("jsonb_object", true)].map(|(name, is_binary)| {
        let signature = Signature::user_defined(Volatility::Immutable);
        ScalarUDF::from(Pairs { name, is_binary, signature })
    })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Pairs {
    name: &'static str,
    is_binary: bool,
    signature: Signature,
}

impl ScalarUDFImpl for Pairs {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        if !(1..=2).contains(&types.len()) || !types.iter().all(is_of_texts) {
            return plan_err!("{} takes one array of texts, or two", self.name);
        }
        let coerced = types.iter().map(|of| if of.is_list() { texts() } else { DataType::Utf8 });
        Ok(coerced.collect())
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn return_field_from_args(&self, _arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        Ok(Arc::new(as_json(Field::new(self.name, DataType::Utf8, true))))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_constant = are_constant(&arguments.args);
        let rows = if is_constant { 1 } else { arguments.number_rows };
        let columns =
            arguments.args.iter().map(|value| value.to_array(rows)).collect::<Result<Vec<_>>>()?;
        let objects = (0..rows).map(|row| {
            let lists =
                columns.iter().map(|column| list(column, row)).collect::<Result<Vec<_>>>()?;
            let object = match lists.as_slice() {
                [Some(pairs)] => of_pairs(pairs)?,
                [Some(names), Some(values)] => of_lists(names, values)?,
                [_] | [_, _] => return Ok(None),
                _ => return exec_err!("one array of texts is expected, or two"),
            };
            if self.is_binary {
                return to_jsonb(&object).map(Some).map_err(external);
            }
            Ok(Some(object))
        });
        let objects = objects.collect::<Result<StringArray>>()?;
        answered(Arc::new(objects), is_constant)
    }
}

type Text = Option<String>;

fn texts() -> DataType {
    DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true)))
}

/// Returns whether a type is that of texts in an array, or of one text that spells such.
fn is_of_texts(data_type: &DataType) -> bool {
    match data_type {
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            item.data_type().is_string() || item.data_type().is_null()
        }
        other => other.is_string() || other.is_null(),
    }
}

/// Returns the texts of a row.
fn list(column: &ArrayRef, row: usize) -> Result<Option<Vec<Text>>> {
    if column.is_null(row) {
        return Ok(None);
    }
    let lists: Option<&ListArray> = column.as_list_opt();
    if let Some(lists) = lists {
        let texts = lists.value(row);
        return Ok(Some(texts.as_string::<i32>().iter().map(|of| of.map(str::to_owned)).collect()));
    }
    let text = column.as_string::<i32>().value(row);
    let Some(items) = items(text) else {
        let message = format!("malformed array literal: \"{text}\"");
        return Err(external(
            Error::new(Code::InvalidText, message).with_hint("Type for example ARRAY['a', '1']."),
        ));
    };
    let texts = items.into_iter().map(|item| {
        let is_null = !item.is_quoted && item.text.eq_ignore_ascii_case("null");
        (!is_null).then_some(item.text)
    });
    Ok(Some(texts.collect()))
}

/// Returns the object of names and values in turn.
fn of_pairs(pairs: &[Text]) -> Result<String> {
    if !pairs.len().is_multiple_of(2) {
        return Err(refused("array must have even number of elements"));
    }
    let members = pairs.chunks_exact(2).filter_map(|pair| match pair {
        [name, value] => Some((name, value)),
        _ => None,
    });
    object(members)
}

fn of_lists(names: &[Text], values: &[Text]) -> Result<String> {
    if names.len() != values.len() {
        return Err(refused("the arrays of names and values are not of one length"));
    }
    object(names.iter().zip(values))
}

fn object<'a>(members: impl Iterator<Item = (&'a Text, &'a Text)>) -> Result<String> {
    let mut object = "{".to_owned();
    for (index, (name, value)) in members.enumerate() {
        let Some(name) = name else {
            return Err(refused("null value not allowed for object key"));
        };
        object.push_str(if index > 0 { ", " } else { "" });
        write_string(name, &mut object);
        object.push_str(" : ");
        match value {
            Some(value) => write_string(value, &mut object),
            None => object.push_str("null"),
        }
    }
    object.push('}');
    Ok(object)
}

fn refused(message: &str) -> DataFusionError {
    let hint = "Type names and values in turn, ARRAY['a', '1', 'b', '2'], or two arrays.";
    external(Error::new(Code::InvalidParameter, message).with_hint(hint))
}
