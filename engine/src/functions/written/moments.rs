//! Dates, times and timestamps as text: `2024-01-05 10:00:00.5`, with `+00` behind it where there is
//! a zone, and ` BC` behind what is before the year 1.

use arrow::array::{ArrayRef, AsArray as _, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::Result;

/// Returns the texts of moments.
pub(super) fn texts(moments: &ArrayRef) -> Result<StringArray> {
    let is_date = matches!(moments.data_type(), DataType::Date32 | DataType::Date64);
    let is_time = matches!(moments.data_type(), DataType::Time32(_) | DataType::Time64(_));
    let texts = match moments.data_type() {
        // Its text has a time.
        DataType::Date64 => cast(&cast(moments, &DataType::Date32)?, &DataType::Utf8)?,
        _ => cast(moments, &DataType::Utf8)?,
    };
    let texts = texts.as_string::<i32>().iter();
    Ok(texts
        .map(|text| {
            text.map(|text| match text {
                date if is_date => era(date, ""),
                time if is_time => shown_time(time).to_owned(),
                moment => shown(moment),
            })
        })
        .collect())
}

/// Returns the text of a moment for one of ISO 8601.
fn shown(text: &str) -> String {
    let Some((date, time)) = text.split_once('T') else { return era(text, "") };
    let end = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (time, zone) = time.split_at_checked(end).unwrap_or((time, ""));
    let time = shown_time(time);
    let zone = if zone == "Z" { "+00" } else { zone.strip_suffix(":00").unwrap_or(zone) };
    era(date, &format!(" {time}{zone}"))
}

/// Returns a time without zeros at the end of its fraction.
fn shown_time(time: &str) -> &str {
    if time.contains('.') { time.trim_end_matches('0').trim_end_matches('.') } else { time }
}

/// Returns a date and what is behind it for one of ISO 8601, where the year 1 BC is zero and years
/// of five digits have a sign.
fn era(date: &str, rest: &str) -> String {
    if let Some((year, day)) = date.strip_prefix('-').and_then(|date| date.split_once('-'))
        && let Ok(year) = year.parse::<i64>()
    {
        return format!("{:04}-{day}{rest} BC", year + 1);
    }
    if let Some(day) = date.strip_prefix("0000-") {
        return format!("0001-{day}{rest} BC");
    }
    format!("{}{rest}", date.strip_prefix('+').unwrap_or(date))
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
            ("-0043-03-15T10:00:00", "0044-03-15 10:00:00 BC"),
            ("0000-12-31", "0001-12-31 BC"),
            ("+12345-01-01T10:00:00Z", "12345-01-01 10:00:00+00"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected);
        }
    }
}
