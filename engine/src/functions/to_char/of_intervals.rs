//! Intervals as text: `to_char(i, 'DD HH24:MI')`.

use std::fmt::Write as _;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, StringArray, StringBuilder};
use arrow::datatypes::{IntervalMonthDayNano, IntervalMonthDayNanoType};
use datafusion::common::{DataFusionError, Result};

use super::latest::Latest;
use super::letters::ordinal_letters;
use super::template::{Field, Piece, Pieces, Prefix, Spelling};
use crate::error::{Code, Error, external};

/// The days of a month, for numbers of days in a year.
const DAYS_OF_MONTH: i64 = 30;

/// Returns intervals as their templates write them; an empty one writes NULL.
pub(super) fn written(intervals: &ArrayRef, formats: &StringArray) -> Result<ArrayRef> {
    let intervals = intervals.as_primitive::<IntervalMonthDayNanoType>();
    let mut texts = StringBuilder::with_capacity(intervals.len(), 0);
    let (mut text, mut latest) = (String::new(), Latest::new());
    for pair in intervals.iter().zip(formats) {
        let (Some(interval), Some(format)) = pair else {
            texts.append_null();
            continue;
        };
        if format.is_empty() {
            texts.append_null();
            continue;
        }
        let pieces = latest.get(format, |format| Pieces::of(format).collect::<Vec<_>>());
        let span = Span::of(interval);
        text.clear();
        for piece in pieces {
            match piece {
                Piece::Character { character, .. } => text.push(*character),
                Piece::Pattern(spelling) => span.write(*spelling, &mut text)?,
            }
        }
        texts.append_value(&text);
    }
    Ok(Arc::new(texts.finish()))
}

/// The fields of an interval, which have the signs of its parts.
#[derive(Debug)]
struct Span {
    years: i64,
    months: i64,
    days: i64,
    hours: i64,
    minutes: i64,
    seconds: i64,
    microseconds: i64,
}

impl Span {
    fn of(interval: IntervalMonthDayNano) -> Self {
        let months = i64::from(interval.months);
        let microseconds = interval.nanoseconds / 1000;
        let seconds = microseconds / 1_000_000;
        Self {
            years: months / 12,
            months: months % 12,
            days: i64::from(interval.days),
            hours: seconds / 3600,
            minutes: seconds / 60 % 60,
            seconds: seconds % 60,
            microseconds: microseconds % 1_000_000,
        }
    }

    fn write(&self, spelling: Spelling, text: &mut String) -> Result<()> {
        let start = text.len();
        self.write_field(spelling, text)?;
        if let Some(case) = spelling.ordinal
            && spelling.field.is_number()
        {
            let letters = ordinal_letters(text.get(start..).unwrap_or_default());
            text.push_str(&case.of(letters));
        }
        Ok(())
    }

    fn write_field(&self, spelling: Spelling, text: &mut String) -> Result<()> {
        let is_bare = spelling.prefix == Some(Prefix::Bare);
        let day_of_year = (self.years * 12 + self.months) * DAYS_OF_MONTH + self.days;
        let is_late = self.hours % 24 >= 12;
        // The sign of some numbers is a character more.
        let signed = |number: i64, width: usize| (number, width + usize::from(number < 0));
        let (number, width) = match spelling.field {
            Field::Hour12 => match self.hours % 12 {
                0 => (12, 2),
                hours => signed(hours, 2),
            },
            Field::Hour24 => signed(self.hours, 2),
            Field::Minute => signed(self.minutes, 2),
            Field::Second => signed(self.seconds, 2),
            Field::Fraction(digits) => {
                let unit = 10_i64.pow(6_u32.saturating_sub(digits));
                (self.microseconds / unit, usize::try_from(digits).unwrap_or_default())
            }
            Field::SecondOfDay => (self.hours * 3600 + self.minutes * 60 + self.seconds, 0),
            Field::Year(4) => signed(self.years, 4),
            Field::Year(digits) => {
                let width = usize::try_from(digits).unwrap_or_default();
                signed(self.years % 10_i64.pow(digits), width)
            }
            Field::YearWithComma => {
                let _written = write!(text, "{},{:03}", self.years / 1000, self.years % 1000);
                return Ok(());
            }
            Field::Month => signed(self.months, 2),
            Field::Quarter if self.months == 0 => return Ok(()),
            Field::Quarter => ((self.months - 1) / 3 + 1, 0),
            Field::DayOfYear => (day_of_year, 3),
            Field::Day => (self.days, 2),
            Field::WeekOfMonth => ((self.days - 1) / 7 + 1, 0),
            Field::Week => ((day_of_year - 1) / 7 + 1, 2),
            Field::Century => signed(self.years / 100, 2),
            Field::Meridiem => {
                text.push_str(&spelling.case.of(if is_late { "PM" } else { "AM" }));
                return Ok(());
            }
            Field::DottedMeridiem => {
                text.push_str(&spelling.case.of(if is_late { "P.M." } else { "A.M." }));
                return Ok(());
            }
            Field::Exactness => return Ok(()),
            _ => return Err(no_field(spelling.name)),
        };
        // A fraction keeps its zeros.
        let is_cut = is_bare && !matches!(spelling.field, Field::Fraction(_));
        let width = if is_cut { 0 } else { width };
        // A text takes what is written to it.
        let _written = write!(text, "{number:0width$}");
        Ok(())
    }
}

fn no_field(name: &str) -> DataFusionError {
    let message = format!("an interval has no {name}: it begins on no day of a calendar");
    let hint = "Type for example to_char(i, 'DD HH24:MI:SS').";
    external(Error::new(Code::InvalidParameter, message).with_hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(months: i32, days: i32, seconds: i64, template: &str) -> Option<String> {
        let nanoseconds = seconds * 1_000_000_000;
        let span = Span::of(IntervalMonthDayNano::new(months, days, nanoseconds));
        let mut text = String::new();
        for piece in Pieces::of(template) {
            match piece {
                Piece::Character { character, .. } => text.push(character),
                Piece::Pattern(spelling) => span.write(spelling, &mut text).ok()?,
            }
        }
        Some(text)
    }

    #[test]
    fn patterns_are_those_of_postgresql() {
        let shown = |months, days, seconds, template| {
            written(months, days, seconds, template).unwrap_or_default()
        };
        assert_eq!(shown(-14, -3, -14_706, "YYYY-MM-DD HH24:MI:SS"), "-0001--02--3 -04:-05:-06");
        assert_eq!(
            shown(0, 0, 176_820, "HH24:MI HH12:MI AM DDD W WW Q CC SSSS"),
            "49:07 01:07 AM 000 1 01  00 176820"
        );
        assert_eq!(
            shown(14, 40, 0, "YYYY YYY YY Y Y,YYY MM DDD DD Q W WW CC"),
            "0001 001 01 1 0,001 02 460 40 1 6 66 00"
        );
        assert_eq!(shown(0, 3, 0, "FMDDth \"days\""), "3rd days");
        assert_eq!(written(0, 1, 0, "Month"), None);
    }
}
