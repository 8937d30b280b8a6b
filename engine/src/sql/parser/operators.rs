//! Operators of `PostGIS` that the tokenizer reads as several tokens, or as another one.

use sqlparser::tokenizer::{Span, Token, TokenWithSpan};

/// The operators made of tokens that stand side by side, longest first.
const OPERATORS: [(&str, &[Token]); 13] = [
    ("<<->>", &[Token::ShiftLeft, Token::LongArrow]),
    ("<<#>>", &[Token::ShiftLeft, Token::HashLongArrow]),
    ("&&&", &[Token::Overlap, Token::Ampersand]),
    ("&<|", &[Token::Ampersand, Token::Lt, Token::Pipe]),
    ("|&>", &[Token::Pipe, Token::Ampersand, Token::Gt]),
    ("|=|", &[Token::Pipe, Token::Eq, Token::Pipe]),
    ("<<|", &[Token::ShiftLeft, Token::Pipe]),
    ("|>>", &[Token::VerticalBarRightAngleBracket, Token::Gt]),
    ("<->", &[Token::Lt, Token::Arrow]),
    ("<#>", &[Token::Lt, Token::HashArrow]),
    ("~=", &[Token::Tilde, Token::Eq]),
    ("&<", &[Token::Ampersand, Token::Lt]),
    ("&>", &[Token::Ampersand, Token::Gt]),
];

/// Returns the tokens with each such operator as one token.
pub(super) fn joined(tokens: &[TokenWithSpan]) -> Vec<TokenWithSpan> {
    let mut joined: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    let mut rest = tokens;
    while let Some((first, behind)) = rest.split_first() {
        if let Some((name, length)) = operator(rest) {
            let end = rest.get(length - 1).map_or(first.span.end, |last| last.span.end);
            let token = Token::CustomBinaryOperator(name.to_owned());
            joined.push(TokenWithSpan { token, span: Span::new(first.span.start, end) });
            rest = rest.get(length..).unwrap_or_default();
        } else {
            joined.push(first.clone());
            rest = behind;
        }
    }
    joined
}

/// Returns the operator that the tokens begin with, and of how many tokens it is made.
fn operator(tokens: &[TokenWithSpan]) -> Option<(&'static str, usize)> {
    let first = tokens.first()?;
    if first.token == Token::AtSign {
        return Some(("@", 1));
    }
    OPERATORS.into_iter().find_map(|(name, parts)| {
        let found = tokens.get(..parts.len())?;
        let is_it = found.iter().zip(parts).all(|(token, part)| token.token == *part);
        is_it.then_some((name, parts.len()))
    })
}

#[cfg(test)]
mod tests {
    use sqlparser::tokenizer::Tokenizer;

    use super::*;
    use crate::sql::dialect::GeoDialect;

    #[test]
    fn operators_are_one_token_each() {
        for name in OPERATORS.iter().map(|(name, _)| *name).chain(["@"]) {
            let sql = format!("a {name} b");
            let tokens = Tokenizer::new(&GeoDialect, &sql).tokenize_with_location();
            let tokens = joined(&tokens.expect("tokens"));
            let found = Token::CustomBinaryOperator(name.to_owned());
            assert_eq!(tokens.iter().filter(|token| token.token == found).count(), 1, "{sql}");
        }
    }
}
