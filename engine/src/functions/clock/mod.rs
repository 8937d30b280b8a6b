//! How `PostgreSQL` reads dates and times: a few orders of year, month and day, names of months,
//! digits without separators, times of twelve hours, years before Christ, zones by their names.
//!
//! Words for moments (`today`) are not read: what they mean changes while a query is kept.

mod words;
mod zones;

use chrono::NaiveDate;
use words::Words;
pub(super) use zones::abbreviated;

use crate::error::{Code, Error};

/// What a text is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Reading {
    /// A day. A time behind it says nothing.
    Day,
    /// What clocks show. A zone behind it says nothing.
    Clock,
    /// An instant, in the zone behind it if there is one.
    Instant,
}

/// Returns a moment in ISO 8601; nothing when it is so already or when it is no such text.
pub(super) fn iso_moment(text: &str, reading: Reading) -> Result<Option<String>, Error> {
    let trimmed = text.trim();
    if let Some(end) = iso_end(trimmed.as_bytes()) {
        let zone = trimmed.get(end..).unwrap_or_default();
        let is_whole = match reading {
            Reading::Day => trimmed.len() == 10,
            Reading::Clock => zone.is_empty(),
            // Offsets and Greenwich are read by the cast.
            Reading::Instant => is_offset(zone),
        };
        match (is_whole, reading) {
            (true, _) => return Ok((trimmed.len() < text.len()).then(|| trimmed.to_owned())),
            (false, Reading::Day) if is_offset(zone) => {
                return Ok(trimmed.get(..10).map(str::to_owned));
            }
            (false, Reading::Clock) if is_offset(zone) => {
                return Ok(trimmed.get(..end).map(str::to_owned));
            }
            _ => {}
        }
    }
    if ["infinity", "-infinity", "+infinity"].iter().any(|word| trimmed.eq_ignore_ascii_case(word))
    {
        return Err(Error::unsupported("there are no infinite dates and timestamps")
            .with_hint("Type NULL, or a day that is far away such as '9999-12-31'."));
    }
    if trimmed.eq_ignore_ascii_case("epoch") {
        let day = "1970-01-01";
        let greenwich = if reading == Reading::Instant { "T00:00:00Z" } else { "" };
        return Ok(Some(format!("{day}{greenwich}")));
    }
    let mut moment = Words::default();
    for word in trimmed.split([' ', ',']).filter(|word| !word.is_empty()) {
        if moment.take(word).is_none() {
            return Ok(None);
        }
    }
    moment.spelled(text, reading)
}

/// Returns a time with colons; nothing for one that is spelled so already.
pub(super) fn iso_time(text: &str) -> Result<Option<String>, Error> {
    let trimmed = text.trim();
    if is_time(trimmed.as_bytes()) {
        return Ok((trimmed.len() < text.len()).then(|| trimmed.to_owned()));
    }
    if trimmed.eq_ignore_ascii_case("allballs") {
        return Ok(Some("00:00:00".to_owned()));
    }
    let mut moment = Words::of_first_day();
    let mut words = trimmed.split(' ').filter(|word| !word.is_empty());
    if trimmed.is_empty() || words.any(|word| moment.take(word).is_none()) {
        return Err(no_time(text));
    }
    // A day more is one that the time of the next day has begun.
    match moment.clock() {
        Some((_, clock)) if clock.date() == NaiveDate::default() && moment.has_zone() => {
            Ok(Some(clock.time().format("%H:%M:%S%.f").to_string()))
        }
        _ => Err(no_time(text)),
    }
}

fn no_time(text: &str) -> Error {
    Error::new(Code::InvalidText, format!("\"{text}\" is not a time"))
        .with_hint("Type it as '04:05:06' or '040506', from '00:00:00' to '23:59:59.999999'.")
}

/// Returns where the time of a moment ends, if it begins with a whole date and a whole time if any.
fn iso_end(text: &[u8]) -> Option<usize> {
    let is_date = text.get(..10).is_some_and(|date| fits(date, b"0000-00-00"));
    // There is no year zero.
    if !is_date || text.starts_with(b"0000") {
        return None;
    }
    if text.len() == 10 {
        return Some(10);
    }
    let is_whole = text.get(11..19).is_some_and(|time| {
        fits(time, b"00:00:00") && time < b"24".as_slice() && !time.ends_with(b"60")
    });
    if !is_whole || !matches!(text.get(10), Some(b'T' | b't' | b' ')) {
        return None;
    }
    let fraction = match text.get(19..) {
        Some([b'.', digits @ ..]) => {
            1 + digits.iter().take_while(|digit| digit.is_ascii_digit()).count()
        }
        _ => 0,
    };
    Some(19 + fraction)
}

/// Returns whether a text is a whole time, with a fraction or without.
fn is_time(text: &[u8]) -> bool {
    let (clock, fraction) = text.split_at(text.len().min(8));
    let is_clock = fits(clock, b"00:00:00") && clock < b"24".as_slice() && !clock.ends_with(b"60");
    let is_fraction = match fraction {
        [] => true,
        [b'.', digits @ ..] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    is_clock && is_fraction
}

fn fits(places: &[u8], shape: &[u8]) -> bool {
    places.len() == shape.len()
        && places.iter().zip(shape).all(|(place, shape)| match shape {
            b'0' => place.is_ascii_digit(),
            shape => place == shape,
        })
}

/// Returns whether what is behind a time is nothing, Greenwich, or an offset of whole minutes.
fn is_offset(zone: &str) -> bool {
    let is_shape = |shape: &[u8]| {
        zone.get(1..).is_some_and(|digits| fits(digits.as_bytes(), shape))
            && zone.starts_with(['+', '-'])
    };
    matches!(zone, "" | "Z" | "z") || is_shape(b"00") || is_shape(b"00:00") || is_shape(b"0000")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_become_times() {
        let time = |text| iso_time(text).unwrap();
        assert_eq!(time("04:05:06.7"), None);
        for (text, expected) in [
            ("040506", "04:05:06"),
            (" 040506.789", "04:05:06.789"),
            ("0405", "04:05:00"),
            ("4:05", "04:05:00"),
            ("04:05 PM", "16:05:00"),
            ("10:00:60", "10:01:00"),
            ("10:00:00+02", "10:00:00"),
            ("allballs", "00:00:00"),
        ] {
            assert_eq!(time(text).as_deref(), Some(expected), "{text}");
        }
        for wrong in
            ["5", "40506", "0405067", "0405.5", "-14706000000", "noon", "", "24:00:00", "2024-1-2"]
        {
            assert!(iso_time(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_spelled_out_is_left_alone() {
        for text in ["2024-01-02", "2024-01-02T03:04:05Z", "2024-01-02 03:04:05.6+02:00"] {
            assert_eq!(iso_moment(text, Reading::Instant).unwrap(), None, "{text}");
        }
        assert_eq!(iso_moment("2024-01-02 03:04:05.6", Reading::Clock).unwrap(), None);
    }

    #[test]
    fn orders_and_names_are_read() {
        for (text, iso) in [
            (" 2024-01-02 ", "2024-01-02"),
            ("20240102", "2024-01-02"),
            ("240102", "2024-01-02"),
            ("2024-1-2", "2024-01-02"),
            ("2024.1.2", "2024-01-02"),
            ("2024-002", "2024-01-02"),
            ("1/2/2024", "2024-01-02"),
            ("1/2/99", "1999-01-02"),
            ("Jan 2, 2024", "2024-01-02"),
            ("2 january 2024", "2024-01-02"),
            ("2024-Jan-02", "2024-01-02"),
            ("2024-01-02 3:04", "2024-01-02T03:04:00"),
            ("20240102T030405.5+02", "2024-01-02T01:04:05.500Z"),
            ("2024-01-02T03:04", "2024-01-02T03:04:00"),
            ("2024-01-02T03:04+02", "2024-01-02T01:04:00Z"),
            ("20240102 030405", "2024-01-02T03:04:05"),
            ("20240102 030405.25Z", "2024-01-02T03:04:05.250Z"),
            ("2024-1-2 3:04 pm", "2024-01-02T15:04:00"),
            ("2024-1-2 12:04AM", "2024-01-02T00:04:00"),
            ("2024-01-02 24:00:00", "2024-01-03T00:00:00"),
            ("2024-01-02 10:00:60", "2024-01-02T10:01:00"),
            ("Tue Jan 2 03:04:05 2024", "2024-01-02T03:04:05"),
            ("2024-07-02 03:04:05.6 Europe/Berlin", "2024-07-02T01:04:05.600Z"),
            ("epoch", "1970-01-01T00:00:00Z"),
        ] {
            let read = iso_moment(text, Reading::Instant).unwrap();
            assert_eq!(read.as_deref(), Some(iso), "{text}");
        }
        for text in [
            "",
            "today",
            "2024",
            "99-01-02",
            "2024-01-02T03",
            "2024-1-2 pm",
            "2024-13-1",
            "0000-01-01",
            "\u{e9}-1-2",
        ] {
            assert_eq!(iso_moment(text, Reading::Instant).unwrap(), None, "{text}");
        }
    }

    #[test]
    fn a_day_and_a_clock_have_no_zone() {
        for (text, day) in [
            ("2024-01-02T03:04:05+02", "2024-01-02"),
            ("2024-1-2 0:30+02", "2024-01-02"),
            ("0044-03-15 BC", "-0043-03-15"),
            ("J2451187", "1999-01-08"),
            ("12345-01-01", "+12345-01-01"),
        ] {
            assert_eq!(iso_moment(text, Reading::Day).unwrap().as_deref(), Some(day), "{text}");
        }
        let clock = iso_moment("2024-01-02 03:04:05.5+02", Reading::Clock).unwrap();
        assert_eq!(clock.as_deref(), Some("2024-01-02 03:04:05.5"));
        assert!(iso_moment("0044-03-15 BC", Reading::Clock).is_err());
        assert!(iso_moment("infinity", Reading::Day).is_err());
    }
}
