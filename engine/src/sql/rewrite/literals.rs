//! Gives typed literals the precision of their digits, as `TIME '12:00:00.123456789'`, and
//! rewrites `LOCALTIMESTAMP` and `COLLATE`; those of intervals are read by `intervals`, patterns by
//! `likes`, limits of the standard by `fetches`, and what the clock decides by `special_moments`.

use std::ops::ControlFlow;

use sqlparser::ast::{
    DataType, Expr, FunctionArguments, Query, TimezoneInfo, TypedString, Value, VisitMut as _,
    VisitorMut,
};

use super::functions::call;
use super::{fetches, intervals, likes, outcome, position, special_moments};
use crate::error::{Code, Error};
use crate::sql::made;

/// The digits of a second that a type without a precision keeps.
const DEFAULT_DIGITS: usize = 6;

/// The collations that order texts by the codes of their characters.
const BY_CODE: [&str; 5] = ["C", "POSIX", "UCS_BASIC", "binary", "default"];

/// Gives each literal with more digits than its type would keep a type that keeps them.
pub(crate) fn rewrite(query: &mut Query) -> Result<(), Error> {
    outcome(query.visit(&mut Literals))
}

struct Literals;

impl VisitorMut for Literals {
    type Break = Error;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        match fetches::rewrite(query) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        let rewritten = intervals::rewrite(expr)
            .and_then(|()| likes::rewrite(expr))
            .and_then(|()| without_collation(expr))
            .and_then(|()| check_number(expr));
        if let Err(error) = rewritten {
            return ControlFlow::Break(error);
        }
        if let Some(moment) = local_time(expr).or_else(|| special_moments::of(expr)) {
            *expr = moment;
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

/// Refuses a number that no type holds, which the planner would take for infinity.
fn check_number(expr: &Expr) -> Result<(), Error> {
    let Expr::Value(value) = expr else { return Ok(()) };
    let Value::Number(digits, _) = &value.value else { return Ok(()) };
    if !digits.contains(['e', 'E']) || !digits.parse().is_ok_and(f64::is_infinite) {
        return Ok(());
    }
    let message = format!("\"{digits}\" is out of range for type double precision");
    let error = Error::new(Code::ValueOutOfRange, message)
        .with_hint("Type 'Infinity'::double for what is greater than any number.");
    Err(match position(value.span) {
        Some(position) => error.with_position(position),
        None => error,
    })
}

/// Leaves out a collation that orders texts as they are ordered here.
fn without_collation(expr: &mut Expr) -> Result<(), Error> {
    let Expr::Collate { expr: text, collation } = expr else { return Ok(()) };
    let name = collation.0.last().and_then(|part| part.as_ident()).map(|name| name.value.as_str());
    if !name.is_some_and(|name| BY_CODE.iter().any(|known| name.eq_ignore_ascii_case(known))) {
        return Err(Error::unsupported(format!("the collation {collation} is not supported"))
            .with_hint(
                "Texts are ordered by the codes of their characters, as by COLLATE \"C\".",
            ));
    }
    *expr = made::take(text.as_mut());
    Ok(())
}

/// Returns what `LOCALTIMESTAMP` or `LOCALTIME` means: the time of now on the clocks of the
/// session's time zone.
fn local_time(expr: &Expr) -> Option<Expr> {
    let name = match expr {
        Expr::Identifier(name) => name,
        Expr::Function(function) if function.args == FunctionArguments::None => {
            let [part] = function.name.0.as_slice() else { return None };
            part.as_ident()?
        }
        _ => return None,
    };
    let is_called =
        |known: &str| name.quote_style.is_none() && name.value.eq_ignore_ascii_case(known);
    let is_time = is_called("localtime");
    if !is_time && !is_called("localtimestamp") {
        return None;
    }
    let now = call("now", Vec::new(), name.span);
    let local = call("to_local_time", vec![now], name.span);
    if !is_time {
        return Some(local);
    }
    Some(made::cast(local, DataType::Time(None, TimezoneInfo::None)))
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
