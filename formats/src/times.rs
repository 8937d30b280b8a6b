//! Times that formats write as text.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use crate::moments::usual_micros;

/// Returns the microseconds since 1970 of an ISO 8601 time, or of the beginning of a day; a time
/// with a zone is brought to UTC.
pub(crate) fn microseconds(text: &str) -> Option<i64> {
    let text = text.trim();
    let bare = text.trim_end_matches(['Z', 'z']);
    if let Some(usual) = usual_micros(bare) {
        return Some(usual);
    }
    for format in ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z"] {
        if let Ok(time) = DateTime::parse_from_str(text, format) {
            return Some(time.timestamp_micros());
        }
    }
    for format in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M"] {
        if let Ok(time) = NaiveDateTime::parse_from_str(bare, format) {
            return Some(time.and_utc().timestamp_micros());
        }
    }
    let day = |format| NaiveDate::parse_from_str(bare, format).ok();
    let day = day("%Y-%m-%d").or_else(|| day("%Y/%m/%d"))?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_many_spellings() {
        for text in [
            "2020-02-29T12:34:56.5",
            "2020-02-29 12:34:56.500",
            "2020-02-29T12:34:56.5Z",
            "2020-02-29T14:34:56.5+02:00",
            "2020-02-29T14:34:56.5+02",
        ] {
            assert_eq!(microseconds(text), Some(1_582_979_696_500_000), "{text}");
        }
        assert_eq!(microseconds("1970-01-02"), Some(86_400_000_000));
        assert_eq!(microseconds("1970-01-01T00:01"), Some(60_000_000));
        assert_eq!(microseconds("soon"), None);
    }
}
