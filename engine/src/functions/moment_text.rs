//! Timestamps as text, as `PostgreSQL` writes them: `2024-01-05 10:00:00.5`, with `+00` behind it
//! where there is a zone.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};

use super::plain::strict_field;

/// Returns the function.
pub(crate) fn moment_text() -> ScalarUDF {
    ScalarUDF::from(MomentText { signature: Signature::any(1, Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct MomentText {
    signature: Signature,
}

impl ScalarUDFImpl for MomentText {
    fn name(&self) -> &'static str {
        "godwit_moment_text"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs) -> Result<FieldRef> {
        Ok(strict_field(self.name(), DataType::Utf8, arguments.arg_fields))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [moments] = arguments.args.as_slice() else {
            return exec_err!("one timestamp is expected");
        };
        let moments = moments.to_array(arguments.number_rows)?;
        let texts = cast(&moments, &DataType::Utf8)?;
        let texts = texts.as_string::<i32>().iter().map(|text| text.map(shown));
        let texts: ArrayRef = Arc::new(texts.collect::<StringArray>());
        Ok(ColumnarValue::Array(texts))
    }
}

/// Returns the text of a moment for one of ISO 8601.
fn shown(text: &str) -> String {
    let Some((date, time)) = text.split_once('T') else { return text.to_owned() };
    let end = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (time, zone) = time.split_at_checked(end).unwrap_or((time, ""));
    let time = match time.split_once('.') {
        Some((seconds, fraction)) => match fraction.trim_end_matches('0') {
            "" => seconds.to_owned(),
            fraction => format!("{seconds}.{fraction}"),
        },
        None => time.to_owned(),
    };
    let zone = if zone == "Z" { "+00" } else { zone.strip_suffix(":00").unwrap_or(zone) };
    format!("{date} {time}{zone}")
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn texts_are_those_of_postgresql() {
        let cases = [
            ("2024-01-05T10:00:00", "2024-01-05 10:00:00"),
            ("2024-01-05T10:00:00.500", "2024-01-05 10:00:00.5"),
            ("2024-01-05T10:00:00.000Z", "2024-01-05 10:00:00+00"),
            ("2024-01-05T10:00:00.000001+05:30", "2024-01-05 10:00:00.000001+05:30"),
            ("2024-01-05T10:00:00-05:00", "2024-01-05 10:00:00-05"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected);
        }
    }
}
