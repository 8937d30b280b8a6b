//! `TABLE name` where a query begins, as the `SELECT * FROM name` that it is: the parser below
//! takes what follows the name away with it.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Word};

/// The words before a query inside of another, or of a statement.
const BEFORE: [Keyword; 7] = [
    Keyword::ALL,
    Keyword::AS,
    Keyword::DISTINCT,
    Keyword::EXCEPT,
    Keyword::EXPLAIN,
    Keyword::INTERSECT,
    Keyword::UNION,
];

/// The words before the name of the table that `INSERT` fills.
const INTO: [Keyword; 2] = [Keyword::INTO, Keyword::OVERWRITE];

/// The words that may follow such a query.
const BEHIND: [Keyword; 8] = [
    Keyword::EXCEPT,
    Keyword::FETCH,
    Keyword::INTERSECT,
    Keyword::LIMIT,
    Keyword::MINUS,
    Keyword::OFFSET,
    Keyword::ORDER,
    Keyword::UNION,
];

/// Returns the tokens with the long form of each such query.
pub(super) fn selected(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    if !tokens.iter().any(|token| is_keyword(token, &[Keyword::TABLE])) {
        return tokens;
    }
    let first = tokens.iter().find(|token| !is_space(token));
    let is_insert = first.is_some_and(|first| is_keyword(first, &[Keyword::INSERT]));
    let mut long: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len() + 4);
    for (place, token) in tokens.iter().enumerate() {
        let is_query = is_keyword(token, &[Keyword::TABLE])
            && begins(long.iter().rev().find(|before| !is_space(before)), is_insert)
            && is_name(tokens.get(place + 1..).unwrap_or_default());
        if is_query {
            let word = |value: &str, keyword| {
                Token::Word(Word { value: value.to_owned(), quote_style: None, keyword })
            };
            let select = [word("SELECT", Keyword::SELECT), Token::Mul, word("FROM", Keyword::FROM)];
            long.extend(select.map(|part| TokenWithSpan { token: part, span: token.span }));
        } else {
            long.push(token.clone());
        }
    }
    long
}

/// Returns whether a query may begin behind a token.
fn begins(before: Option<&TokenWithSpan>, is_insert: bool) -> bool {
    before.is_none_or(|before| match before.token {
        Token::LParen | Token::RParen | Token::SemiColon => true,
        Token::Word(_) => is_keyword(before, &BEFORE) || is_insert && !is_keyword(before, &INTO),
        _ => false,
    })
}

/// Returns whether a name follows, and then the end of a query.
fn is_name(tokens: &[TokenWithSpan]) -> bool {
    let mut tokens = tokens.iter().filter(|token| !is_space(token));
    loop {
        if !tokens.next().is_some_and(|token| matches!(token.token, Token::Word(_))) {
            return false;
        }
        match tokens.next() {
            Some(TokenWithSpan { token: Token::Period, .. }) => {}
            None => return true,
            Some(behind) => {
                return matches!(behind.token, Token::RParen | Token::SemiColon | Token::EOF)
                    || is_keyword(behind, &BEHIND);
            }
        }
    }
}

fn is_keyword(token: &TokenWithSpan, keywords: &[Keyword]) -> bool {
    matches!(&token.token, Token::Word(word)
        if word.quote_style.is_none() && keywords.contains(&word.keyword))
}

fn is_space(token: &TokenWithSpan) -> bool {
    matches!(token.token, Token::Whitespace(_))
}
