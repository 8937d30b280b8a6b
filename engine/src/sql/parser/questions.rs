//! The operators `?`, `?|` and `?&` of `jsonb`, which the tokenizer takes for parameters: a question
//! mark between two operands is one.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan};

/// Returns the tokens with operators in the place of such question marks.
pub(super) fn operators(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    if !tokens.iter().any(|token| is_mark(&token.token)) {
        return tokens;
    }
    let mut known: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    let mut rest = tokens.as_slice();
    while let Some((first, behind)) = rest.split_first() {
        let before = known.iter().rev().map(|token| &token.token).find(|token| !is_space(token));
        let (name, length) = match behind.first().map(|next| &next.token) {
            Some(Token::Pipe) => ("?|", 2),
            Some(Token::Ampersand) => ("?&", 2),
            _ => ("?", 1),
        };
        let behind_it = rest.get(length..).unwrap_or_default();
        let next = behind_it.iter().map(|token| &token.token).find(|token| !is_space(token));
        if is_mark(&first.token) && is_between(before, next) {
            let end = rest.get(length - 1).map_or(first.span.end, |last| last.span.end);
            let token = Token::CustomBinaryOperator(name.to_owned());
            known.push(TokenWithSpan { token, span: Span::new(first.span.start, end) });
            rest = behind_it;
        } else {
            known.push(first.clone());
            rest = behind;
        }
    }
    known
}

/// Returns whether what stands before a mark ends an operand, and what stands behind it begins one.
fn is_between(before: Option<&Token>, next: Option<&Token>) -> bool {
    let is_text = next.is_some_and(|next| {
        matches!(next, Token::SingleQuotedString(_) | Token::EscapedStringLiteral(_))
    });
    let ends = before.is_some_and(|before| match before {
        // Some of the words that the parser knows are names of columns, too.
        Token::Word(word) => {
            let is_name =
                matches!(word.keyword, Keyword::NoKeyword | Keyword::JSON | Keyword::JSONB);
            is_text || is_name || word.quote_style.is_some()
        }
        Token::RParen
        | Token::RBracket
        | Token::SingleQuotedString(_)
        | Token::EscapedStringLiteral(_)
        | Token::Placeholder(_) => true,
        _ => false,
    });
    let begins = next.is_some_and(|next| match next {
        Token::Word(_) | Token::Placeholder(_) | Token::LParen => true,
        _ => is_text,
    });
    ends && begins
}

fn is_mark(token: &Token) -> bool {
    matches!(token, Token::Placeholder(text) if text == "?")
}

fn is_space(token: &Token) -> bool {
    matches!(token, Token::Whitespace(_))
}

#[cfg(test)]
mod tests {
    use sqlparser::tokenizer::Tokenizer;

    use super::*;
    use crate::sql::dialect::GeoDialect;

    #[test]
    fn marks_between_operands_are_operators() {
        let found = |sql: &str| {
            let tokens = Tokenizer::new(&GeoDialect, sql).tokenize_with_location();
            let tokens = operators(tokens.expect("tokens"));
            let name = tokens.into_iter().find_map(|token| match token.token {
                Token::CustomBinaryOperator(name) => Some(name),
                _ => None,
            });
            name.unwrap_or_default()
        };
        for (sql, expected) in [
            ("a ? 'b'", "?"),
            ("data ? 'b'", "?"),
            ("(a -> 'x') ? key", "?"),
            ("'{}'::jsonb ?| ARRAY['b']", "?|"),
            ("a ?& '{b}'", "?&"),
            ("a ? ?", "?"),
            ("x = ? AND y = 'b'", ""),
            ("f(?, 'a')", ""),
            ("x BETWEEN ? AND ?", ""),
            ("LIMIT ? OFFSET ?", ""),
            ("x = ? | 1", ""),
            ("CASE WHEN ? THEN ? ELSE ? END", ""),
            ("x IN (?) OR y", ""),
        ] {
            assert_eq!(found(sql), expected, "{sql}");
        }
    }
}
