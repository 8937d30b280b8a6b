//! `json_build_object` and `json_build_array`, and the same of `jsonb`.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringViewBuilder};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    TypeSignature, Volatility,
};
use godwit_udfs::{JsonColumn, as_json, to_jsonb};

use super::super::columnar::{answered, are_constant};
use super::name::check_name;
use crate::error::{Code, Error, external};

/// Returns the functions.
pub(super) fn all() -> impl Iterator<Item = ScalarUDF> {
    let functions = [
        ("json_build_object", true, false),
        ("jsonb_build_object", true, true),
        ("json_build_array", false, false),
        ("jsonb_build_array", false, true),
    ];
    functions.into_iter().map(|(name, is_object, is_binary)| {
        let takes = vec![TypeSignature::Nullary, TypeSignature::VariadicAny];
        let signature = Signature::one_of(takes, Volatility::Immutable);
        ScalarUDF::from(Build { name, is_object, is_binary, signature })
    })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Build {
    name: &'static str,
    is_object: bool,
    is_binary: bool,
    signature: Signature,
}

impl ScalarUDFImpl for Build {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        if self.is_object {
            if !arguments.arg_fields.len().is_multiple_of(2) {
                return Err(refused(
                    "argument list must have even number of elements".to_owned(),
                    "Type names and values in turn: json_build_object('a', 1, 'b', 2).",
                ));
            }
            for name in arguments.arg_fields.iter().step_by(2) {
                check_name(name)?;
            }
        }
        Ok(Arc::new(as_json(Field::new(self.name, DataType::Utf8View, false))))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_constant = are_constant(&arguments.args);
        let arrays: Vec<ArrayRef> =
            arguments.args.iter().map(|value| value.to_array(1)).collect::<Result<_>>()?;
        let mut parts = Vec::with_capacity(arrays.len());
        for ((field, value), array) in arguments.arg_fields.iter().zip(&arguments.args).zip(&arrays)
        {
            let column = JsonColumn::try_new(field, array.as_ref()).map_err(external)?;
            parts.push(Part { column, is_constant: matches!(value, ColumnarValue::Scalar(_)) });
        }
        let row_count = if is_constant { 1 } else { arguments.number_rows };
        let mut texts = StringViewBuilder::with_capacity(row_count);
        for row in 0..row_count {
            let text = if self.is_object { object(&parts, row)? } else { array(&parts, row)? };
            if self.is_binary {
                texts.try_append_value(to_jsonb(&text).map_err(external)?)?;
            } else {
                texts.try_append_value(text)?;
            }
        }
        let texts: ArrayRef = Arc::new(texts.finish());
        answered(texts, is_constant)
    }
}

/// An argument.
struct Part<'a> {
    column: JsonColumn<'a>,
    is_constant: bool,
}

impl Part<'_> {
    fn place(&self, row: usize) -> usize {
        if self.is_constant { 0 } else { row }
    }

    fn write(&self, row: usize, out: &mut String) -> Result<()> {
        self.column.write(self.place(row), out).map_err(external)
    }
}

fn object(parts: &[Part<'_>], row: usize) -> Result<String> {
    let mut text = "{".to_owned();
    for (index, pair) in parts.chunks_exact(2).enumerate() {
        let [name, value] = pair else { continue };
        if name.column.is_null(name.place(row)) {
            let message = format!("argument {} cannot be null", 2 * index + 1);
            return Err(refused(message, "The name of a member is a text."));
        }
        text.push_str(if index > 0 { ", " } else { "" });
        name.column.write_name(name.place(row), &mut text).map_err(external)?;
        text.push_str(" : ");
        value.write(row, &mut text)?;
    }
    text.push('}');
    Ok(text)
}

fn array(parts: &[Part<'_>], row: usize) -> Result<String> {
    let mut text = "[".to_owned();
    for (index, part) in parts.iter().enumerate() {
        text.push_str(if index > 0 { ", " } else { "" });
        part.write(row, &mut text)?;
    }
    text.push(']');
    Ok(text)
}

fn refused(message: String, hint: &str) -> DataFusionError {
    external(Error::new(Code::InvalidParameter, message).with_hint(hint))
}
