//! What the parser below knows in a longer form, or without a hint: `trim(LEADING FROM t)` is
//! `trim(LEADING ' ' FROM t)`, `WITH a AS MATERIALIZED (...)` is `WITH a AS (...)`, and `1_000` is
//! `1000`.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};

/// The ends of a text that `trim` is told.
const ENDS: [Keyword; 3] = [Keyword::BOTH, Keyword::LEADING, Keyword::TRAILING];

/// Returns the tokens with what the parser knows in the place of these.
pub(super) fn known(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let is_concerned = |token: &TokenWithSpan| {
        is_keyword(token, &ENDS)
            || is_keyword(token, &[Keyword::MATERIALIZED])
            || digits(token).is_some()
    };
    if !tokens.iter().any(is_concerned) {
        return tokens;
    }
    let mut kept: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len() + 1);
    for (place, token) in tokens.iter().enumerate() {
        let next = tokens.iter().skip(place + 1).find(|next| !is_space(next));
        let is_hint = is_keyword(token, &[Keyword::MATERIALIZED])
            && next.is_some_and(|next| next.token == Token::LParen);
        if is_hint && let Some(end) = end_of_as(&kept) {
            kept.truncate(end);
            continue;
        }
        if let Some(number) = digits(token) {
            kept.push(number);
            continue;
        }
        let is_open = kept.iter().rev().find(|before| !is_space(before));
        let is_open = is_open.is_some_and(|before| before.token == Token::LParen);
        kept.push(token.clone());
        let is_end = is_open && is_keyword(token, &ENDS);
        if is_end && next.is_some_and(|next| is_keyword(next, &[Keyword::FROM])) {
            let token = TokenWithSpan {
                token: Token::SingleQuotedString(" ".to_owned()),
                span: token.span,
            };
            kept.push(token);
        }
    }
    kept
}

/// Returns a number without the underscores that it has.
fn digits(token: &TokenWithSpan) -> Option<TokenWithSpan> {
    let Token::Number(text, is_long) = &token.token else { return None };
    let number = || Token::Number(text.replace('_', ""), *is_long);
    text.contains('_').then(|| TokenWithSpan { token: number(), span: token.span })
}

/// Returns the place behind `AS` where the last words are that, or `AS NOT`.
fn end_of_as(tokens: &[TokenWithSpan]) -> Option<usize> {
    let mut words = tokens.iter().enumerate().rev().filter(|(_, token)| !is_space(token));
    let (place, last) = words.next()?;
    if is_keyword(last, &[Keyword::AS]) {
        return Some(place + 1);
    }
    let (place, first) = words.next()?;
    (is_keyword(last, &[Keyword::NOT]) && is_keyword(first, &[Keyword::AS])).then_some(place + 1)
}

fn is_keyword(token: &TokenWithSpan, keywords: &[Keyword]) -> bool {
    matches!(&token.token, Token::Word(word)
        if word.quote_style.is_none() && keywords.contains(&word.keyword))
}

fn is_space(token: &TokenWithSpan) -> bool {
    matches!(token.token, Token::Whitespace(_))
}
