//! `current_catalog()` and its kin: the parser reads them without parentheses only.

use sqlparser::tokenizer::{Token, TokenWithSpan};

/// The functions that the parser takes for keywords.
const NILADIC: [&str; 4] = ["CURRENT_CATALOG", "CURRENT_USER", "SESSION_USER", "USER"];

/// Returns the tokens without the empty parentheses behind a niladic function.
pub(super) fn without_parentheses(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut kept: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_call = token.token == Token::LParen
            && kept.last().is_some_and(is_niladic)
            && tokens.peek().is_some_and(|next| next.token == Token::RParen);
        if is_call {
            tokens.next();
        } else {
            kept.push(token);
        }
    }
    kept
}

fn is_niladic(token: &TokenWithSpan) -> bool {
    let Token::Word(word) = &token.token else { return false };
    word.quote_style.is_none() && NILADIC.iter().any(|name| word.value.eq_ignore_ascii_case(name))
}
