//! The escapes of ODBC and JDBC that stand around plain SQL: `{fn ..}`, `{escape ..}`, `{oj ..}`,
//! `{interval ..}`. Those of dates and times are known to the parser below.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Word};

/// The functions of ODBC that have another name here.
const SYNONYMS: [(&str, &str); 7] = [
    ("CURDATE", "current_date"),
    ("CURTIME", "current_time"),
    ("DATABASE", "current_database"),
    ("IFNULL", "coalesce"),
    ("LCASE", "lower"),
    ("RAND", "random"),
    ("UCASE", "upper"),
];

/// The functions of ODBC that are a field of `date_part`.
const FIELDS: [(&str, &str); 9] = [
    ("DAYOFMONTH", "day"),
    ("DAYOFYEAR", "doy"),
    ("HOUR", "hour"),
    ("MINUTE", "minute"),
    ("MONTH", "month"),
    ("QUARTER", "quarter"),
    ("SECOND", "second"),
    ("WEEK", "week"),
    ("YEAR", "year"),
];

/// Returns the tokens without the braces of escapes, and with the functions that they mean.
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
    let Some(TokenWithSpan { token: Token::Word(word), span }) = tokens.first() else {
        return tokens;
    };
    let behind = after_word(tokens);
    let named = |name: &str| {
        let word = Word { value: name.to_owned(), quote_style: None, keyword: Keyword::NoKeyword };
        TokenWithSpan { token: Token::Word(word), span: *span }
    };
    let is_it = |(odbc, _): &&(&str, &str)| word.value.eq_ignore_ascii_case(odbc);
    if let Some((_, name)) = SYNONYMS.iter().find(is_it) {
        plain.push(named(name));
        return behind;
    }
    if let Some((_, field)) = FIELDS.iter().find(is_it)
        && let [parenthesis, arguments @ ..] = after_space(behind)
        && parenthesis.token == Token::LParen
    {
        let field = Token::SingleQuotedString((*field).to_owned());
        let argument = [field, Token::Comma].map(|token| TokenWithSpan { token, span: *span });
        plain.extend([named("date_part"), parenthesis.clone()]);
        plain.extend(argument);
        return arguments;
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
