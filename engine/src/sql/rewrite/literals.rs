//! Gives typed literals the precision of their digits, as `TIME '12:00:00.123456789'`.

use std::ops::ControlFlow;

use sqlparser::ast::{DataType, Expr, Query, TypedString, VisitMut as _, VisitorMut};

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

/// Returns how many digits follow the decimal point of the seconds.
fn fraction_digits(text: &str) -> usize {
    let Some((_, fraction)) = text.split_once('.') else { return 0 };
    fraction.chars().take_while(char::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_counted_up_to_the_zone() {
        assert_eq!(fraction_digits("2023-05-15 13:45:30.123456789+00"), 9);
        assert_eq!(fraction_digits("13:45:31"), 0);
        assert_eq!(fraction_digits("13:45:31.5Z"), 1);
    }
}
