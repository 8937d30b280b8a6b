//! `LIKE .. ESCAPE '!'` and `SIMILAR TO`: the engine below knows the backslash alone, and takes what
//! is on the right of `SIMILAR TO` for a regular expression, so patterns are written as these.

use sqlparser::ast::{Expr, Value};
use sqlparser::tokenizer::Span;

use super::functions::call;
use crate::error::{Code, Error};
use crate::functions::{LIKE_PATTERN, SIMILAR_PATTERN};
use crate::sql::made;

/// Rewrites a comparison with a pattern.
pub(super) fn rewrite(expr: &mut Expr) -> Result<(), Error> {
    let (function, pattern, escape) = match expr {
        Expr::Like { pattern, escape_char, .. } | Expr::ILike { pattern, escape_char, .. } => {
            let Some(escape) = escape_char.take() else { return Ok(()) };
            (LIKE_PATTERN, pattern, escape)
        }
        Expr::SimilarTo { pattern, escape_char, .. } if !is_written(pattern) => {
            let backslash = || Value::SingleQuotedString("\\".to_owned()).into();
            (SIMILAR_PATTERN, pattern, escape_char.take().unwrap_or_else(backslash))
        }
        _ => return Ok(()),
    };
    let Some(text) = escape.into_string().filter(|text| text.chars().nth(1).is_none()) else {
        return Err(Error::new(Code::InvalidParameter, "the escape of a pattern is one character")
            .with_hint("Type for example LIKE '100!%' ESCAPE '!', or ESCAPE '' for none."));
    };
    if function == LIKE_PATTERN && text == "\\" {
        return Ok(());
    }
    let unescaped = made::take(pattern.as_mut());
    let escape = made::text(text);
    **pattern = call(function, vec![unescaped, escape], Span::empty());
    Ok(())
}

fn is_written(pattern: &Expr) -> bool {
    let Expr::Function(function) = pattern else { return false };
    let [name] = function.name.0.as_slice() else { return false };
    name.as_ident().is_some_and(|name| name.value == SIMILAR_PATTERN)
}
