//! The date and the time of day that fields of a text tell.

use chrono::{Datelike as _, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta};

/// The days from the beginning of the Julian day count to that of our calendar.
pub(super) const JULIAN: i64 = 1_721_425;

/// What a text told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reading {
    /// The date as it was written.
    pub(super) date: NaiveDate,
    /// The date and the time of day, rounded to the digits of the pattern of its fraction.
    pub(super) local: NaiveDateTime,
    /// How many seconds that is ahead of Greenwich.
    pub(super) offset: Option<i32>,
}

/// How a year is divided.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Calendar {
    Months,
    /// That of ISO 8601.
    Weeks,
}

/// What is read of a text: zero is what is missing, as in `PostgreSQL`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fields {
    calendar: Option<Calendar>,
    pub(super) century: i64,
    pub(super) year: i64,
    /// How many digits of the year were asked for.
    pub(super) year_digits: u32,
    pub(super) is_before_christ: i64,
    pub(super) month: i64,
    pub(super) week: i64,
    pub(super) week_of_month: i64,
    pub(super) day: i64,
    pub(super) day_of_year: i64,
    /// From Sunday on, which is 1.
    pub(super) day_of_week: i64,
    pub(super) julian_day: i64,
    pub(super) hour: i64,
    /// Whether hours are those of a clock of twelve.
    pub(super) has_half_days: bool,
    pub(super) is_afternoon: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    pub(super) second_of_day: i64,
    pub(super) millisecond: i64,
    pub(super) microsecond: i64,
    /// How many digits of the fraction of a second are kept, unless all.
    pub(super) precision: u32,
    pub(super) offset_sign: Option<i32>,
    pub(super) offset_hours: i64,
    pub(super) offset_minutes: i64,
}

/// Keeps what a pattern read, unless that is something else than before.
pub(super) fn set(slot: &mut i64, value: i64, name: &str) -> Result<(), String> {
    if *slot != 0 && *slot != value {
        return Err(format!("{name} differs from what was read before it"));
    }
    *slot = value;
    Ok(())
}

impl Fields {
    /// Refuses fields of both calendars.
    pub(super) fn count_by(&mut self, calendar: Calendar) -> Result<(), String> {
        if *self.calendar.get_or_insert(calendar) == calendar {
            return Ok(());
        }
        Err("patterns of ISO 8601 (IYYY, IW, ID, IDDD) and of other years cannot be mixed"
            .to_owned())
    }

    /// Returns the date and the time of day, unless there is no such.
    pub(super) fn reading(&self) -> Result<Reading, String> {
        let date = self.date()?;
        if date < first_date() {
            return Err("the date is before 24 November 4714 BC".to_owned());
        }
        let seconds = self.seconds()?;
        let microseconds = self.microseconds()?;
        let offset = self.offset()?;
        let local = moment(date, seconds).and_then(|whole| {
            let is_recent = utc(whole, offset)?.date() >= NaiveDate::from_ymd_opt(2000, 1, 1)?;
            let fraction = rounded(microseconds, self.precision, is_recent);
            let local = whole.checked_add_signed(TimeDelta::microseconds(fraction))?;
            utc(local, offset).map(|_| local)
        });
        let local = local.ok_or_else(too_far)?;
        Ok(Reading { date, local, offset })
    }

    fn date(&self) -> Result<NaiveDate, String> {
        let mut date = Parts { year: self.full_year(), month: 1, day: 1 };
        let mut day_of_year = self.day_of_year;
        if self.julian_day != 0 {
            date = Parts::of(day_number(self.julian_day - JULIAN)?);
        }
        if self.week != 0 && self.has_weeks() {
            date = Parts::of(self.day_of_iso_week(date.year)?);
        } else if self.week != 0 {
            day_of_year = (self.week - 1) * 7 + 1;
        }
        if self.week_of_month != 0 {
            date.day = (self.week_of_month - 1) * 7 + 1;
        } else if self.day != 0 {
            date.day = self.day;
        }
        if self.month != 0 {
            date.month = self.month;
        }
        if day_of_year != 0 && (date.month <= 1 || date.day <= 1) {
            self.set_day_of_year(&mut date, day_of_year)?;
        }
        if self.has_year() || !(1..=31).contains(&date.day) {
            return date.checked();
        }
        // Without a year nobody knows how long a month is.
        let first = Parts { day: 1, ..date }.checked()?;
        day_number(number_of(first) + date.day - 1)
    }

    fn has_year(&self) -> bool {
        self.year != 0 || self.century != 0 || self.julian_day != 0
    }

    fn has_weeks(&self) -> bool {
        self.calendar == Some(Calendar::Weeks)
    }

    /// Returns the year, of which the one before the first is number 0.
    fn full_year(&self) -> i64 {
        let sign = if self.is_before_christ == 0 { 1 } else { -1 };
        let year = if self.year == 0 {
            // The first year of a century is that after a round number.
            match self.century * sign {
                century @ 1.. => century * 100 - 99,
                century => century * 100,
            }
        } else if self.century == 0 || self.year_digits > 2 {
            self.year.saturating_mul(sign)
        } else {
            match (self.century * sign, self.year % 100) {
                (century, 0) => century * 100,
                (century @ ..0, year) => (century + 1) * 100 - year,
                (century, year) => (century - 1) * 100 + year,
            }
        };
        if year < 0 { year + 1 } else { year }
    }

    fn day_of_iso_week(&self, year: i64) -> Result<NaiveDate, String> {
        let day = match self.day_of_week {
            0 => 0,
            // Sunday is the last day of a week.
            ..=1 => 6,
            day => day - 2,
        };
        let monday = number_of(first_monday(year)?);
        day_number(monday + (self.week - 1) * 7 + day)
    }

    fn set_day_of_year(&self, date: &mut Parts, day: i64) -> Result<(), String> {
        if date.year == 0 && self.is_before_christ == 0 {
            return Err("a day or a week of a year needs the year".to_owned());
        }
        if self.has_weeks() {
            let monday = number_of(first_monday(date.year)?);
            *date = Parts::of(day_number(monday + day - 1)?);
            return Ok(());
        }
        let first = Parts { month: 1, day: 1, ..*date }.checked()?;
        let length = if first.leap_year() { 366 } else { 365 };
        let found = match day {
            // Days of other years do no harm where something else tells the month or the day.
            ..1 => Parts { day, month: 1, ..*date },
            day if day > length => Parts { day: day - length, month: 13, ..*date },
            _ => Parts::of(day_number(number_of(first) + day - 1)?),
        };
        if (date.month <= 1 && found.month > 12) || (date.day <= 1 && found.day < 1) {
            return Err(format!("the year {} has no day {day}", named(date.year)));
        }
        if date.month <= 1 {
            date.month = found.month;
        }
        if date.day <= 1 {
            date.day = found.day;
        }
        Ok(())
    }

    /// Returns the seconds since midnight.
    fn seconds(&self) -> Result<i64, String> {
        let of_day = self.second_of_day;
        let or = |field: i64, other: i64| if field == 0 { other } else { field };
        let mut hour = or(self.hour, of_day / 3600);
        let minute = or(self.minute, of_day / 60 % 60);
        let second = or(self.second, of_day % 60);
        if self.has_half_days {
            if !(1..=12).contains(&hour) {
                return Err(format!("the hour {hour} is not between 1 and 12"));
            }
            hour = hour % 12 + 12 * self.is_afternoon;
        }
        for (name, value, limit) in
            [("hour", hour, 24), ("minute", minute, 60), ("second", second, 60)]
        {
            if !(0..limit).contains(&value) {
                return Err(format!("the {name} {value} is not between 0 and {}", limit - 1));
            }
        }
        Ok((hour * 60 + minute) * 60 + second)
    }

    fn microseconds(&self) -> Result<i64, String> {
        let sum = self.millisecond * 1000 + self.microsecond;
        if (0..1_000_000).contains(&sum) {
            return Ok(sum);
        }
        Err("the fraction of a second is not between 0 and 1".to_owned())
    }

    fn offset(&self) -> Result<Option<i32>, String> {
        let Some(sign) = self.offset_sign else { return Ok(None) };
        let (hours, minutes) = (self.offset_hours, self.offset_minutes);
        let seconds = i32::try_from(hours * 3600 + minutes * 60).ok();
        match seconds {
            Some(seconds) if (0..16).contains(&hours) && (0..60).contains(&minutes) => {
                Ok(Some(sign * seconds))
            }
            _ => Err(format!("no clock is {hours} hours and {minutes} minutes ahead or behind")),
        }
    }
}

/// A date that may not exist.
#[derive(Debug, Clone, Copy)]
struct Parts {
    year: i64,
    month: i64,
    day: i64,
}

impl Parts {
    fn of(date: NaiveDate) -> Self {
        let (month, day) = (i64::from(date.month()), i64::from(date.day()));
        Self { year: i64::from(date.year()), month, day }
    }

    fn checked(self) -> Result<NaiveDate, String> {
        let Self { year, month, day } = self;
        let (Ok(known_year), 1..=12) = (i32::try_from(year), month) else {
            return Err(match month {
                1..=12 => too_far(),
                _ => format!("the month {month} is not between 1 and 12"),
            });
        };
        let known_month = u32::try_from(month).unwrap_or_default();
        if NaiveDate::from_ymd_opt(known_year, known_month, 1).is_none() {
            return Err(too_far());
        }
        let date = u32::try_from(day).ok();
        date.and_then(|day| NaiveDate::from_ymd_opt(known_year, known_month, day)).ok_or_else(
            || format!("the month {month} of the year {} has no day {day}", named(year)),
        )
    }
}

/// Returns how people call a year.
fn named(year: i64) -> String {
    if year > 0 { year.to_string() } else { format!("{} BC", 1 - year) }
}

fn too_far() -> String {
    "the date is too far from today".to_owned()
}

/// Returns the first date of `PostgreSQL`.
fn first_date() -> NaiveDate {
    NaiveDate::from_ymd_opt(-4713, 11, 24).unwrap_or(NaiveDate::MIN)
}

/// Returns the day of a number; 1 is the first day of our calendar.
fn day_number(number: i64) -> Result<NaiveDate, String> {
    let number = i32::try_from(number).ok();
    number.and_then(NaiveDate::from_num_days_from_ce_opt).ok_or_else(too_far)
}

fn number_of(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce())
}

/// Returns the first day of a year of ISO 8601, which is that of the week of the fourth of January.
fn first_monday(year: i64) -> Result<NaiveDate, String> {
    let fourth = Parts { year, month: 1, day: 4 }.checked()?;
    let behind = i64::from(fourth.weekday().num_days_from_monday());
    day_number(number_of(fourth) - behind)
}

fn moment(date: NaiveDate, seconds: i64) -> Option<NaiveDateTime> {
    date.and_hms_opt(0, 0, 0)?.checked_add_signed(TimeDelta::try_seconds(seconds)?)
}

fn utc(local: NaiveDateTime, offset: Option<i32>) -> Option<NaiveDateTime> {
    local.checked_sub_offset(FixedOffset::east_opt(offset.unwrap_or(0))?)
}

/// Returns microseconds rounded to so many digits of a second, or as they are.
///
/// Halves go up, but down before the year 2000, from which `PostgreSQL` counts.
fn rounded(microseconds: i64, digits: u32, is_recent: bool) -> i64 {
    if !(1..6).contains(&digits) {
        return microseconds;
    }
    let unit = 10_i64.pow(6 - digits);
    let half = if is_recent { unit / 2 } else { unit / 2 - 1 };
    (microseconds + half) / unit * unit
}
