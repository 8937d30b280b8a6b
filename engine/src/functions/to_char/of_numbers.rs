//! Columns of numbers as text, and `to_number`: columns of text as numbers.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, Float64Array, StringArray, StringBuilder};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::number_template::NumberTemplate;
use crate::error::{Code, Error};
use crate::functions::plain::{Plain, failed, takes};

/// Returns `to_number(text, template)`.
pub(in crate::functions) fn to_number() -> ScalarUDF {
    let types = vec![takes(&[DataType::Utf8, DataType::Utf8])];
    Plain::new("to_number", types, DataType::Float64, read).into()
}

/// Returns numbers as their templates write them.
pub(super) fn written(values: &ArrayRef, formats: &StringArray) -> Result<ArrayRef> {
    let decimals = decimals(values)?;
    let mut templates = Templates::default();
    let mut texts = StringBuilder::with_capacity(values.len(), 0);
    for (row, decimal) in decimals.iter().enumerate() {
        match decimal {
            Some(decimal) if formats.is_valid(row) => {
                texts.append_value(templates.get(formats.value(row))?.format(decimal));
            }
            _ => texts.append_null(),
        }
    }
    Ok(Arc::new(texts.finish()))
}

/// Returns numbers as plain decimal texts, doubles as the shortest that stand for them.
fn decimals(values: &ArrayRef) -> Result<Vec<Option<Cow<'_, str>>>> {
    if let Some(doubles) = values.as_primitive_opt::<Float64Type>() {
        return Ok(doubles.iter().map(|value| value.map(|value| plain(value).into())).collect());
    }
    let texts = cast(values, &DataType::Utf8)?;
    let texts = texts.as_string::<i32>().iter();
    Ok(texts.map(|text| text.map(|text| text.to_owned().into())).collect())
}

fn plain(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    value.to_string()
}

fn read(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [texts, formats] = columns else { return exec_err!("to_number takes a text and a format") };
    let (texts, formats) = (texts.as_string::<i32>(), formats.as_string::<i32>());
    let mut templates = Templates::default();
    let numbers = texts.iter().zip(formats).map(|pair| match pair {
        (Some(text), Some(format)) if !format.is_empty() => {
            let decimal = templates.get(format)?.read(text).map_err(unreadable)?;
            let number = decimal.parse().ok();
            number.map(Some).ok_or_else(|| unreadable(format!("\"{text}\" is no number")))
        }
        _ => Ok(None),
    });
    Ok(Arc::new(numbers.collect::<Result<Float64Array>>()?))
}

fn unreadable(message: String) -> datafusion::common::DataFusionError {
    failed(Error::new(Code::InvalidText, message))
}

/// A template, kept as long as rows have the same one.
#[derive(Default)]
struct Templates {
    last: Option<(String, NumberTemplate)>,
}

impl Templates {
    fn get(&mut self, format: &str) -> Result<&NumberTemplate> {
        let known = match self.last.take() {
            Some(known) if known.0 == format => known,
            _ => {
                let template = NumberTemplate::parse(format).map_err(|message| {
                    failed(
                        Error::new(Code::InvalidParameter, message)
                            .with_hint("Type for example to_char(x, 'FM999,990.00')."),
                    )
                })?;
                (format.to_owned(), template)
            }
        };
        Ok(&self.last.insert(known).1)
    }
}
