//! Columns of text as dates and times: `to_timestamp(text, template)` and `to_date(text, template)`.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, Date32Array, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Date32Type, TimeUnit};
use chrono::Duration;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::fields::Reading;
use super::latest::Latest;
use super::reader::Reader;
use crate::error::{Code, Error, external};
use crate::functions::plain::{Plain, takes};

/// The function that `to_timestamp` with a template is.
pub(crate) const READ_TIMESTAMP: &str = "godwit_read_timestamp";

/// The function that `to_date` with a template is.
pub(crate) const READ_DATE: &str = "godwit_read_date";

/// Returns the functions. A text without an offset tells the time of UTC.
pub(in crate::functions) fn readers() -> [ScalarUDF; 2] {
    let types = vec![takes(&[DataType::Utf8, DataType::Utf8])];
    let instant = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    [
        Plain::new(READ_TIMESTAMP, types.clone(), instant, timestamps).into(),
        Plain::new(READ_DATE, types, DataType::Date32, dates).into(),
    ]
}

fn timestamps(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let instants = read(columns, |reading| {
        let offset = Duration::seconds(reading.offset.unwrap_or(0).into());
        (reading.local - offset).and_utc().timestamp_micros()
    })?;
    Ok(Arc::new(instants.into_iter().collect::<TimestampMicrosecondArray>().with_timezone("UTC")))
}

fn dates(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let dates = read(columns, |reading| Date32Type::from_naive_date(reading.date))?;
    Ok(Arc::new(dates.into_iter().collect::<Date32Array>()))
}

fn read<T>(columns: &[ArrayRef], value: fn(&Reading) -> T) -> Result<Vec<Option<T>>> {
    let [texts, templates] = columns else {
        return exec_err!("a text and a template are expected");
    };
    let (texts, templates) = (texts.as_string::<i32>(), templates.as_string::<i32>());
    let mut latest = Latest::new();
    let rows = texts.iter().zip(templates).map(|pair| {
        let (Some(text), Some(template)) = pair else { return Ok(None) };
        let reading = latest.get(template, Reader::new).read(text);
        reading
            .map(|reading| Some(value(&reading)))
            .map_err(|message| external(Error::new(Code::InvalidText, message)))
    });
    rows.collect()
}
