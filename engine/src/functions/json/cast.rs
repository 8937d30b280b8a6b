//! `x::json` and `x::jsonb`: a text that is JSON, checked and marked as such, or any other value
//! written as JSON.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, StringViewBuilder};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};
use godwit_udfs::{JsonColumn, as_json, is_json, to_jsonb};
use serde_json::value::RawValue;

use super::super::columnar::mapped;
use super::invalid;
use crate::error::external;

/// The functions that casts are, each with whether it is one to `jsonb`, and whether it makes null
/// of what it cannot read.
const CASTS: [(&str, bool, bool); 4] = [
    ("godwit_json_cast", false, false),
    ("godwit_jsonb_cast", true, false),
    ("godwit_try_json_cast", false, true),
    ("godwit_try_jsonb_cast", true, true),
];

/// Returns the name of the function that a cast to JSON is.
pub(crate) fn json_cast(is_binary: bool, is_try: bool) -> &'static str {
    let found = CASTS.iter().find(|cast| (cast.1, cast.2) == (is_binary, is_try));
    found.map_or("", |cast| cast.0)
}

/// Returns whether this is the name of such a function.
pub(crate) fn is_json_cast(name: &str) -> bool {
    CASTS.iter().any(|cast| cast.0 == name)
}

/// Returns the function that a cast to JSON is.
pub(crate) fn json_cast_function(is_binary: bool, is_try: bool) -> ScalarUDF {
    let signature = Signature::any(1, Volatility::Immutable);
    ScalarUDF::from(JsonCast { name: json_cast(is_binary, is_try), is_binary, is_try, signature })
}

/// Returns the functions.
pub(super) fn all() -> impl Iterator<Item = ScalarUDF> {
    CASTS.into_iter().map(|(_, is_binary, is_try)| json_cast_function(is_binary, is_try))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct JsonCast {
    name: &'static str,
    is_binary: bool,
    is_try: bool,
    signature: Signature,
}

impl ScalarUDFImpl for JsonCast {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn return_field_from_args(&self, _arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        Ok(Arc::new(as_json(Field::new(self.name, DataType::Utf8View, true))))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let (Some(value), Some(field)) = (arguments.args.first(), arguments.arg_fields.first())
        else {
            return exec_err!("a cast to JSON needs a value");
        };
        mapped(value, |values| self.convert(field, values))
    }
}

impl JsonCast {
    fn convert(&self, field: &Field, values: &ArrayRef) -> Result<ArrayRef> {
        let is_text = values.data_type().is_string();
        if is_text && is_json(field) && !self.is_binary {
            return Ok(cast(values, &DataType::Utf8View)?);
        }
        if !is_text {
            return self.written(field, values);
        }
        let texts = cast(values, &DataType::Utf8View)?;
        if !self.is_binary && !self.is_try {
            for text in texts.as_string_view().iter().flatten() {
                check(text)?;
            }
            return Ok(texts);
        }
        let mut out = StringViewBuilder::with_capacity(values.len());
        for text in texts.as_string_view() {
            match text.map(|text| self.read(text)).transpose() {
                Ok(Some(json)) => out.try_append_value(json)?,
                Ok(None) => out.append_null(),
                Err(_) if self.is_try => out.append_null(),
                Err(error) => return Err(error),
            }
        }
        Ok(Arc::new(out.finish()))
    }

    fn read<'t>(&self, text: &'t str) -> Result<Cow<'t, str>> {
        if self.is_binary {
            return to_jsonb(text).map(Cow::Owned).map_err(external);
        }
        check(text)?;
        Ok(Cow::Borrowed(text))
    }

    /// Returns values that are no texts as JSON.
    fn written(&self, field: &Field, values: &ArrayRef) -> Result<ArrayRef> {
        let column = JsonColumn::try_new(field, values.as_ref()).map_err(external)?;
        let mut out = StringViewBuilder::with_capacity(values.len());
        for row in 0..values.len() {
            if column.is_null(row) {
                out.append_null();
                continue;
            }
            let mut json = String::new();
            column.write(row, &mut json).map_err(external)?;
            if self.is_binary {
                json = to_jsonb(&json).map_err(external)?;
            }
            out.try_append_value(json)?;
        }
        Ok(Arc::new(out.finish()))
    }
}

fn check(text: &str) -> Result<()> {
    serde_json::from_str::<&RawValue>(text).map(|_| ()).map_err(|error| invalid(&error))
}
