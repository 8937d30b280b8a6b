//! Refuses statements whose syntax tree would be too deep to walk, before it is built.

use sqlparser::tokenizer::{Token, TokenWithSpan};

use crate::error::{Code, Error, Position};

/// How deep the parser may recurse.
pub(super) const RECURSION_LIMIT: usize = 160;

/// How many brackets may be open at once.
const MAX_NESTING: usize = 128;

/// How many operators one expression may chain. Each makes the left-deep tree one level deeper, and
/// planning takes the square of its depth.
const MAX_OPERATORS: usize = 500;

/// How many conditions one `AND` may chain. Their tree is flat, but rules of the planner take them
/// apart and make a deep one of them.
const MAX_CONDITIONS: usize = 500;

/// How many conditions one `OR` may chain, whose tree is flat.
const MAX_ALTERNATIVES: usize = 5000;

/// How many relations may be joined, or queries united, in one list.
const MAX_RELATIONS: usize = 500;

/// How many operators may stand before one operand, as in `NOT NOT x`. The parser recurses for each.
const MAX_PREFIXES: usize = 64;

/// Words that, like operators, make a left-deep tree one level deeper.
const OPERATORS: [&str; 5] = ["IS", "LIKE", "ILIKE", "NOT", "COLLATE"];

/// Words that make a list of relations one longer.
const RELATIONS: [&str; 4] = ["UNION", "INTERSECT", "EXCEPT", "JOIN"];

/// Words behind which another expression begins.
const BEGINNINGS: [&str; 8] = ["SELECT", "FROM", "WHERE", "ON", "HAVING", "WHEN", "THEN", "ELSE"];

/// What is chained between one pair of brackets.
#[derive(Default)]
struct Chains {
    operators: usize,
    conditions: usize,
    alternatives: usize,
    relations: usize,
}

/// Returns an error when the tokens nest or chain deeper than the engine walks.
pub(super) fn check(tokens: &[TokenWithSpan]) -> Result<(), Error> {
    let mut chains = vec![Chains::default()];
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
                operator(&mut chains, token)?;
                chains.push(Chains::default());
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
            Token::Comma => beginning(&mut chains),
            Token::SemiColon => chains = vec![Chains::default()],
            Token::Word(word) if word.quote_style.is_none() => {
                keyword(&mut chains, token, &word.value)?;
            }
            Token::Word(_)
            | Token::Number(..)
            | Token::SingleQuotedString(_)
            | Token::DoubleQuotedString(_)
            | Token::Whitespace(_)
            | Token::Placeholder(_)
            | Token::Period
            | Token::EOF => {}
            _ => operator(&mut chains, token)?,
        }
    }
    Ok(())
}

/// Counts what a word does to the chains, if it does anything.
fn keyword(chains: &mut [Chains], token: &TokenWithSpan, word: &str) -> Result<(), Error> {
    let is_of = |words: &[&str]| words.iter().any(|of| word.eq_ignore_ascii_case(of));
    if is_of(&["AND"]) {
        condition(chains, token)
    } else if is_of(&["OR"]) {
        alternative(chains, token)
    } else if is_of(&OPERATORS) {
        operator(chains, token)
    } else if is_of(&RELATIONS) {
        relation(chains, token)
    } else {
        if is_of(&BEGINNINGS) {
            beginning(chains);
        }
        Ok(())
    }
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

/// Another expression begins.
fn beginning(chains: &mut [Chains]) {
    if let Some(chain) = chains.last_mut() {
        *chain = Chains { relations: chain.relations, ..Chains::default() };
    }
}

fn operator(chains: &mut [Chains], token: &TokenWithSpan) -> Result<(), Error> {
    let Some(chain) = chains.last_mut() else { return Ok(()) };
    chain.operators += 1;
    if chain.operators <= MAX_OPERATORS {
        return Ok(());
    }
    Err(too_deep(
        token,
        format!("the statement chains more than {MAX_OPERATORS} operators in one expression"),
        "Put parts of it into brackets, or compute them in a subquery.",
    ))
}

fn condition(chains: &mut [Chains], token: &TokenWithSpan) -> Result<(), Error> {
    let Some(chain) = chains.last_mut() else { return Ok(()) };
    chain.operators = 0;
    chain.conditions += 1;
    if chain.conditions <= MAX_CONDITIONS {
        return Ok(());
    }
    Err(too_deep(
        token,
        format!("the statement chains more than {MAX_CONDITIONS} conditions by AND"),
        "Use NOT IN (...), or put parts of them into brackets.",
    ))
}

fn alternative(chains: &mut [Chains], token: &TokenWithSpan) -> Result<(), Error> {
    let Some(chain) = chains.last_mut() else { return Ok(()) };
    *chain = Chains {
        relations: chain.relations,
        alternatives: chain.alternatives + 1,
        ..Chains::default()
    };
    if chain.alternatives <= MAX_ALTERNATIVES {
        return Ok(());
    }
    Err(too_deep(
        token,
        format!("the statement chains more than {MAX_ALTERNATIVES} conditions by OR"),
        "Use IN (...), or join with a table of the values.",
    ))
}

fn relation(chains: &mut [Chains], token: &TokenWithSpan) -> Result<(), Error> {
    let Some(chain) = chains.last_mut() else { return Ok(()) };
    *chain = Chains { relations: chain.relations + 1, ..Chains::default() };
    if chain.relations <= MAX_RELATIONS {
        return Ok(());
    }
    Err(too_deep(
        token,
        format!("the statement joins or unites more than {MAX_RELATIONS} relations in one list"),
        "Put parts of the list into common table expressions or views, or rows into VALUES.",
    ))
}

fn too_deep(token: &TokenWithSpan, message: String, hint: &str) -> Error {
    Error::new(Code::LimitExceeded, message)
        .with_hint(hint)
        .with_position(Position { line: token.span.start.line, column: token.span.start.column })
}
