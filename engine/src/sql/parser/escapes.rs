//! The escapes of ODBC and JDBC that stand around plain SQL: `{fn ..}`, `{escape ..}`, `{oj ..}`,
//! `{interval ..}`. Those of dates and times are known to the parser below.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Word};

use crate::sql::rewrite::marked;

/// Returns the tokens without the braces of escapes, and with a mark at the functions that mean
/// something else there.
pub(super) fn unescaped(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    if !tokens.iter().any(|token| token.token == Token::LBrace) {
        return tokens;
    }
    let mut plain = Vec::with_capacity(tokens.len());
    // Whether each open brace is that of an escape.
    let mut braces = Vec::new();
    let mut rest = tokens.as_slice();
    while let Some((token, behind)) = rest.split_first() {
        rest = behind;
        match token.token {
            Token::LBrace => {
                let escape = escape(behind);
                braces.push(escape.is_some());
                match escape {
                    Some(Escape::Function) => rest = function(after_word(behind), &mut plain),
                    Some(Escape::OuterJoin) => rest = after_word(behind),
                    Some(Escape::Plain) => {}
                    None => plain.push(token.clone()),
                }
            }
            Token::RBrace if braces.pop() == Some(true) => {}
            _ => plain.push(token.clone()),
        }
    }
    plain
}

/// What a brace begins.
#[derive(Debug, Clone, Copy)]
enum Escape {
    /// A call.
    Function,
    /// A join, without the word before it.
    OuterJoin,
    /// SQL with the word before it.
    Plain,
}

/// Returns the escape whose name and content follow, if one does: `{fn: 1}` is a struct.
fn escape(tokens: &[TokenWithSpan]) -> Option<Escape> {
    let tokens = after_space(tokens);
    let Token::Word(word) = &tokens.first()?.token else { return None };
    let escape = match word.value.to_ascii_lowercase().as_str() {
        "fn" => Escape::Function,
        "oj" => Escape::OuterJoin,
        "escape" | "interval" => Escape::Plain,
        _ => return None,
    };
    let content = after_space(after_word(tokens)).first()?;
    let is_escape = word.quote_style.is_none() && content.token != Token::Colon;
    is_escape.then_some(escape)
}

/// Puts the name of the function that is called into `plain`, and returns what follows it.
fn function<'a>(
    tokens: &'a [TokenWithSpan],
    plain: &mut Vec<TokenWithSpan>,
) -> &'a [TokenWithSpan] {
    let tokens = after_space(tokens);
    if let Some(TokenWithSpan { token: Token::Word(word), span }) = tokens.first()
        && word.quote_style.is_none()
        && let Some(value) = marked(&word.value)
    {
        let word = Word { value, quote_style: None, keyword: Keyword::NoKeyword };
        plain.push(TokenWithSpan { token: Token::Word(word), span: *span });
        return after_word(tokens);
    }
    tokens
}

fn after_word(tokens: &[TokenWithSpan]) -> &[TokenWithSpan] {
    after_space(tokens).get(1..).unwrap_or_default()
}

fn after_space(tokens: &[TokenWithSpan]) -> &[TokenWithSpan] {
    let is_space = |token: &&TokenWithSpan| matches!(token.token, Token::Whitespace(_));
    tokens.get(tokens.iter().take_while(is_space).count()..).unwrap_or_default()
}
