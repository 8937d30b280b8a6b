//! Gives typed literals the precision of their digits, as `TIME '12:00:00.123456789'`, and their
//! minutes a second.

use std::ops::ControlFlow;

use sqlparser::ast::{DataType, Expr, Query, TypedString, Value, VisitMut as _, VisitorMut};

use super::outcome;
use crate::error::Error;

/// The digits of a second that a type without a precision keeps.
const DEFAULT_DIGITS: usize = 6;

/// Gives each literal with more digits than its type would keep a type that keeps them.
pub(crate) fn rewrite(query: &mut Query) -> Result<(), Error> {
    outcome(query.visit(&mut Literals))
}

struct Literals;

impl VisitorMut for Literals {
    type Break = Error;

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        if let Expr::TypedString(TypedString { data_type: DataType::Timestamp(..), value, .. }) =
            expr
            && let Value::SingleQuotedString(text) = &mut value.value
            && let Some(place) = end_of_minutes(text)
        {
            text.insert_str(place, ":00");
        }
        if let Expr::TypedString(TypedString { data_type, value, .. }) = expr
            && let DataType::Timestamp(precision @ None, _) | DataType::Time(precision @ None, _) =
                data_type
            && let Some(text) = value.value.clone().into_string()
            && fraction_digits(&text) > DEFAULT_DIGITS
        {
            *precision = Some(9);
        }
        ControlFlow::Continue(())
    }
}

/// Returns where the seconds are missing in a text such as `2020-01-01 10:30`.
fn end_of_minutes(text: &str) -> Option<usize> {
    let (date, time) = text.split_once([' ', 'T'])?;
    let bytes = time.as_bytes();
    let is_time = matches!(bytes, [a, b, b':', c, d, rest @ ..]
        if [a, b, c, d].iter().all(|digit| digit.is_ascii_digit()) && rest.first() != Some(&b':'));
    is_time.then_some(date.len() + 1 + "10:30".len())
}

/// Returns how many digits follow the decimal point of the seconds.
fn fraction_digits(text: &str) -> usize {
    let Some((_, fraction)) = text.split_once('.') else { return 0 };
    fraction.chars().take_while(char::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_missed_behind_minutes_only() {
        assert_eq!(end_of_minutes("2020-01-01 10:30"), Some(16));
        assert_eq!(end_of_minutes("2020-01-01T10:30+02"), Some(16));
        assert_eq!(end_of_minutes("2020-01-01 10:30:15"), None);
        assert_eq!(end_of_minutes("2020-01-01"), None);
        assert_eq!(end_of_minutes("2020-01-01 at noon"), None);
    }

    #[test]
    fn digits_are_counted_up_to_the_zone() {
        assert_eq!(fraction_digits("2023-05-15 13:45:30.123456789+00"), 9);
        assert_eq!(fraction_digits("13:45:31"), 0);
        assert_eq!(fraction_digits("13:45:31.5Z"), 1);
    }
}
