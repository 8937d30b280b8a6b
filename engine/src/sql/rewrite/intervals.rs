//! Intervals in the spellings of the standard, of `PostgreSQL` and of ISO 8601, as the amounts with
//! units that the engine below reads: `INTERVAL '1-2' YEAR TO MONTH`, `INTERVAL '1 day 04:05'`.

use std::fmt::Write as _;

use sqlparser::ast::{
    CastKind, DataType, DateTimeField, Expr, Interval, TypedString, UnaryOperator, Value,
};

use crate::error::{Code, Error};
use crate::sql::made;

/// The units of a day, from the largest.
const CLOCK: [&str; 3] = ["hours", "minutes", "seconds"];

/// Rewrites an interval of literals.
pub(super) fn rewrite(expr: &mut Expr) -> Result<(), Error> {
    match expr {
        Expr::Interval(interval) => rewrite_literal(interval),
        // The planner would negate the first amount alone.
        Expr::UnaryOp { op: UnaryOperator::Minus, expr }
            if matches!(expr.as_ref(), Expr::Interval(_)) =>
        {
            let interval = made::take(expr.as_mut());
            **expr = Expr::Nested(Box::new(interval));
            Ok(())
        }
        // A text that is cast, and `INTERVAL '..'` where the parser takes it for a type.
        Expr::Cast {
            kind: CastKind::Cast | CastKind::DoubleColon,
            expr,
            data_type: DataType::Interval { .. },
            ..
        } => {
            if let Expr::Value(value) = expr.as_mut()
                && let Value::SingleQuotedString(text) = &mut value.value
                && let Some(amounts) = amounts(text, None, None)
            {
                *text = amounts;
            }
            Ok(())
        }
        Expr::TypedString(TypedString { data_type: DataType::Interval { .. }, value, .. }) => {
            if let Value::SingleQuotedString(text) = &mut value.value
                && let Some(amounts) = amounts(text, None, None)
            {
                *text = amounts;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn rewrite_literal(interval: &mut Interval) -> Result<(), Error> {
    if interval.leading_precision.is_some() || interval.fractional_seconds_precision.is_some() {
        return Err(Error::unsupported("an interval with a precision is not supported")
            .with_hint("Type the unit alone, as in INTERVAL '1.5' SECOND."));
    }
    let Expr::Value(value) = interval.value.as_mut() else { return Ok(()) };
    let Value::SingleQuotedString(text) = &mut value.value else { return Ok(()) };
    let (first, last) = (interval.leading_field.as_ref(), interval.last_field.as_ref());
    match amounts(text, first, last) {
        Some(amounts) => {
            *text = amounts;
            interval.leading_field = None;
            interval.last_field = None;
            Ok(())
        }
        None if last.is_some() => {
            let message = format!("invalid input syntax for type interval: \"{text}\"");
            Err(Error::new(Code::InvalidText, message)
                .with_hint("Type for example INTERVAL '1 12:30:00' DAY TO SECOND."))
        }
        None => Ok(()),
    }
}

/// Returns a text that is read as an interval as amounts with units, if it is spelled otherwise.
pub(crate) fn amounts_of(text: &str) -> Option<String> {
    amounts(text, None, None)
}

/// Returns the amounts with their units; nothing for what is none of these spellings, and for one
/// amount with one field, which the engine below reads by itself.
fn amounts(
    text: &str,
    first: Option<&DateTimeField>,
    last: Option<&DateTimeField>,
) -> Option<String> {
    if first.is_some() && last.is_none() && text.trim().parse::<f64>().is_ok() {
        return None;
    }
    let trimmed = text.trim();
    if let Some(period) = trimmed.strip_prefix('P') {
        return iso(period);
    }
    let (body, is_ago) = match trimmed.to_ascii_lowercase().strip_suffix(" ago") {
        Some(body) => (body.to_owned(), true),
        None => (trimmed.to_owned(), false),
    };
    let body = spaced(&body);
    let words: Vec<&str> = body.split_whitespace().collect();
    let mut amounts = Amounts { text: String::new(), is_ago };
    let mut rest = words.as_slice();
    while let Some((word, behind)) = rest.split_first() {
        rest = behind;
        if word.contains(':') {
            clock(word, first, last, &mut amounts)?;
        } else if let Some((years, months)) = years_and_months(word) {
            amounts.add(&years, "years");
            amounts.add(&months, "months");
        } else {
            word.parse::<f64>().ok()?;
            match behind.split_first() {
                Some((unit, behind)) if unit.chars().all(|letter| letter.is_ascii_alphabetic()) => {
                    amounts.add(word, unit);
                    rest = behind;
                }
                // A number before others is one of days.
                Some(_) => amounts.add(word, "days"),
                None => amounts.add(word, unit(last.or(first))?),
            }
        }
    }
    (!amounts.text.is_empty()).then_some(amounts.text)
}

/// Returns a text with a space between numbers and units, and none between a number and its sign:
/// `1h30m` and `1 month - 1 day`.
fn spaced(text: &str) -> String {
    let is_sign = |letter: char| matches!(letter, '-' | '+');
    let mut spaced = String::with_capacity(text.len());
    let mut last = ' ';
    for letter in text.chars() {
        // A comma and the sign of a length in time say nothing.
        let letter = if matches!(letter, ',' | '@') { ' ' } else { letter };
        if letter.is_whitespace() && is_sign(last) {
            continue;
        }
        let begins_unit = last.is_ascii_digit() && letter.is_ascii_alphabetic();
        let begins_number =
            last.is_ascii_alphabetic() && (letter.is_ascii_digit() || is_sign(letter));
        if begins_unit || begins_number {
            spaced.push(' ');
        }
        spaced.push(letter);
        last = letter;
    }
    spaced
}

/// Amounts with their units, as a text.
struct Amounts {
    text: String,
    /// Whether each amount is to be taken for its opposite.
    is_ago: bool,
}

impl Amounts {
    fn add(&mut self, amount: &str, unit: &str) {
        let (amount, is_negative) = match amount.strip_prefix('-') {
            Some(amount) => (amount, true),
            None => (amount.strip_prefix('+').unwrap_or(amount), false),
        };
        let sign = if is_negative == self.is_ago { "" } else { "-" };
        let space = if self.text.is_empty() { "" } else { " " };
        if let Some(days) = days_of_weeks(amount, unit) {
            let _written = write!(self.text, "{space}{sign}{days:.9} days");
            return;
        }
        // Writing to a text does not fail.
        let _written = write!(self.text, "{space}{sign}{amount} {unit}");
    }
}

/// Returns how many days weeks with a fraction are; half a week of the engine below is hours.
fn days_of_weeks(amount: &str, unit: &str) -> Option<f64> {
    let is_weeks = ["w", "week", "weeks"].iter().any(|known| unit.eq_ignore_ascii_case(known));
    if !is_weeks || !amount.contains('.') {
        return None;
    }
    amount.parse::<f64>().ok().map(|weeks| weeks * 7.0)
}

/// Adds what a clock shows, as `-04:05:06.5`. Two numbers are hours and minutes, unless the fields
/// say minutes and seconds.
fn clock(
    text: &str,
    first: Option<&DateTimeField>,
    last: Option<&DateTimeField>,
    amounts: &mut Amounts,
) -> Option<()> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let parts: Vec<&str> = digits.split(':').collect();
    let is_short = parts.len() == 2
        && matches!(first, Some(DateTimeField::Minute))
        && matches!(last, Some(DateTimeField::Second));
    let units = CLOCK.get(usize::from(is_short)..)?;
    if parts.len() > units.len() {
        return None;
    }
    for (place, (part, unit)) in parts.iter().zip(units).enumerate() {
        let is_last = place + 1 == parts.len();
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let (whole, fraction) = part.split_once('.').unwrap_or((part, "0"));
        if !is_number(whole) || !is_number(fraction) || (part.contains('.') && !is_last) {
            return None;
        }
        amounts.add(&format!("{sign}{part}"), unit);
    }
    Some(())
}

/// Returns the years and months of `1-2`, with the sign that counts for both.
fn years_and_months(text: &str) -> Option<(String, String)> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (years, months) = digits.split_once('-')?;
    let (years, months): (u32, u32) = (years.parse().ok()?, months.parse().ok()?);
    (months < 12).then(|| (format!("{sign}{years}"), format!("{sign}{months}")))
}

/// Returns the amounts of a period of ISO 8601 behind its `P`, as `1Y2M3DT4H5M6S`.
fn iso(period: &str) -> Option<String> {
    let mut amounts = Amounts { text: String::new(), is_ago: false };
    let (mut number, mut is_time) = (String::new(), false);
    for letter in period.chars() {
        match letter {
            '0'..='9' | '.' | '-' | '+' => number.push(letter),
            'T' if !is_time && number.is_empty() => is_time = true,
            _ => {
                let unit = match (letter, is_time) {
                    ('Y', false) => "years",
                    ('M', false) => "months",
                    ('W', false) => "weeks",
                    ('D', false) => "days",
                    ('H', true) => "hours",
                    ('M', true) => "minutes",
                    ('S', true) => "seconds",
                    _ => return None,
                };
                number.parse::<f64>().ok()?;
                amounts.add(&number, unit);
                number.clear();
            }
        }
    }
    (number.is_empty() && !amounts.text.is_empty()).then_some(amounts.text)
}

fn unit(field: Option<&DateTimeField>) -> Option<&'static str> {
    match field {
        Some(DateTimeField::Year) => Some("years"),
        Some(DateTimeField::Month) => Some("months"),
        Some(DateTimeField::Day) => Some("days"),
        Some(DateTimeField::Hour) => Some("hours"),
        Some(DateTimeField::Minute) => Some("minutes"),
        Some(DateTimeField::Second) | None => Some("seconds"),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_become_amounts() {
        let plain = |text| amounts(text, None, None).unwrap_or_default();
        assert_eq!(plain("1 day 04:05"), "1 day 04 hours 05 minutes");
        assert_eq!(plain("-0.5 week 2 weeks"), "-3.500000000 days 2 weeks");
        assert_eq!(plain("1-2"), "1 years 2 months");
        assert_eq!(
            plain("-1-2 +3 -04:05:06.5"),
            "-1 years -2 months 3 days -04 hours -05 minutes -06.5 seconds"
        );
        assert_eq!(plain("1 day -2 hours ago"), "-1 day 2 hours");
        assert_eq!(
            plain("P1Y2M3DT4H5M6.5S"),
            "1 years 2 months 3 days 4 hours 5 minutes 6.5 seconds"
        );
        assert_eq!(plain("P-1W"), "-1 weeks");
        assert_eq!(plain("1 month - 1 day"), "1 month -1 day");
        assert_eq!(plain("1h30m, -2s"), "1 h 30 m -2 s");
        assert_eq!(plain("@ 1 day- 2 hours"), "1 day -2 hours");
        for other in ["", "soon", "P", "P1", "PT1Y", "1:2:3:4", "1-13", ":5", "1.5:2"] {
            assert_eq!(amounts(other, None, None), None, "{other}");
        }
    }

    #[test]
    fn fields_tell_the_units() {
        use DateTimeField::{Day, Hour, Minute, Month, Second, Year};

        let read = |text, first, last| amounts(text, Some(&first), Some(&last)).unwrap_or_default();
        assert_eq!(read("3", Year, Month), "3 months");
        assert_eq!(read("1 2", Day, Hour), "1 days 2 hours");
        assert_eq!(read("1:2", Minute, Second), "1 minutes 2 seconds");
        assert_eq!(read("1:2", Day, Second), "1 hours 2 minutes");
        assert_eq!(amounts("1", Some(&Day), None), None);
    }
}
