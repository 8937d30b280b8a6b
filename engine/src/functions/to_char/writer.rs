//! Dates and times as texts, by templates of `PostgreSQL`.

use std::fmt::Write as _;

use chrono::{Datelike as _, Timelike as _};

use super::fields::JULIAN;
use super::letters::ordinal_letters;
use super::moment::Moment;
use super::template::{DAYS, Field, MONTHS, Piece, Pieces, Prefix, ROMAN, Spelling, short};

/// A template for writing: `to_char(moment, 'YYYY-MM-DD HH24:MI')`.
#[derive(Debug)]
pub(super) struct Writer(Vec<Piece>);

impl Writer {
    /// Returns what writes by a template; every text is one.
    pub(super) fn new(template: &str) -> Self {
        Self(Pieces::of(template).collect())
    }

    /// Appends a moment.
    pub(super) fn write(&self, moment: &Moment, text: &mut String) {
        for piece in &self.0 {
            match piece {
                Piece::Character { character, .. } => text.push(*character),
                Piece::Pattern(pattern) => pattern.write(moment, text),
            }
        }
    }
}

impl Spelling {
    fn write(self, moment: &Moment, text: &mut String) {
        let start = text.len();
        self.write_field(moment, text);
        if let Some(case) = self.ordinal
            && self.field.is_number()
            && self.field != Field::OffsetMinutes
        {
            let letters = ordinal_letters(text.get(start..).unwrap_or_default());
            text.push_str(&case.of(letters));
        }
    }

    fn write_field(self, moment: &Moment, text: &mut String) {
        let is_bare = self.prefix == Some(Prefix::Bare);
        let (date, time) = (moment.local.date(), moment.local.time());
        let mut number = |number: i64, width: usize| {
            let width = if is_bare { 0 } else { width };
            // A text takes what is written to it.
            let _ = write!(text, "{number:0width$}");
        };
        let (is_common_era, year) = date.year_ce();
        let year = i64::from(year);
        let iso = date.iso_week();
        let iso_year = year_of_era(iso.year());
        let month = date.month0() as usize;
        let day = date.weekday().num_days_from_sunday() as usize;
        let offset = moment.zone.as_ref().map_or(0, |zone| zone.seconds);
        match self.field {
            Field::Hour12 => number(i64::from(time.hour12().1), 2),
            Field::Hour24 => number(i64::from(time.hour()), 2),
            Field::Minute => number(i64::from(time.minute()), 2),
            Field::Second => number(i64::from(time.second()), 2),
            Field::Fraction(digits) => {
                let unit = 10_u32.pow(9 - digits);
                // A leap second has a second more of nanoseconds.
                let fraction = time.nanosecond() % 1_000_000_000 / unit;
                let _ = write!(text, "{fraction:0width$}", width = digits as usize);
            }
            Field::SecondOfDay => number(i64::from(time.num_seconds_from_midnight()), 0),
            Field::Meridiem => self.put(text, if time.hour12().0 { "PM" } else { "AM" }, 0),
            Field::DottedMeridiem => {
                self.put(text, if time.hour12().0 { "P.M." } else { "A.M." }, 0);
            }
            Field::Era => self.put(text, if is_common_era { "AD" } else { "BC" }, 0),
            Field::DottedEra => self.put(text, if is_common_era { "A.D." } else { "B.C." }, 0),
            Field::Year(4) => number(year, 4),
            Field::Year(digits) => number(year % 10_i64.pow(digits), digits as usize),
            Field::YearWithComma => {
                let _ = write!(text, "{},{:03}", year / 1000, year % 1000);
            }
            Field::IsoYear(4) => number(iso_year, 4),
            Field::IsoYear(digits) => number(iso_year % 10_i64.pow(digits), digits as usize),
            Field::MonthName => self.put(text, MONTHS[month], 9),
            Field::ShortMonthName => self.put(text, short(MONTHS[month]), 0),
            Field::Month => number(i64::from(date.month()), 2),
            // Roman numerals are no names that languages have.
            Field::RomanMonth => {
                let width = if is_bare { 0 } else { 4 };
                let _ = write!(text, "{:width$}", self.case.of(ROMAN[month]));
            }
            Field::DayName => self.put(text, DAYS[day], 9),
            Field::ShortDayName => self.put(text, short(DAYS[day]), 0),
            Field::DayOfYear => number(i64::from(date.ordinal()), 3),
            Field::IsoDayOfYear => {
                let days = (iso.week() - 1) * 7 + date.weekday().number_from_monday();
                number(i64::from(days), 3);
            }
            Field::Day => number(i64::from(date.day()), 2),
            Field::DayOfWeek => number(i64::from(date.weekday().number_from_sunday()), 1),
            Field::IsoDayOfWeek => number(i64::from(date.weekday().number_from_monday()), 1),
            Field::WeekOfMonth => number(i64::from(date.day0() / 7 + 1), 1),
            Field::Week => number(i64::from(date.ordinal0() / 7 + 1), 2),
            Field::IsoWeek => number(i64::from(iso.week()), 2),
            Field::Century if is_common_era => number((year - 1) / 100 + 1, 2),
            // The sign is a character more.
            Field::Century => number(-((year - 1) / 100 + 1), 3),
            Field::JulianDay => number(i64::from(date.num_days_from_ce()) + JULIAN, 0),
            Field::Quarter => number(i64::from(date.month0() / 3 + 1), 1),
            Field::ZoneName => {
                let name = moment.zone.as_ref().map_or("", |zone| zone.abbreviation.as_str());
                self.put(text, name, 0);
            }
            Field::Offset => {
                write_hours(text, offset, if is_bare { 1 } else { 2 });
                if offset % 3600 != 0 {
                    let _ = write!(text, ":{:02}", offset.abs() / 60 % 60);
                }
            }
            Field::OffsetHours => write_hours(text, offset, 2),
            Field::OffsetMinutes => {
                let _ = write!(text, "{:02}", offset.abs() / 60 % 60);
            }
            Field::Exactness => {}
        }
    }

    /// Appends a name with blanks behind it up to a width, unless a prefix leaves them out.
    fn put(self, text: &mut String, name: &str, width: usize) {
        let width = if self.prefix.is_some() { 0 } else { width };
        let _ = write!(text, "{:width$}", self.case.of(name));
    }
}

/// Returns the year of its era: the one before the first is the first before Christ.
fn year_of_era(year: i32) -> i64 {
    let year = i64::from(year);
    if year < 1 { 1 - year } else { year }
}

fn write_hours(text: &mut String, offset: i32, width: usize) {
    let sign = if offset < 0 { '-' } else { '+' };
    let _ = write!(text, "{sign}{:0width$}", offset.abs() / 3600);
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::moment::Zone;
    use super::*;

    /// Returns half past two in the afternoon of Saturday, the second of March 2024, as shown in
    /// Kathmandu.
    fn moment() -> Moment {
        let date = NaiveDate::from_ymd_opt(2024, 3, 2).expect("a date");
        let local = date.and_hms_micro_opt(14, 30, 5, 6_700).expect("a time");
        let zone = Zone { seconds: 20_700, abbreviation: "+0545".to_owned() };
        Moment { local, zone: Some(zone) }
    }

    fn written(moment: &Moment, template: &str) -> String {
        let mut text = String::new();
        Writer::new(template).write(moment, &mut text);
        text
    }

    #[test]
    fn patterns_are_those_of_postgresql() {
        let cases = [
            ("YYYY-MM-DD HH24:MI:SS.US", "2024-03-02 14:30:05.006700"),
            ("Dy, DD Mon YYYY", "Sat, 02 Mar 2024"),
            ("FMDay, FMDDth FMMonth", "Saturday, 2nd March"),
            ("[MONTH] [month] [Day]", "[MARCH    ] [march    ] [Saturday ]"),
            ("HH12:MI AM hh:mi p.m.", "02:30 PM 02:30 p.m."),
            ("Q W WW IW D ID DDD J", "1 1 09 09 7 6 062 2460372"),
            ("YY Y,YYY IYYY CC RM", "24 2,024 2024 21 III "),
            ("MS FF2 SSSS", "006 00 52205"),
            ("OF TZH TZM", "+05:45 +05 45"),
            ("YYYY\"T\"HH24 \"a \\\"b\\\"\" é", "2024T14 a \"b\" é"),
            ("FMHH12 FMMM FMDDD", "2 3 62"),
            ("yyyy/mm/dd", "2024/03/02"),
            ("éYé ü FMé \"ö", "é4é ü é ö"),
            ("Yyyy Am MOnth", "4024 Am MOnth"),
            ("TMMonth, TMDay FMOF", "March, Saturday +5:45"),
            ("DDTH DDTh Monthth AMth", "02ND 02Th March     PM"),
            ("FXYYYYSP YYYY\\\"MM", "2024 2024\"03"),
        ];
        for (template, text) in cases {
            assert_eq!(written(&moment(), template), text, "{template}");
        }
    }

    #[test]
    fn years_before_christ_have_no_sign() {
        let date = NaiveDate::from_ymd_opt(-43, 3, 2).expect("a date");
        let moment = Moment { local: date.and_hms_opt(0, 0, 0).expect("a time"), zone: None };
        let text = written(&moment, "YYYY YY Y,YYY IYYY IY BC a.d. CC FMCC J TZ OF");
        assert_eq!(text, "0044 44 0,044 0044 44 BC b.c. -01 -1 1705415  +00");
    }
}
