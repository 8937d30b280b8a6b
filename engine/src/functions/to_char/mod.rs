//! `to_char`: a date, a time or a number as text, by a template of `PostgreSQL` or a format of
//! `strftime`.

mod cursor;
mod decimal;
mod fields;
mod moment;
mod number;
mod number_template;
mod of_numbers;
mod of_texts;
mod reader;
mod steps;
mod template;
mod to_number;

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, StringArray, StringBuilder};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::{DataFusionError, Result, ScalarValue, plan_err};
use datafusion::functions::datetime;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use self::moment::Moments;
use self::template::Template;
use crate::error::{Code, Error};

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
            integer if integer.is_integer() => DataType::Int64,
            DataType::Float16 | DataType::Float32 => DataType::Float64,
            number if number.is_numeric() => number.clone(),
            DataType::Timestamp(_, _)
            | DataType::Date32
            | DataType::Date64
            | DataType::Time32(_)
            | DataType::Time64(_)
            | DataType::Duration(_) => value.clone(),
            text if text.is_string() || text.is_null() => {
                DataType::Timestamp(TimeUnit::Microsecond, None)
            }
            other => {
                let message = format!("to_char writes dates, times and numbers, not {other}");
                let error = Error::new(Code::UndefinedFunction, message);
                return Err(DataFusionError::External(Box::new(error)));
            }
        };
        Ok(vec![value, DataType::Utf8])
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [values, formats] = arguments.args.as_slice() else {
            return plan_err!("to_char takes a date, a time or a number and a format");
        };
        let is_constant =
            [values, formats].iter().all(|value| matches!(value, ColumnarValue::Scalar(_)));
        let rows = if is_constant { 1 } else { arguments.number_rows };
        let formats = cast(&formats.to_array(rows)?, &DataType::Utf8)?;
        let is_number = values.data_type().is_numeric();
        let is_duration = matches!(values.data_type(), DataType::Duration(_));
        if is_duration || !is_number && have_percent_signs(&formats) {
            return datetime::to_char().inner().invoke_with_args(arguments);
        }
        let values = values.to_array(rows)?;
        let texts = match formats.as_string::<i32>() {
            formats if is_number => of_numbers::written(&values, formats)?,
            formats => written(&values, formats)?,
        };
        if is_constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&texts, 0)?));
        }
        Ok(ColumnarValue::Array(texts))
    }
}

fn have_percent_signs(formats: &ArrayRef) -> bool {
    formats.as_string::<i32>().iter().flatten().any(|format| format.contains('%'))
}

fn written(values: &ArrayRef, formats: &StringArray) -> Result<ArrayRef> {
    let moments = Moments::of(values)?;
    let mut texts = StringBuilder::with_capacity(values.len(), 0);
    let (mut text, mut last) = (String::new(), None::<(&str, Template)>);
    for row in 0..values.len() {
        let (Some(moment), true) = (moments.get(row), formats.is_valid(row)) else {
            texts.append_null();
            continue;
        };
        let format = formats.value(row);
        let (_, template) = match last.take() {
            Some(known) if known.0 == format => last.insert(known),
            _ => last.insert((format, Template::parse(format))),
        };
        text.clear();
        template.write(&moment, &mut text);
        texts.append_value(&text);
    }
    Ok(Arc::new(texts.finish()))
}
