//! How `PostgreSQL` reads dates and times: a few orders of year, month and day, names of months,
//! digits without separators, times of twelve hours.
//!
//! Words for moments (`today`) are not read: what they mean changes while a query is kept.

use crate::error::{Code, Error};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const DAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Returns a date, with a time and a zone or without, in ISO 8601; nothing when it is so already or
/// when it is no such text.
pub(super) fn iso_moment(text: &str) -> Option<String> {
    let trimmed = text.trim();
    if is_iso(trimmed.as_bytes()) {
        return (trimmed.len() < text.len()).then(|| trimmed.to_owned());
    }
    let mut moment = Moment::default();
    for word in trimmed.split([' ', ',']).filter(|word| !word.is_empty()) {
        moment.take(word)?;
    }
    moment.spelled()
}

/// Returns a time of which only digits and a fraction are given with colons; nothing for any other
/// text.
pub(super) fn iso_time(text: &str) -> Result<Option<String>, Error> {
    let trimmed = text.trim();
    let (digits, fraction) = match trimmed.find('.') {
        Some(point) => trimmed.split_at(point),
        None => (trimmed, ""),
    };
    let is_fraction = fraction.strip_prefix('.').is_none_or(is_number);
    let digits = digits.strip_prefix(['-', '+']).unwrap_or(digits);
    if !is_number(digits) || !is_fraction {
        return Ok(None);
    }
    match with_colons(digits, fraction) {
        Some(time) => Ok(Some(time)),
        None => Err(Error::new(Code::InvalidText, format!("\"{text}\" is not a time"))
            .with_hint("Type it as '04:05:06' or '040506'.")),
    }
}

/// Returns whether a text begins with a whole date, and goes on with a whole time if at all.
fn is_iso(text: &[u8]) -> bool {
    let fits = |places: &[u8], shape: &[u8]| {
        places.len() == shape.len()
            && places.iter().zip(shape).all(|(place, shape)| match shape {
                b'0' => place.is_ascii_digit(),
                shape => place == shape,
            })
    };
    let is_date = text.get(..10).is_some_and(|date| fits(date, b"0000-00-00"));
    let is_time = text.get(11..19).is_some_and(|time| fits(time, b"00:00:00"));
    is_date && (text.len() == 10 || is_time && matches!(text.get(10), Some(b'T' | b't' | b' ')))
}

/// What the words of a text have said so far.
#[derive(Default)]
struct Moment {
    year: Option<u32>,
    month: Option<u32>,
    day: Option<u32>,
    time: Option<String>,
    /// Whether the hours are those after noon, if they are counted to twelve.
    is_late: Option<bool>,
    zone: Option<String>,
}

impl Moment {
    /// Reads a word; nothing when it is none of a moment, or says again what is known.
    fn take(&mut self, word: &str) -> Option<()> {
        if word.contains(':') && word.starts_with(|letter: char| letter.is_ascii_digit()) {
            return self.take_clock(word);
        }
        if is_number(word) {
            return self.take_number(word);
        }
        if let Some(month) = month(word) {
            return set(&mut self.month, month);
        }
        if named(word, &DAYS).is_some() {
            return Some(());
        }
        if word.eq_ignore_ascii_case("am") || word.eq_ignore_ascii_case("pm") {
            return set(&mut self.is_late, word.eq_ignore_ascii_case("pm"));
        }
        if word.starts_with(|letter: char| letter.is_ascii_digit()) {
            if self.has_date() {
                return self.take_clock(word);
            }
            return match word.split_once(['T', 't']) {
                Some((date, time)) if time.starts_with(|first: char| first.is_ascii_digit()) => {
                    self.take_date(date)?;
                    self.take_clock(time)
                }
                _ => self.take_date(word),
            };
        }
        // A zone stands behind a time; which ones there are is known to the cast.
        self.time.as_ref()?;
        set(&mut self.zone, word.to_owned())
    }

    /// Reads `2024-1-2`, `2024/1/2`, `20240102`, `1/2/2024` or `2-Jan-2024`.
    fn take_date(&mut self, word: &str) -> Option<()> {
        if is_number(word) {
            return self.take_number(word);
        }
        let parts: Vec<&str> = word.split(['-', '/']).collect();
        let [first, second, third] = parts.as_slice() else { return None };
        let (year, month_name, day) = if first.len() == 4 {
            (first, second, third)
        } else if month(second).is_some() {
            (third, second, first)
        } else {
            (third, first, second)
        };
        if year.len() != 4 {
            return None;
        }
        set(&mut self.year, number(year)?)?;
        set(&mut self.month, month(month_name).or_else(|| number(month_name))?)?;
        set(&mut self.day, number(day)?)
    }

    fn take_number(&mut self, digits: &str) -> Option<()> {
        match digits.len() {
            8 => {
                set(&mut self.year, number(digits.get(..4)?)?)?;
                set(&mut self.month, number(digits.get(4..6)?)?)?;
                set(&mut self.day, number(digits.get(6..)?)?)
            }
            4 | 6 if self.has_date() => set(&mut self.time, with_colons(digits, "")?),
            4 => set(&mut self.year, number(digits)?),
            1 | 2 => set(&mut self.day, number(digits)?),
            _ => None,
        }
    }

    /// Reads a time and the zone behind it: `3:04`, `03:04:05.678Z`, `030405+02`.
    fn take_clock(&mut self, word: &str) -> Option<()> {
        let end = word.find(|letter: char| !matches!(letter, '0'..='9' | ':' | '.'));
        let (clock, zone) = word.split_at(end.unwrap_or(word.len()));
        let time = if clock.contains(':') {
            whole_time(clock)?
        } else {
            let (digits, fraction) = clock.split_at(clock.find('.').unwrap_or(clock.len()));
            with_colons(digits, fraction)?
        };
        set(&mut self.time, time)?;
        if zone.eq_ignore_ascii_case("am") || zone.eq_ignore_ascii_case("pm") {
            return set(&mut self.is_late, zone.eq_ignore_ascii_case("pm"));
        }
        if zone.is_empty() { Some(()) } else { set(&mut self.zone, zone.to_owned()) }
    }

    fn has_date(&self) -> bool {
        self.year.is_some() && self.month.is_some() && self.day.is_some()
    }

    fn spelled(self) -> Option<String> {
        let (year, month, day) = (self.year?, self.month?, self.day?);
        // What cannot be is refused in the words of the text.
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let date = format!("{year:04}-{month:02}-{day:02}");
        let Some(time) = self.time else {
            return self.is_late.is_none().then_some(date);
        };
        let (hour, rest) = time.split_once(':')?;
        let hour = match (number(hour)?, self.is_late) {
            (hour, None) => hour,
            (hour @ 1..=12, Some(is_late)) => hour % 12 + if is_late { 12 } else { 0 },
            _ => return None,
        };
        let zone = self.zone.unwrap_or_default();
        let is_name = zone.len() > 1 && zone.starts_with(|first: char| first.is_ascii_alphabetic());
        let gap = if is_name { " " } else { "" };
        Some(format!("{date}T{hour:02}:{rest}{gap}{zone}"))
    }
}

/// Returns a time such as `3:04` or `3:04:05.6` with all its digits.
fn whole_time(clock: &str) -> Option<String> {
    let (clock, fraction) = clock.split_at(clock.find('.').unwrap_or(clock.len()));
    let parts: Vec<&str> = clock.split(':').collect();
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] if fraction.is_empty() => (number(hour)?, number(minute)?, 0),
        [hour, minute, second] => (number(hour)?, number(minute)?, number(second)?),
        _ => return None,
    };
    if !fraction.is_empty() && !fraction.strip_prefix('.').is_some_and(is_number) {
        return None;
    }
    Some(format!("{hour:02}:{minute:02}:{second:02}{fraction}"))
}

/// Returns four or six digits as a time.
fn with_colons(digits: &str, fraction: &str) -> Option<String> {
    let (hour, minute) = (digits.get(..2)?, digits.get(2..4)?);
    match digits.len() {
        4 if fraction.is_empty() => Some(format!("{hour}:{minute}:00")),
        6 => Some(format!("{hour}:{minute}:{}{fraction}", digits.get(4..)?)),
        _ => None,
    }
}

/// Returns the number of a month by its name, of which three letters are enough.
fn month(word: &str) -> Option<u32> {
    named(word, &MONTHS).and_then(|index| u32::try_from(index + 1).ok())
}

fn named(word: &str, names: &[&str]) -> Option<usize> {
    let word = word.strip_suffix('.').unwrap_or(word).to_ascii_lowercase();
    names.iter().position(|name| word.len() >= 3 && name.starts_with(&word))
}

fn set<T>(slot: &mut Option<T>, value: T) -> Option<()> {
    slot.is_none().then(|| *slot = Some(value))
}

fn number(digits: &str) -> Option<u32> {
    is_number(digits).then(|| digits.parse().ok()).flatten()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_become_times() {
        let time = |text| iso_time(text).unwrap();
        assert_eq!(time("040506").as_deref(), Some("04:05:06"));
        assert_eq!(time(" 040506.789").as_deref(), Some("04:05:06.789"));
        assert_eq!(time("0405").as_deref(), Some("04:05:00"));
        for other in ["04:05", "noon", "", "04:05:06.7", "040506.x"] {
            assert_eq!(time(other), None, "{other}");
        }
        for wrong in ["5", "40506", "0405067", "0405.5", "-14706000000"] {
            assert!(iso_time(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_spelled_out_is_left_alone() {
        for text in ["2024-01-02", "2024-01-02T03:04:05Z", "2024-01-02 03:04:05.6 Europe/Berlin"] {
            assert_eq!(iso_moment(text), None, "{text}");
        }
    }

    #[test]
    fn orders_and_names_are_read() {
        for (text, iso) in [
            (" 2024-01-02 ", "2024-01-02"),
            ("20240102", "2024-01-02"),
            ("2024-1-2", "2024-01-02"),
            ("1/2/2024", "2024-01-02"),
            ("Jan 2, 2024", "2024-01-02"),
            ("2 january 2024", "2024-01-02"),
            ("2024-Jan-02", "2024-01-02"),
            ("2024-01-02 3:04", "2024-01-02T03:04:00"),
            ("20240102T030405.5+02", "2024-01-02T03:04:05.5+02"),
            ("20240102 030405", "2024-01-02T03:04:05"),
            ("20240102 030405.25Z", "2024-01-02T03:04:05.25Z"),
            ("2024-1-2 3:04 pm", "2024-01-02T15:04:00"),
            ("2024-1-2 12:04AM", "2024-01-02T00:04:00"),
            ("Tue Jan 2 03:04:05 2024", "2024-01-02T03:04:05"),
            ("2024-1-2 3:04 Europe/Berlin", "2024-01-02T03:04:00 Europe/Berlin"),
        ] {
            assert_eq!(iso_moment(text).as_deref(), Some(iso), "{text}");
        }
        for text in [
            "",
            "today",
            "2024",
            "99-01-02",
            "2024-01-02T03",
            "2024-1-2 pm",
            "2024-13-1",
            "\u{e9}-1-2",
        ] {
            assert_eq!(iso_moment(text), None, "{text}");
        }
    }
}
