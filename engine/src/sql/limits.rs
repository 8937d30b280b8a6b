//! Refuses statements whose syntax tree would be too deep to walk, before it is built.

use sqlparser::tokenizer::{Token, TokenWithSpan};

use crate::error::{Code, Error, Position};

/// How deep the parser may recurse.
pub(super) const RECURSION_LIMIT: usize = 160;

/// How many brackets may be open at once.
const MAX_NESTING: usize = 128;

/// How many operators one expression or list of set operations may chain. Each makes the left-deep
/// tree one level deeper, and dropping a tree recurses.
const MAX_CHAIN: usize = 3000;

/// How many operators may stand before one operand, as in `NOT NOT x`. The parser recurses for each.
const MAX_PREFIXES: usize = 64;

/// Words that, like operators, make a left-deep tree one level deeper.
const CHAINING: [&str; 10] =
    ["AND", "OR", "UNION", "INTERSECT", "EXCEPT", "JOIN", "IS", "LIKE", "NOT", "COLLATE"];

/// Returns an error when the tokens nest or chain deeper than the engine walks.
pub(super) fn check(tokens: &[TokenWithSpan]) -> Result<(), Error> {
    let mut chains = vec![0_usize];
    let mut prefixes = 0;
    for token in tokens {
        match is_prefix(&token.token) {
            Some(true) => prefixes += 1,
            Some(false) => prefixes = 0,
            None => {}
        }
        if prefixes > MAX_PREFIXES {
            return Err(too_deep(
                token,
                format!("more than {MAX_PREFIXES} operators stand before one operand"),
                "Leave out those that cancel each other.",
            ));
        }
        match &token.token {
            Token::LParen | Token::LBracket | Token::LBrace => {
                // Subscripts and calls chain too: `a[1][1]...`.
                count(&mut chains, token)?;
                chains.push(0);
                if chains.len() > MAX_NESTING {
                    return Err(too_deep(
                        token,
                        format!("the statement nests brackets deeper than {MAX_NESTING} levels"),
                        "Split the expression into common table expressions or views.",
                    ));
                }
            }
            Token::RParen | Token::RBracket | Token::RBrace => {
                if chains.len() > 1 {
                    chains.pop();
                }
            }
            Token::Comma | Token::SemiColon => {
                if let Some(chain) = chains.last_mut() {
                    *chain = 0;
                }
            }
            Token::Word(word) if word.quote_style.is_none() => {
                if CHAINING.iter().any(|chaining| word.value.eq_ignore_ascii_case(chaining)) {
                    count(&mut chains, token)?;
                }
            }
            Token::Word(_)
            | Token::Number(..)
            | Token::SingleQuotedString(_)
            | Token::DoubleQuotedString(_)
            | Token::Whitespace(_)
            | Token::Placeholder(_)
            | Token::EOF => {}
            _ => count(&mut chains, token)?,
        }
    }
    Ok(())
}

/// Returns whether a token can stand before an operand; nothing for space between tokens.
fn is_prefix(token: &Token) -> Option<bool> {
    match token {
        Token::Whitespace(_) => None,
        Token::Minus | Token::Plus | Token::Tilde | Token::ExclamationMark => Some(true),
        Token::Word(word) => Some(
            word.quote_style.is_none()
                && ["NOT", "PRIOR", "EXISTS"]
                    .iter()
                    .any(|prefix| word.value.eq_ignore_ascii_case(prefix)),
        ),
        _ => Some(false),
    }
}

fn count(chains: &mut [usize], token: &TokenWithSpan) -> Result<(), Error> {
    let Some(chain) = chains.last_mut() else { return Ok(()) };
    *chain += 1;
    if *chain <= MAX_CHAIN {
        return Ok(());
    }
    Err(too_deep(
        token,
        format!("the statement chains more than {MAX_CHAIN} operators in one expression"),
        "Use IN (...) instead of many ORs, or UNION ALL over a table of values.",
    ))
}

fn too_deep(token: &TokenWithSpan, message: String, hint: &str) -> Error {
    Error::new(Code::LimitExceeded, message)
        .with_hint(hint)
        .with_position(Position { line: token.span.start.line, column: token.span.start.column })
}
