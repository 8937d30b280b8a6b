//! Timestamps as text, as `PostgreSQL` writes them: `2024-01-05 10:00:00.5`, with `+00` behind it
//! where there is a zone.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{ScalarUDF, TypeSignature};

use super::plain::Plain;

/// Returns the function.
pub(crate) fn moment_text() -> ScalarUDF {
    let takes = vec![TypeSignature::Any(1)];
    ScalarUDF::from(Plain::new("godwit_moment_text", takes, DataType::Utf8, texts).strict())
}

fn texts(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [moments] = columns else { return exec_err!("one timestamp is expected") };
    let texts = cast(moments, &DataType::Utf8)?;
    let texts = texts.as_string::<i32>().iter().map(|text| text.map(shown));
    Ok(Arc::new(texts.collect::<StringArray>()))
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
