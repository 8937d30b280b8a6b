//! Templates of dates and times, as `PostgreSQL` reads them.

use std::fmt::Write as _;

use chrono::{Datelike as _, Timelike as _};

use super::moment::Moment;

/// The days from the beginning of the Julian day count to that of our calendar.
const JULIAN: i32 = 1_721_425;
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// From Sunday on, which is the first day where weeks do not follow ISO 8601.
pub(super) const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
pub(super) const ROMAN: [&str; 12] =
    ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];

/// What a pattern stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Field {
    Hour12,
    Hour24,
    Minute,
    Second,
    /// So many digits of the fraction of a second.
    Fraction(u32),
    SecondOfDay,
    Meridiem,
    DottedMeridiem,
    Era,
    DottedEra,
    /// So many digits of the year.
    Year(u32),
    YearWithComma,
    IsoYear(u32),
    MonthName,
    ShortMonthName,
    Month,
    RomanMonth,
    DayName,
    ShortDayName,
    DayOfYear,
    IsoDayOfYear,
    Day,
    DayOfWeek,
    IsoDayOfWeek,
    WeekOfMonth,
    Week,
    IsoWeek,
    Century,
    JulianDay,
    Quarter,
    ZoneName,
    Offset,
    OffsetHours,
    OffsetMinutes,
}

/// The patterns; of those that begin alike, the longer come first.
pub(super) const PATTERNS: [(&str, Field); 53] = [
    ("SSSSS", Field::SecondOfDay),
    ("SSSS", Field::SecondOfDay),
    ("SS", Field::Second),
    ("HH24", Field::Hour24),
    ("HH12", Field::Hour12),
    ("HH", Field::Hour12),
    ("MI", Field::Minute),
    ("MS", Field::Fraction(3)),
    ("US", Field::Fraction(6)),
    ("FF1", Field::Fraction(1)),
    ("FF2", Field::Fraction(2)),
    ("FF3", Field::Fraction(3)),
    ("FF4", Field::Fraction(4)),
    ("FF5", Field::Fraction(5)),
    ("FF6", Field::Fraction(6)),
    ("A.M.", Field::DottedMeridiem),
    ("P.M.", Field::DottedMeridiem),
    ("AM", Field::Meridiem),
    ("PM", Field::Meridiem),
    ("A.D.", Field::DottedEra),
    ("B.C.", Field::DottedEra),
    ("AD", Field::Era),
    ("BC", Field::Era),
    ("Y,YYY", Field::YearWithComma),
    ("YYYY", Field::Year(4)),
    ("YYY", Field::Year(3)),
    ("YY", Field::Year(2)),
    ("Y", Field::Year(1)),
    ("IYYY", Field::IsoYear(4)),
    ("IYY", Field::IsoYear(3)),
    ("IY", Field::IsoYear(2)),
    ("IDDD", Field::IsoDayOfYear),
    ("ID", Field::IsoDayOfWeek),
    ("IW", Field::IsoWeek),
    ("I", Field::IsoYear(1)),
    ("MONTH", Field::MonthName),
    ("MON", Field::ShortMonthName),
    ("MM", Field::Month),
    ("RM", Field::RomanMonth),
    ("DAY", Field::DayName),
    ("DY", Field::ShortDayName),
    ("DDD", Field::DayOfYear),
    ("DD", Field::Day),
    ("D", Field::DayOfWeek),
    ("WW", Field::Week),
    ("W", Field::WeekOfMonth),
    ("CC", Field::Century),
    ("J", Field::JulianDay),
    ("Q", Field::Quarter),
    ("TZH", Field::OffsetHours),
    ("TZM", Field::OffsetMinutes),
    ("TZ", Field::ZoneName),
    ("OF", Field::Offset),
];

/// How letters are written.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Case {
    Upper,
    Title,
    Lower,
}

#[derive(Debug, PartialEq)]
enum Piece {
    Text(String),
    Pattern {
        field: Field,
        case: Case,
        /// Whether it has the width of its largest value.
        is_filled: bool,
        /// The letters behind an ordinal number.
        ordinal: Option<Case>,
    },
}

/// A template: patterns, and text between them.
#[derive(Debug)]
pub(super) struct Template(Vec<Piece>);

impl Template {
    /// Reads a template; what is no pattern stands for itself.
    pub(super) fn parse(template: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = template;
        while let Some(first) = rest.chars().next() {
            if let Some(quoted) = rest.strip_prefix('"') {
                rest = quoted_text(quoted, &mut pieces);
                continue;
            }
            let unfilled = split_word(rest, "FM").map(|(_, behind)| behind);
            let start = unfilled.unwrap_or(rest);
            let patterns = PATTERNS.iter();
            let mut patterns = patterns.map(|(name, field)| (field, split_word(start, name)));
            if let Some((field, Some((name, behind)))) = patterns.find(|(_, found)| found.is_some())
            {
                let (ordinal, behind) = ordinal(behind);
                let (field, case, is_filled) = (*field, case_of(name), unfilled.is_none());
                pieces.push(Piece::Pattern { field, case, is_filled, ordinal });
                rest = behind;
            } else if let Some(behind) = unfilled {
                rest = behind;
            } else {
                push_text(&mut pieces, first);
                rest = rest.strip_prefix(first).unwrap_or_default();
            }
        }
        Self(pieces)
    }

    /// Appends a moment.
    pub(super) fn write(&self, moment: &Moment, text: &mut String) {
        for piece in &self.0 {
            match piece {
                Piece::Text(given) => text.push_str(given),
                Piece::Pattern { field, case, is_filled, ordinal } => {
                    let start = text.len();
                    field.write(moment, *case, *is_filled, text);
                    if let Some(case) = ordinal {
                        let letters = ordinal_letters(text.get(start..).unwrap_or_default());
                        text.push_str(&cased(letters, *case));
                    }
                }
            }
        }
    }
}

/// Returns a word that a text begins with, in any case, and what is behind it.
fn split_word<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    text.split_at_checked(word.len()).filter(|(found, _)| found.eq_ignore_ascii_case(word))
}

/// Reads text up to a quotation mark, and returns what is behind it.
fn quoted_text<'a>(text: &'a str, pieces: &mut Vec<Piece>) -> &'a str {
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => {
                if let Some(escaped) = characters.next() {
                    push_text(pieces, escaped);
                }
            }
            other => push_text(pieces, other),
        }
    }
    characters.as_str()
}

fn push_text(pieces: &mut Vec<Piece>, character: char) {
    match pieces.last_mut() {
        Some(Piece::Text(text)) => text.push(character),
        _ => pieces.push(Piece::Text(character.to_string())),
    }
}

/// Returns whether a number is an ordinal one, and what is behind that.
fn ordinal(behind: &str) -> (Option<Case>, &str) {
    match split_word(behind, "TH") {
        Some((letters, rest)) => (Some(case_of(letters)), rest),
        None => (None, behind),
    }
}

/// Returns how a pattern that is spelled so writes letters.
fn case_of(name: &str) -> Case {
    let mut letters = name.chars().filter(char::is_ascii_alphabetic);
    match (letters.next(), letters.next()) {
        (Some(first), _) if first.is_ascii_lowercase() => Case::Lower,
        (_, Some(second)) if second.is_ascii_lowercase() => Case::Title,
        _ => Case::Upper,
    }
}

fn cased(text: &str, case: Case) -> String {
    match case {
        Case::Upper => text.to_ascii_uppercase(),
        Case::Title => text.to_owned(),
        Case::Lower => text.to_ascii_lowercase(),
    }
}

fn ordinal_letters(number: &str) -> &'static str {
    let digits = number.trim_start().as_bytes();
    let is_teen = digits.len() > 1 && digits[digits.len() - 2] == b'1';
    match digits.last() {
        Some(b'1') if !is_teen => "st",
        Some(b'2') if !is_teen => "nd",
        Some(b'3') if !is_teen => "rd",
        _ => "th",
    }
}

impl Field {
    fn write(self, moment: &Moment, case: Case, is_filled: bool, text: &mut String) {
        let (date, time) = (moment.local.date(), moment.local.time());
        let mut number = |number: i64, width: usize| {
            let width = if is_filled { width } else { 0 };
            // A text takes what is written to it.
            let _ = write!(text, "{number:0width$}");
        };
        // There was no year 0.
        let year = i64::from(date.year_ce().1);
        let iso = date.iso_week();
        let month = date.month0() as usize;
        let day = date.weekday().num_days_from_sunday() as usize;
        let offset = moment.zone.as_ref().map_or(0, |zone| zone.seconds);
        match self {
            Self::Hour12 => number(i64::from(time.hour12().1), 2),
            Self::Hour24 => number(i64::from(time.hour()), 2),
            Self::Minute => number(i64::from(time.minute()), 2),
            Self::Second => number(i64::from(time.second()), 2),
            Self::Fraction(digits) => {
                let unit = 10_u32.pow(9 - digits);
                // A leap second has a second more of nanoseconds.
                let fraction = time.nanosecond() % 1_000_000_000 / unit;
                let _ = write!(text, "{fraction:0width$}", width = digits as usize);
            }
            Self::SecondOfDay => number(i64::from(time.num_seconds_from_midnight()), 0),
            Self::Meridiem => put(text, if time.hour12().0 { "Pm" } else { "Am" }, case, 0),
            Self::DottedMeridiem => {
                put(text, if time.hour12().0 { "P.M." } else { "A.M." }, case, 0);
            }
            Self::Era => put(text, if date.year_ce().0 { "Ad" } else { "Bc" }, case, 0),
            Self::DottedEra => put(text, if date.year_ce().0 { "A.D." } else { "B.C." }, case, 0),
            Self::Year(4) => number(year, 4),
            Self::Year(digits) => number(year % 10_i64.pow(digits), digits as usize),
            Self::YearWithComma => {
                let _ = write!(text, "{},{:03}", year / 1000, year % 1000);
            }
            Self::IsoYear(4) => number(i64::from(iso.year()), 4),
            Self::IsoYear(digits) => {
                number(i64::from(iso.year()) % 10_i64.pow(digits), digits as usize);
            }
            Self::MonthName => put(text, MONTHS[month], case, if is_filled { 9 } else { 0 }),
            Self::ShortMonthName => put(text, short(MONTHS[month]), case, 0),
            Self::Month => number(i64::from(date.month()), 2),
            Self::RomanMonth => put(text, ROMAN[month], case, if is_filled { 4 } else { 0 }),
            Self::DayName => put(text, DAYS[day], case, if is_filled { 9 } else { 0 }),
            Self::ShortDayName => put(text, short(DAYS[day]), case, 0),
            Self::DayOfYear => number(i64::from(date.ordinal()), 3),
            Self::IsoDayOfYear => {
                let days = (iso.week() - 1) * 7 + date.weekday().number_from_monday();
                number(i64::from(days), 3);
            }
            Self::Day => number(i64::from(date.day()), 2),
            Self::DayOfWeek => number(i64::from(date.weekday().number_from_sunday()), 1),
            Self::IsoDayOfWeek => number(i64::from(date.weekday().number_from_monday()), 1),
            Self::WeekOfMonth => number(i64::from(date.day0() / 7 + 1), 1),
            Self::Week => number(i64::from(date.ordinal0() / 7 + 1), 2),
            Self::IsoWeek => number(i64::from(iso.week()), 2),
            Self::Century => number((year - 1) / 100 + 1, 2),
            Self::JulianDay => number(i64::from(date.num_days_from_ce() + JULIAN), 0),
            Self::Quarter => number(i64::from(date.month0() / 3 + 1), 1),
            Self::ZoneName => {
                let name = moment.zone.as_ref().map_or("", |zone| zone.abbreviation.as_str());
                put(text, name, if case == Case::Lower { case } else { Case::Upper }, 0);
            }
            Self::Offset => {
                write_hours(text, offset);
                if offset % 3600 != 0 {
                    let _ = write!(text, ":{:02}", offset.abs() / 60 % 60);
                }
            }
            Self::OffsetHours => write_hours(text, offset),
            Self::OffsetMinutes => {
                let _ = write!(text, "{:02}", offset.abs() / 60 % 60);
            }
        }
    }
}

/// Returns the first three letters of a name.
pub(super) fn short(name: &str) -> &str {
    name.get(..3).unwrap_or(name)
}

/// Appends a name with blanks behind it up to a width.
fn put(text: &mut String, name: &str, case: Case, width: usize) {
    let _ = write!(text, "{:width$}", cased(name, case));
}

fn write_hours(text: &mut String, offset: i32) {
    let sign = if offset < 0 { '-' } else { '+' };
    let _ = write!(text, "{sign}{:02}", offset.abs() / 3600);
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

    fn written(template: &str) -> String {
        let mut text = String::new();
        Template::parse(template).write(&moment(), &mut text);
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
        ];
        for (template, text) in cases {
            assert_eq!(written(template), text, "{template}");
        }
    }
}
