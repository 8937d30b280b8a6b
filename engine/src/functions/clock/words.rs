//! The words that a text of a date or a time is made of.

use chrono::{Datelike as _, Duration, NaiveDate, NaiveDateTime};

use super::Reading;
use super::zones::in_greenwich;
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

/// What the words of a text have said so far.
#[derive(Debug, Default)]
pub(super) struct Words {
    year: Option<u32>,
    month: Option<u32>,
    day: Option<u32>,
    time: Option<String>,
    /// Whether the hours are those after noon, if they are counted to twelve.
    is_late: Option<bool>,
    zone: Option<String>,
    /// Whether the year is counted back from the beginning of our era.
    is_before_christ: Option<bool>,
}

impl Words {
    /// Returns the first day that clocks count, of which a time is still to be said.
    pub(super) fn of_first_day() -> Self {
        Self { year: Some(1970), month: Some(1), day: Some(1), ..Self::default() }
    }

    /// Reads a word; nothing when it is none of a moment, or says again what is known.
    pub(super) fn take(&mut self, word: &str) -> Option<()> {
        // What stands before the first T of a date and a time is the date.
        let is_clock = word.split(['T', 't']).next().is_some_and(|head| head.contains(':'));
        if is_clock && word.starts_with(|letter: char| letter.is_ascii_digit()) {
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
        if word.eq_ignore_ascii_case("bc") || word.eq_ignore_ascii_case("ad") {
            return set(&mut self.is_before_christ, word.eq_ignore_ascii_case("bc"));
        }
        if let Some(day) = word.strip_prefix(['j', 'J']).and_then(number) {
            return self.take_julian_day(day);
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

    /// Reads `2024-1-2`, `2024/1/2`, `2024.1.2`, `2024-033`, `1/2/2024`, `1/2/24` or `2-Jan-2024`.
    fn take_date(&mut self, word: &str) -> Option<()> {
        if is_number(word) {
            return self.take_number(word);
        }
        let parts: Vec<&str> = word.split(['-', '/', '.']).collect();
        if let [year, day] = parts.as_slice()
            && year.len() >= 4
            && day.len() == 3
        {
            let first = NaiveDate::from_ymd_opt(i32::try_from(number(year)?).ok()?, 1, 1)?;
            return self
                .take_day(first.checked_add_signed(Duration::days(i64::from(number(day)?) - 1))?);
        }
        let [first, second, third] = parts.as_slice() else { return None };
        let (year, month_name, day) = if first.len() >= 4 {
            (first, second, third)
        } else if month(second).is_some() {
            (third, second, first)
        } else {
            (third, first, second)
        };
        let year = match (number(year)?, year.len()) {
            (year, 4..=7) => year,
            // As in PostgreSQL.
            (year @ ..70, 2) => year + 2000,
            (year, 2) => year + 1900,
            _ => return None,
        };
        set(&mut self.year, year)?;
        set(&mut self.month, month(month_name).or_else(|| number(month_name))?)?;
        set(&mut self.day, number(day)?)
    }

    /// Reads the number of a day that astronomers count.
    fn take_julian_day(&mut self, day: u32) -> Option<()> {
        let first = NaiveDate::from_ymd_opt(1970, 1, 1)?;
        self.take_day(first.checked_add_signed(Duration::days(i64::from(day) - 2_440_588))?)
    }

    fn take_day(&mut self, day: NaiveDate) -> Option<()> {
        if day.year() < 1 {
            set(&mut self.is_before_christ, true)?;
        }
        let year = if day.year() < 1 { 1 - day.year() } else { day.year() };
        set(&mut self.year, u32::try_from(year).ok()?)?;
        set(&mut self.month, day.month())?;
        set(&mut self.day, day.day())
    }

    fn take_number(&mut self, digits: &str) -> Option<()> {
        match digits.len() {
            8 => {
                set(&mut self.year, number(digits.get(..4)?)?)?;
                set(&mut self.month, number(digits.get(4..6)?)?)?;
                set(&mut self.day, number(digits.get(6..)?)?)
            }
            4 | 6 if self.has_date() => set(&mut self.time, with_colons(digits, "")?),
            6 => {
                let year = number(digits.get(..2)?)?;
                set(&mut self.year, if year < 70 { year + 2000 } else { year + 1900 })?;
                set(&mut self.month, number(digits.get(2..4)?)?)?;
                set(&mut self.day, number(digits.get(4..)?)?)
            }
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

    /// Returns the year as it is counted through, and what clocks show on that day; nothing when
    /// there is no such day or time.
    pub(super) fn clock(&self) -> Option<(i32, NaiveDateTime)> {
        let year = i32::try_from(self.year?).ok()?;
        let year = match (year, self.is_before_christ.unwrap_or(false)) {
            (0, _) => return None,
            (year, true) => 1 - year,
            (year, false) => year,
        };
        let midnight =
            NaiveDate::from_ymd_opt(year, self.month?, self.day?)?.and_hms_opt(0, 0, 0)?;
        let Some(time) = &self.time else {
            return self.is_late.is_none().then_some((year, midnight));
        };
        let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
        let mut parts = clock.split(':').map(number);
        let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
        let hour = match (hour, self.is_late) {
            (hour, None) => hour,
            (hour @ 1..=12, Some(is_late)) => hour % 12 + if is_late { 12 } else { 0 },
            _ => return None,
        };
        let nanoseconds = i64::from(number(format!("{fraction:0<9}").get(..9)?)?);
        let is_midnight = hour == 24 && minute == 0 && second == 0 && nanoseconds == 0;
        if (hour > 23 && !is_midnight) || minute > 59 || second > 60 {
            return None;
        }
        let seconds = i64::from(hour * 3600 + minute * 60 + second);
        let time = Duration::seconds(seconds) + Duration::nanoseconds(nanoseconds);
        Some((year, midnight.checked_add_signed(time)?))
    }

    /// Returns whether there is no zone, or one that is known.
    pub(super) fn has_zone(&self) -> bool {
        let day = NaiveDate::default().and_hms_opt(0, 0, 0);
        match (&self.zone, day) {
            (Some(zone), Some(day)) => in_greenwich(day, zone).is_ok(),
            _ => true,
        }
    }

    pub(super) fn spelled(self, text: &str, reading: Reading) -> Result<Option<String>, Error> {
        // What cannot be is refused in the words of the text.
        let Some((year, clock)) = self.clock() else { return Ok(None) };
        let instant = self.zone.as_ref().map(|zone| in_greenwich(clock, zone)).transpose()?;
        if reading == Reading::Day {
            return Ok(Some(clock.date().to_string()));
        }
        if !(1..=9999).contains(&year) {
            let message = format!("\"{text}\" is out of the range that timestamps are read in");
            return Err(Error::new(Code::DatetimeOverflow, message).with_hint(
                "Their years go from 1 to 9999. Dates go beyond, as in DATE '0044-03-15 BC'.",
            ));
        }
        let format = if self.time.is_some() { "%Y-%m-%dT%H:%M:%S%.f" } else { "%Y-%m-%d" };
        match (reading, instant) {
            (Reading::Instant, Some(instant)) => {
                Ok(Some(format!("{}Z", instant.format("%Y-%m-%dT%H:%M:%S%.f"))))
            }
            _ => Ok(Some(clock.format(format).to_string())),
        }
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
