//! `to_char`: a date, a time, an interval or a number as text, by a template of `PostgreSQL` or a
//! format of `strftime`.

mod cursor;
mod decimal;
mod fields;
mod latest;
mod letters;
mod moment;
mod number;
mod number_template;
mod of_intervals;
mod of_numbers;
mod of_texts;
mod reader;
mod steps;
mod template;
mod to_number;
mod writer;

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, BooleanArray, StringArray, StringBuilder};
use arrow::compute::kernels::zip::zip;
use arrow::compute::{cast, nullif};
use arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::{Result, plan_err};
use datafusion::functions::datetime;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use self::latest::Latest;
use self::moment::Moments;
use self::writer::Writer;
use super::columnar::{answered, are_constant};
use super::intervals::INTERVAL;
use crate::error::{Code, Error, external};

pub(super) use self::of_numbers::to_number;
pub(super) use self::of_texts::readers;
pub(crate) use self::of_texts::{READ_DATE, READ_TIMESTAMP};

/// A date, a time or a number as text: `to_char(t, 'YYYY-MM-DD HH24:MI')`, `to_char(x, 'FM990.00')`.
///
/// A format with percent signs is one of `strftime`, which the function of the query engine knows:
/// no pattern of `PostgreSQL` has any.
/// See <https://www.postgresql.org/docs/current/functions-formatting.html>.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct ToChar {
    signature: Signature,
}

impl ToChar {
    /// Returns the function.
    pub(super) fn new() -> Self {
        Self { signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for ToChar {
    fn name(&self) -> &'static str {
        "to_char"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let [value, _] = types else {
            return plan_err!("to_char takes a date, a time or a number and a format");
        };
        let value = match value {
            // A decimal number has all digits of it.
            DataType::UInt64 => DataType::Decimal128(20, 0),
            integer if integer.is_integer() => DataType::Int64,
            DataType::Float16 => DataType::Float32,
            number if number.is_numeric() => number.clone(),
            DataType::Timestamp(_, _)
            | DataType::Date32
            | DataType::Date64
            | DataType::Time32(_)
            | DataType::Time64(_) => value.clone(),
            DataType::Interval(_) | DataType::Duration(_) => INTERVAL,
            text if text.is_string() || text.is_null() => {
                DataType::Timestamp(TimeUnit::Microsecond, None)
            }
            other => {
                let message =
                    format!("to_char writes dates, times, intervals and numbers, not {other}");
                let error = Error::new(Code::UndefinedFunction, message);
                return Err(external(error));
            }
        };
        Ok(vec![value, DataType::Utf8])
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [values, formats] = arguments.args.as_slice() else {
            return plan_err!("to_char takes a date, a time or a number and a format");
        };
        let is_constant = are_constant([values, formats]);
        let rows = if is_constant { 1 } else { arguments.number_rows };
        let values = values.to_array(rows)?;
        let formats = cast(&formats.to_array(rows)?, &DataType::Utf8)?;
        let formats = formats.as_string::<i32>();
        let texts = match values.data_type() {
            DataType::Interval(_) => of_intervals::written(&values, formats)?,
            number if number.is_numeric() => of_numbers::written(&values, formats)?,
            _ => {
                let is_strftime = have_percent_signs(formats);
                let templates = nullif(formats, &is_strftime)?;
                let texts = written(&values, templates.as_string::<i32>())?;
                if is_strftime.true_count() == 0 {
                    texts
                } else {
                    zip(&is_strftime, &strftime(arguments, rows)?, &texts)?
                }
            }
        };
        answered(texts, is_constant)
    }
}

/// Returns whether each format is one of `strftime`.
fn have_percent_signs(formats: &StringArray) -> BooleanArray {
    formats.iter().map(|format| format.map(|format| format.contains('%'))).collect()
}

/// Returns what the function of the query engine writes, for which each format is one of `strftime`.
fn strftime(arguments: ScalarFunctionArgs, rows: usize) -> Result<ArrayRef> {
    datetime::to_char().inner().invoke_with_args(arguments)?.to_array(rows)
}

/// Returns the moments as the templates of `PostgreSQL` write them; an empty one writes NULL.
fn written(values: &ArrayRef, formats: &StringArray) -> Result<ArrayRef> {
    let moments = Moments::of(values)?;
    let mut texts = StringBuilder::with_capacity(values.len(), 0);
    let (mut text, mut latest) = (String::new(), Latest::new());
    for (row, format) in formats.iter().enumerate() {
        let format = format.filter(|format| !format.is_empty());
        let (Some(moment), Some(format)) = (moments.get(row), format) else {
            texts.append_null();
            continue;
        };
        text.clear();
        latest.get(format, Writer::new).write(&moment, &mut text);
        texts.append_value(&text);
    }
    Ok(Arc::new(texts.finish()))
}
