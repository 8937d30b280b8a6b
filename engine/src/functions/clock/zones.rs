//! The zones that texts of moments name: offsets, abbreviations, places.

use arrow::array::timezone::Tz;
use chrono::{Duration, NaiveDateTime};

use super::super::at_time_zone::offset_of_clock;
use crate::error::{Code, Error};

/// What abbreviations mean in minutes ahead of Greenwich, as `PostgreSQL` reads them.
const ABBREVIATIONS: [(&str, i32); 36] = [
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("zulu", 0),
    ("wet", 0),
    ("west", 60),
    ("bst", 60),
    ("cet", 60),
    ("cest", 120),
    ("met", 60),
    ("mest", 120),
    ("eet", 120),
    ("eest", 180),
    ("sast", 120),
    ("msk", 180),
    ("pkt", 300),
    ("ict", 420),
    ("jst", 540),
    ("kst", 540),
    ("awst", 480),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("ast", -240),
    ("adt", -180),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("hst", -600),
];

/// Returns the time in Greenwich at which clocks of a zone show a time.
pub(super) fn in_greenwich(shown: NaiveDateTime, zone: &str) -> Result<NaiveDateTime, Error> {
    let ahead = match abbreviated(zone) {
        Some(minutes) => i64::from(minutes) * 60,
        None => match offset(zone) {
            Some(seconds) => seconds,
            None => offset_of_clock(place(zone)?, shown),
        },
    };
    shown.checked_sub_signed(Duration::seconds(ahead)).ok_or_else(|| {
        Error::new(Code::DatetimeOverflow, format!("timestamp out of range: \"{shown} {zone}\""))
    })
}

/// Returns what an abbreviation means in minutes ahead of Greenwich.
pub(in super::super) fn abbreviated(zone: &str) -> Option<i32> {
    let known = ABBREVIATIONS.iter().find(|(name, _)| name.eq_ignore_ascii_case(zone));
    known.map(|(_, minutes)| *minutes)
}

fn place(zone: &str) -> Result<Tz, Error> {
    zone.parse().map_err(|error| {
        Error::new(Code::InvalidParameter, format!("the time zone \"{zone}\" is not known"))
            .with_hint("Type a name such as 'Europe/Berlin', or an offset such as '+02:00'.")
            .with_source(error)
    })
}

/// Returns the seconds of `+2`, `-0230`, `+02:30` or `+02:30:15`.
fn offset(zone: &str) -> Option<i64> {
    let (sign, digits) = match zone.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, zone.strip_prefix('+')?),
    };
    let mut parts = digits.split(':');
    let first = parts.next()?;
    let (hours, minutes) = match first.len() {
        1 | 2 => (first, parts.next().unwrap_or("0")),
        3 | 4 => first.split_at_checked(first.len() - 2)?,
        _ => return None,
    };
    let seconds = parts.next().unwrap_or("0");
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || ![hours, minutes, seconds].into_iter().all(is_number) {
        return None;
    }
    let (hours, minutes, seconds): (i64, i64, i64) =
        (hours.parse().ok()?, minutes.parse().ok()?, seconds.parse().ok()?);
    let is_possible = hours < 16 && minutes < 60 && seconds < 60;
    is_possible.then_some(sign * (hours * 3600 + minutes * 60 + seconds))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn offsets_are_read() {
        let cases = [
            ("+2", Some(7200)),
            ("-0230", Some(-9000)),
            ("+02:30", Some(9000)),
            ("+02:30:15", Some(9015)),
            ("+99", None),
            ("02", None),
            ("+2x", None),
            ("+", None),
        ];
        for (text, expected) in cases {
            assert_eq!(offset(text), expected, "{text}");
        }
    }

    #[test]
    fn clocks_that_change_are_read_as_postgresql_does() {
        let shown = |month, day, hour| {
            NaiveDate::from_ymd_opt(2024, month, day).unwrap().and_hms_opt(hour, 30, 0).unwrap()
        };
        let cases = [
            (shown(3, 31, 2), "Europe/Berlin", shown(3, 31, 1)),
            (shown(10, 27, 2), "Europe/Berlin", shown(10, 27, 1)),
            (shown(3, 10, 2), "America/New_York", shown(3, 10, 7)),
            (shown(7, 1, 10), "PST", shown(7, 1, 18)),
            (shown(7, 1, 10), "Z", shown(7, 1, 10)),
        ];
        for (clock, zone, expected) in cases {
            assert_eq!(in_greenwich(clock, zone).unwrap(), expected, "{clock} {zone}");
        }
        assert!(in_greenwich(shown(7, 1, 10), "Nowhere/Else").is_err());
    }
}
