//! Columns of numbers as text, and `to_number`: columns of text as numbers.

use std::fmt::Display;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, Float64Array, StringArray, StringBuilder};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float32Type, Float64Type};
use datafusion::common::{DataFusionError, Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::latest::Latest;
use super::number_template::NumberTemplate;
use crate::error::{Code, Error, external};
use crate::functions::plain::{Plain, takes};

/// Returns `to_number(text, template)`.
pub(in crate::functions) fn to_number() -> ScalarUDF {
    let types = vec![takes(&[DataType::Utf8, DataType::Utf8])];
    Plain::new("to_number", types, DataType::Float64, read).into()
}

/// Returns numbers as their templates write them.
pub(super) fn written(values: &ArrayRef, formats: &StringArray) -> Result<ArrayRef> {
    let decimals = decimals(values)?;
    let mut latest = Latest::new();
    let mut texts = StringBuilder::with_capacity(values.len(), 0);
    for pair in decimals.iter().zip(formats) {
        match pair {
            (Some(decimal), Some(format)) => {
                let template = known(latest.get(format, NumberTemplate::parse))?;
                texts.append_value(template.format(decimal));
            }
            _ => texts.append_null(),
        }
    }
    Ok(Arc::new(texts.finish()))
}

/// Returns numbers as plain decimal texts, those with a binary fraction as the shortest that stand
/// for them.
fn decimals(values: &ArrayRef) -> Result<StringArray> {
    if let Some(doubles) = values.as_primitive_opt::<Float64Type>() {
        return Ok(doubles.iter().map(|value| value.map(plain)).collect());
    }
    if let Some(floats) = values.as_primitive_opt::<Float32Type>() {
        return Ok(floats.iter().map(|value| value.map(plain)).collect());
    }
    Ok(cast(values, &DataType::Utf8)?.as_string::<i32>().clone())
}

/// Returns a number as `Number::parse` takes it.
fn plain(value: impl Display) -> String {
    value.to_string().replace("inf", "Infinity")
}

fn read(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [texts, formats] = columns else { return exec_err!("to_number takes a text and a format") };
    let (texts, formats) = (texts.as_string::<i32>(), formats.as_string::<i32>());
    let mut latest = Latest::new();
    let numbers = texts.iter().zip(formats).map(|pair| match pair {
        (Some(text), Some(format)) if !format.is_empty() => {
            let template = known(latest.get(format, NumberTemplate::parse))?;
            let decimal = template.read(text).map_err(unreadable)?;
            let number = decimal.parse().ok().filter(|number: &f64| number.is_finite());
            number.map(Some).ok_or_else(|| too_large(text))
        }
        _ => Ok(None),
    });
    Ok(Arc::new(numbers.collect::<Result<Float64Array>>()?))
}

fn unreadable(message: String) -> DataFusionError {
    external(Error::new(Code::InvalidText, message))
}

fn too_large(text: &str) -> DataFusionError {
    external(Error::new(Code::ValueOutOfRange, format!("\"{text}\" is too large for a double")))
}

/// Returns a template, unless it is refused.
fn known(template: &Result<NumberTemplate, String>) -> Result<&NumberTemplate> {
    template.as_ref().map_err(|message| {
        external(
            Error::new(Code::InvalidParameter, message.clone())
                .with_hint("Type for example to_char(x, 'FM999,990.00')."),
        )
    })
}
