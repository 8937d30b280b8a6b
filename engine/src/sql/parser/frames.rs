//! Frames of windows and clauses of limits that the parser below does not know: `EXCLUDE` in a
//! frame, and brackets in `FETCH FIRST (2 + 1) ROWS ONLY`, which is `LIMIT (2 + 1)`.

use sqlparser::tokenizer::{Token, TokenWithSpan};

use crate::error::{Error, Position};

/// Returns the tokens with what the parser knows in the place of these.
pub(super) fn known(tokens: Vec<TokenWithSpan>) -> Result<Vec<TokenWithSpan>, Error> {
    let is_concerned = |token: &TokenWithSpan| is_word(token, "exclude") || is_word(token, "fetch");
    if !tokens.iter().any(is_concerned) {
        return Ok(tokens);
    }
    let mut known: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    let mut rest = tokens.as_slice();
    while let Some((first, behind)) = rest.split_first() {
        if is_word(first, "exclude") && ends_bound(&known) {
            rest = without_exclusion(first, behind)?;
        } else if is_word(first, "fetch")
            && let Some((count, left)) = fetched(behind)
        {
            known.push(limit_of(first));
            known.extend(count.iter().cloned());
            rest = left;
        } else {
            known.push(first.clone());
            rest = behind;
        }
    }
    Ok(known)
}

/// Returns whether the last token ends a bound of a frame.
fn ends_bound(tokens: &[TokenWithSpan]) -> bool {
    let last = tokens.iter().rev().find(|token| !is_space(token));
    last.is_some_and(|last| ["row", "preceding", "following"].iter().any(|end| is_word(last, end)))
}

/// Returns what follows `EXCLUDE NO OTHERS`, which says what holds anyhow.
fn without_exclusion<'t>(
    exclude: &TokenWithSpan,
    behind: &'t [TokenWithSpan],
) -> Result<&'t [TokenWithSpan], Error> {
    if let Some(behind) = after(behind, "no").and_then(|behind| after(behind, "others")) {
        return Ok(behind);
    }
    let start = exclude.span.start;
    Err(Error::unsupported("EXCLUDE in the frame of a window is not supported")
        .with_hint(
            "Leave the row out by hand, as in sum(x) OVER w - x, or by two frames that end before \
             it and begin behind it.",
        )
        .with_position(Position { line: start.line.max(1), column: start.column.max(1) }))
}

/// Returns the count in brackets behind `FETCH`, and what follows `ROWS ONLY`.
fn fetched(tokens: &[TokenWithSpan]) -> Option<(&[TokenWithSpan], &[TokenWithSpan])> {
    let behind = after(tokens, "first").or_else(|| after(tokens, "next"))?;
    let start = behind.iter().position(|token| !is_space(token))?;
    let count = behind.get(start..)?;
    if count.first()?.token != Token::LParen {
        return None;
    }
    let mut depth = 0_usize;
    let end = count.iter().position(|token| {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })?;
    let (count, behind) = count.split_at_checked(end + 1)?;
    let behind = after(behind, "rows").or_else(|| after(behind, "row"))?;
    Some((count, after(behind, "only")?))
}

/// Returns the word `LIMIT` in the place of another one.
fn limit_of(token: &TokenWithSpan) -> TokenWithSpan {
    TokenWithSpan { token: Token::make_keyword("LIMIT"), span: token.span }
}

/// Returns what follows a word, if it comes next.
fn after<'t>(tokens: &'t [TokenWithSpan], word: &str) -> Option<&'t [TokenWithSpan]> {
    let place = tokens.iter().position(|token| !is_space(token))?;
    let (token, behind) = tokens.get(place..)?.split_first()?;
    is_word(token, word).then_some(behind)
}

fn is_word(token: &TokenWithSpan, text: &str) -> bool {
    matches!(&token.token, Token::Word(word)
        if word.quote_style.is_none() && word.value.eq_ignore_ascii_case(text))
}

fn is_space(token: &TokenWithSpan) -> bool {
    matches!(token.token, Token::Whitespace(_))
}
