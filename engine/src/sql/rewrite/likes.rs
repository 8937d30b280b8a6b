//! `LIKE .. ESCAPE '!'`: the engine below knows the backslash alone, so the pattern is written with
//! backslashes.

use sqlparser::ast::{Expr, Value};
use sqlparser::tokenizer::Span;

use super::functions::{call, null};
use crate::error::{Code, Error};
use crate::functions::LIKE_PATTERN;

/// Rewrites a comparison with a pattern that has an escape of its own.
pub(super) fn rewrite(expr: &mut Expr) -> Result<(), Error> {
    let (Expr::Like { pattern, escape_char, .. } | Expr::ILike { pattern, escape_char, .. }) = expr
    else {
        return Ok(());
    };
    let Some(escape) = escape_char.take() else { return Ok(()) };
    let Some(text) = escape.into_string().filter(|text| text.chars().nth(1).is_none()) else {
        return Err(Error::new(Code::InvalidParameter, "the escape of LIKE is one character")
            .with_hint("Type for example LIKE '100!%' ESCAPE '!', or ESCAPE '' for none."));
    };
    if text == "\\" {
        return Ok(());
    }
    let unescaped = std::mem::replace(pattern.as_mut(), null());
    let escape = Expr::Value(Value::SingleQuotedString(text).with_empty_span());
    **pattern = call(LIKE_PATTERN, vec![unescaped, escape], Span::empty());
    Ok(())
}
