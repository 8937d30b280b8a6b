//! Texts as dates and times, by templates of `PostgreSQL`.

use super::cursor::Cursor;
use super::fields::{Calendar, Fields, Reading, set};
use super::steps::{Pattern, Step, steps};
use super::template::{DAYS, Field, MONTHS, ROMAN, short};

/// A template for reading: `to_timestamp(text, 'YYYY-MM-DD HH24:MI')`.
#[derive(Debug)]
pub(super) struct Reader {
    template: String,
    steps: Vec<Step>,
}

impl Reader {
    /// Returns what reads by a template; every text is one.
    pub(super) fn new(template: &str) -> Self {
        Self { template: template.to_owned(), steps: steps(template) }
    }

    /// Reads a text, or tells why it does not fit the template.
    ///
    /// What is behind the last pattern does not matter, nor do patterns behind the end of the text.
    pub(super) fn read(&self, text: &str) -> Result<Reading, String> {
        self.fields(text).and_then(|fields| fields.reading()).map_err(|reason| {
            format!("\"{text}\" does not fit the template \"{}\": {reason}", self.template)
        })
    }

    fn fields(&self, text: &str) -> Result<Fields, String> {
        let (mut text, mut fields) = (Cursor::new(text), Fields::default());
        let mut is_exact = false;
        for step in &self.steps {
            if text.is_at_end() {
                break;
            }
            match step {
                Step::Exactness => is_exact = true,
                Step::Separator | Step::Character(_) if is_exact => text.skip(),
                Step::Separator => text.skip_separator(),
                Step::Character(_) => text.skip_character(),
                Step::Pattern(pattern) => {
                    if !is_exact {
                        text.skip_blanks();
                    }
                    pattern.read(&mut text, &mut fields)?;
                    if !is_exact {
                        text.skip_blanks_behind();
                    }
                }
            }
        }
        Ok(fields)
    }
}

impl Pattern {
    fn read(self, text: &mut Cursor, fields: &mut Fields) -> Result<(), String> {
        if let Some(calendar) = calendar(self.field) {
            fields.count_by(calendar)?;
        }
        match self.field {
            Field::ZoneName | Field::Offset => Err(format!(
                "{} only writes; the patterns that read offsets are TZH and TZM",
                self.name
            )),
            Field::YearWithComma => {
                let year = self.year_with_comma(text)?;
                fields.year_digits = 4;
                set(&mut fields.year, year, self.name)?;
                self.skip_ordinal(text);
                Ok(())
            }
            Field::OffsetHours => {
                fields.offset_sign = Some(if text.is_negative() { -1 } else { 1 });
                self.read_number(text, fields)
            }
            Field::Meridiem
            | Field::DottedMeridiem
            | Field::Era
            | Field::DottedEra
            | Field::MonthName
            | Field::ShortMonthName
            | Field::RomanMonth
            | Field::DayName
            | Field::ShortDayName => self.read_name(text, fields),
            _ => self.read_number(text, fields),
        }
    }

    fn read_name(self, text: &mut Cursor, fields: &mut Fields) -> Result<(), String> {
        let start = text.clone();
        let index = match self.field {
            Field::Meridiem => text.name(["AM", "PM"].into_iter()),
            Field::DottedMeridiem => text.name(["A.M.", "P.M."].into_iter()),
            Field::Era => text.name(["AD", "BC"].into_iter()),
            Field::DottedEra => text.name(["A.D.", "B.C."].into_iter()),
            Field::MonthName => text.name(MONTHS.into_iter()),
            Field::ShortMonthName => text.name(MONTHS.into_iter().map(short)),
            Field::RomanMonth => text.name(ROMAN.into_iter()),
            Field::DayName => text.name(DAYS.into_iter()),
            _ => text.name(DAYS.into_iter().map(short)),
        };
        let index = index.ok_or_else(|| self.missing(&start))?;
        match self.field {
            Field::Meridiem | Field::DottedMeridiem => {
                fields.has_half_days = true;
                set(&mut fields.is_afternoon, index, self.name)
            }
            Field::Era | Field::DottedEra => set(&mut fields.is_before_christ, index, self.name),
            Field::DayName | Field::ShortDayName => {
                // A day is compared with the number before its own, as PostgreSQL does.
                set(&mut fields.day_of_week, index, self.name)?;
                fields.day_of_week = index + 1;
                Ok(())
            }
            _ => set(&mut fields.month, index + 1, self.name),
        }
    }

    fn read_number(self, text: &mut Cursor, fields: &mut Fields) -> Result<(), String> {
        let (value, length) = self.number(text)?;
        let slot = match self.field {
            Field::Hour12 | Field::Hour24 => &mut fields.hour,
            Field::Minute => &mut fields.minute,
            Field::Second => &mut fields.second,
            Field::Fraction(3) if self.name == "MS" => &mut fields.millisecond,
            Field::Fraction(_) => &mut fields.microsecond,
            Field::SecondOfDay => &mut fields.second_of_day,
            Field::Year(_) | Field::IsoYear(_) => &mut fields.year,
            Field::Month => &mut fields.month,
            Field::DayOfYear | Field::IsoDayOfYear => &mut fields.day_of_year,
            Field::Day => &mut fields.day,
            Field::DayOfWeek | Field::IsoDayOfWeek => &mut fields.day_of_week,
            Field::WeekOfMonth => &mut fields.week_of_month,
            Field::Week | Field::IsoWeek => &mut fields.week,
            Field::Century => &mut fields.century,
            Field::JulianDay => &mut fields.julian_day,
            Field::OffsetHours => &mut fields.offset_hours,
            Field::OffsetMinutes => &mut fields.offset_minutes,
            // A quarter does not tell a date.
            _ => return Ok(()),
        };
        set(slot, value, self.name)?;
        // What is compared is what was read; what is kept may be something else.
        match self.field {
            Field::Hour12 => fields.has_half_days = true,
            Field::Fraction(3) if self.name == "MS" => *slot = scaled(value, length, 3),
            Field::Fraction(digits) => {
                *slot = scaled(value, length, 6);
                if self.name != "US" {
                    fields.precision = digits;
                }
            }
            Field::Year(digits) | Field::IsoYear(digits) => {
                *slot = if digits < 4 && length < 4 { full_year(value) } else { value };
                fields.year_digits = digits;
            }
            // Weeks of ISO 8601 begin with the second of our days, and their last is our first.
            Field::IsoDayOfWeek => *slot = if value >= 7 { 1 } else { value + 1 },
            Field::OffsetMinutes => {
                fields.offset_sign.get_or_insert(1);
            }
            _ => {}
        }
        Ok(())
    }

    /// Reads a number, and returns it and how many characters it has with blanks before it.
    fn number(self, text: &mut Cursor) -> Result<(i64, usize), String> {
        let blanks = text.skip_blanks();
        let start = text.clone();
        let found = text.number(self.width.unwrap_or(usize::MAX));
        let (value, length) = found.ok_or_else(|| self.missing(&start))?;
        if let Some(width) = self.width.filter(|width| length < *width) {
            let excerpt = start.excerpt();
            return Err(format!("{} takes {width} digits, but \"{excerpt}\" is here", self.name));
        }
        if i32::try_from(value).is_err() {
            return Err(format!("the number of {} is too large", self.name));
        }
        self.skip_ordinal(text);
        Ok((value, blanks.saturating_add(length)))
    }

    fn skip_ordinal(self, text: &mut Cursor) {
        if self.is_ordinal && !matches!(self.field, Field::OffsetHours | Field::OffsetMinutes) {
            text.skip();
            text.skip();
        }
    }

    fn year_with_comma(self, text: &mut Cursor) -> Result<i64, String> {
        let start = text.clone();
        text.skip_blanks();
        let thousands = text.number(usize::MAX).filter(|_| text.skip_if(','));
        text.skip_blanks();
        let (Some((thousands, _)), Some((years, _))) = (thousands, text.number(3)) else {
            return Err(self.missing(&start));
        };
        Ok(thousands.saturating_mul(1000).saturating_add(years))
    }

    fn missing(self, text: &Cursor) -> String {
        let what = match self.field {
            Field::MonthName => "the full name of a month",
            Field::ShortMonthName => "the first three letters of a month",
            Field::RomanMonth => "a month in Roman numerals",
            Field::DayName => "the full name of a day",
            Field::ShortDayName => "the first three letters of a day",
            Field::Meridiem => "AM or PM",
            Field::DottedMeridiem => "A.M. or P.M.",
            Field::Era => "AD or BC",
            Field::DottedEra => "A.D. or B.C.",
            Field::YearWithComma => "a number with a comma",
            _ => "a number",
        };
        match text.excerpt() {
            excerpt if excerpt.is_empty() => {
                format!("{} takes {what}, but the text ends", self.name)
            }
            excerpt => format!("{} takes {what}, but \"{excerpt}\" is here", self.name),
        }
    }
}

/// Returns the calendar that a field belongs to, unless it has a meaning in any.
fn calendar(field: Field) -> Option<Calendar> {
    match field {
        Field::IsoYear(_) | Field::IsoWeek | Field::IsoDayOfWeek | Field::IsoDayOfYear => {
            Some(Calendar::Weeks)
        }
        Field::Year(_)
        | Field::YearWithComma
        | Field::MonthName
        | Field::ShortMonthName
        | Field::Month
        | Field::RomanMonth
        | Field::DayOfYear
        | Field::Day
        | Field::DayOfWeek
        | Field::WeekOfMonth
        | Field::Week => Some(Calendar::Months),
        _ => None,
    }
}

/// Returns what the digits behind a point are in units of so many digits.
fn scaled(value: i64, length: usize, digits: usize) -> i64 {
    (length..digits).fold(value, |value, _| value * 10)
}

/// Returns the year next to 2020 that ends in the given digits.
fn full_year(digits: i64) -> i64 {
    match digits {
        70..100 => digits + 1900,
        ..520 => digits + 2000,
        520..1000 => digits + 1000,
        _ => digits,
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn texts_are_read_as_postgresql_reads_them() {
        // The year 0 is 1 BC.
        let cases = [
            ("05 Dec 2000", "DD Mon YYYY", "2000-12-05 00:00:00"),
            ("2000    JUN", "YYYY MON", "2000-06-01 00:00:00"),
            ("2000JUN", "YYYY///MON", "2000-06-01 00:00:00"),
            ("2000 -10", "YYYY MM", "2000-10-01 00:00:00"),
            ("2000 . 10", "YYYY-MM", "2000-10-01 00:00:00"),
            ("2000x10", "YYYYzMM", "2000-10-01 00:00:00"),
            ("2000xy10", "YYYY\"xyz\"MM", "2000-01-01 00:00:00"),
            ("2024 abc 5", "YYYY \"xyz\" MM", "2024-05-01 00:00:00"),
            ("2024  5", "FXYYYY MM", "2024-05-01 00:00:00"),
            ("20001231", "YYYYMMDD", "2000-12-31 00:00:00"),
            ("20001", "YYYYMM", "2000-01-01 00:00:00"),
            ("12000-1231", "YYYY-MMDD", "+12000-12-31 00:00:00"),
            ("2024", "YYYY-MM-DD", "2024-01-01 00:00:00"),
            ("2024 rest", "YYYY", "2024-01-01 00:00:00"),
            ("", "YYYY", "0000-01-01 00:00:00"),
            ("12", "MM", "0000-12-01 00:00:00"),
            ("31 Apr", "DD Mon", "0000-05-01 00:00:00"),
            ("98", "YY", "1998-01-01 00:00:00"),
            ("69", "YY", "2069-01-01 00:00:00"),
            ("123", "YY", "2123-01-01 00:00:00"),
            ("0005", "YY", "0005-01-01 00:00:00"),
            ("520", "YYY", "1520-01-01 00:00:00"),
            ("195", "YYYY", "0195-01-01 00:00:00"),
            ("-44-02-01", "YYYY-MM-DD", "-0043-02-01 00:00:00"),
            ("44-02-01 B.C.", "YYYY-MM-DD a.d.", "-0043-02-01 00:00:00"),
            ("12,345", "Y,YYY", "+12345-01-01 00:00:00"),
            ("20 05", "CC YY", "1905-01-01 00:00:00"),
            ("21", "CC", "2001-01-01 00:00:00"),
            ("21 BC", "CC BC", "-2099-01-01 00:00:00"),
            ("2460372 12", "J HH24", "2024-03-02 12:00:00"),
            ("2024 060", "YYYY DDD", "2024-02-29 00:00:00"),
            ("2024 03 060", "YYYY MM DDD", "2024-03-29 00:00:00"),
            ("2024 9", "YYYY WW", "2024-02-26 00:00:00"),
            ("2024 3 2", "YYYY MM W", "2024-03-08 00:00:00"),
            ("2024 XII 5", "YYYY rm DD", "2024-12-05 00:00:00"),
            ("2024 09 6", "IYYY IW ID", "2024-03-02 00:00:00"),
            ("2024-09 Sat", "IYYY-IW Dy", "2024-03-02 00:00:00"),
            ("2024 372", "IYYY IDDD", "2025-01-06 00:00:00"),
            ("2024 54", "IYYY IW", "2025-01-06 00:00:00"),
            ("2 monday 2nd MARCH 2024", "Q Day DDth Month YYYY", "2024-03-02 00:00:00"),
            ("2024 mar", "YYYY TMMon", "2024-03-01 00:00:00"),
            ("12 am", "HH12 AM", "0000-01-01 00:00:00"),
            ("3 P.M.", "HH12 a.m.", "0000-01-01 15:00:00"),
            ("3 pm", "HH24 AM", "0000-01-01 15:00:00"),
            ("12345", "HH24MISS", "0000-01-01 12:34:05"),
            ("3700 5", "SSSS SS", "0000-01-01 01:01:05"),
            ("59.5", "SS.MS", "0000-01-01 00:00:59.500"),
            ("5 -5", "HH24 MI", "0000-01-01 05:05:00"),
            ("12.+5", "SS.MS", "0000-01-01 00:00:12.050"),
            ("59.123456", "SS.US", "0000-01-01 00:00:59.123456"),
            ("59.15", "SS.FF1", "0000-01-01 00:00:59.100"),
            ("2024-12-31 23:59:59.96", "YYYY-MM-DD HH24:MI:SS.FF1", "2025-01-01 00:00:00"),
            ("100 200", "MS US", "0000-01-01 00:00:00.300"),
            ("2024-03-02 10:00 +05:30", "YYYY-MM-DD HH24:MI TZH:TZM", "2024-03-02 04:30:00"),
            ("2024-03-02 10:00 -05:30", "YYYY-MM-DD HH24:MI TZH:TZM", "2024-03-02 15:30:00"),
            ("2024-03-02 10:00 -05", "YYYY-MM-DD HH24:MI  TZH", "2024-03-02 05:00:00"),
            ("2024-03-02 10:00-05", "YYYY-MM-DD HH24:MI-TZH", "2024-03-02 05:00:00"),
            ("2024-03-02 10:00 30", "YYYY-MM-DD HH24:MI TZM", "2024-03-02 09:30:00"),
            ("2024-03-02T14:30:05Z", "YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"", "2024-03-02 14:30:05"),
            ("2024年05月06日", "YYYY\"年\"MM\"月\"DD\"日\"", "2024-05-06 00:00:00"),
            ("2011$03!18 23_38_15", "YYYY-MM-DD HH24$MI!SS", "2011-03-18 23:38:15"),
            ("2024\"5", "fmYYYY\\\"MM", "2024-05-01 00:00:00"),
        ];
        for (text, template, expected) in cases {
            let reading = Reader::new(template).read(text).expect(template);
            let ahead = TimeDelta::seconds(i64::from(reading.offset.unwrap_or(0)));
            assert_eq!((reading.local - ahead).to_string(), expected, "{text} {template}");
        }
    }

    #[test]
    fn texts_that_do_not_fit_are_refused() {
        let cases = [
            (
                "2000    JUN",
                "FXYYYY MON",
                "MON takes the first three letters of a month, but \"   JUN\" is here",
            ),
            ("2000--10", "YYYY-MM", "the month -10 is not between 1 and 12"),
            ("20001", "YYYYMMDD", "MM takes 2 digits, but \"1\" is here"),
            ("2000 1 2", "YYYYMMDD", "MM takes 2 digits, but \"1 2\" is here"),
            ("2024-xx", "YYYY-MM-DD", "MM takes a number, but \"xx\" is here"),
            ("9999999999", "MM", "the number of MM is too large"),
            ("2024-13-01", "YYYY-MM-DD", "the month 13 is not between 1 and 12"),
            ("2024-02-30", "YYYY-MM-DD", "the month 2 of the year 2024 has no day 30"),
            ("-44-02-30", "YYYY-MM-DD", "the month 2 of the year 44 BC has no day 30"),
            ("2023 366", "YYYY DDD", "the year 2023 has no day 366"),
            ("060", "DDD", "a day or a week of a year needs the year"),
            (
                "2024 Marc",
                "YYYY Month",
                "MONTH takes the full name of a month, but \"Marc\" is here",
            ),
            ("3 P.M.", "HH12 AM", "AM takes AM or PM, but \"P.M.\" is here"),
            ("13", "HH", "the hour 13 is not between 1 and 12"),
            ("24:00", "HH24:MI", "the hour 24 is not between 0 and 23"),
            ("60", "MI", "the minute 60 is not between 0 and 59"),
            ("59.1234", "SS.MS", "the fraction of a second is not between 0 and 1"),
            ("03 Apr", "MM Mon", "MON differs from what was read before it"),
            ("3 4", "HH24 HH24", "HH24 differs from what was read before it"),
            (
                "2024 09",
                "YYYY IW",
                "patterns of ISO 8601 (IYYY, IW, ID, IDDD) and of other years cannot be mixed",
            ),
            ("12 +16", "HH24 TZH", "no clock is 16 hours and 0 minutes ahead or behind"),
            ("12 UTC", "HH24 TZ", "TZ only writes; the patterns that read offsets are TZH and TZM"),
            ("2000", "Y,YYY", "Y,YYY takes a number with a comma, but \"2000\" is here"),
            (" ", "YYYY", "YYYY takes a number, but the text ends"),
            ("4715 BC", "YYYY BC", "the date is before 24 November 4714 BC"),
        ];
        for (text, template, reason) in cases {
            let message = Reader::new(template).read(text).expect_err(template);
            let start = format!("\"{text}\" does not fit the template \"{template}\": ");
            assert_eq!(message.strip_prefix(&start), Some(reason));
        }
    }

    #[test]
    fn dates_are_not_rounded_and_offsets_are_told() {
        let reader = Reader::new("YYYY-MM-DD HH24:MI:SS.FF1 TZH:TZM");
        let reading = reader.read("2024-12-31 23:59:59.96 -03:30").expect("a moment");
        assert_eq!(reading.date.to_string(), "2024-12-31");
        assert_eq!(reading.local.to_string(), "2025-01-01 00:00:00");
        assert_eq!(reading.offset, Some(-12_600));
        assert_eq!(Reader::new("YYYY").read("2024").expect("a year").offset, None);
    }

    #[test]
    fn any_text_is_a_template() {
        let odd =
            ["\"", "\\", "\"\\", "FM", "FX", "TMé", "éFM\"é", "SSSSS99", "DDTHth", "\u{3000}"];
        for (template, text) in odd.iter().flat_map(|one| odd.map(|other| (one, other))) {
            let _ = Reader::new(template).read(text);
        }
    }
}
