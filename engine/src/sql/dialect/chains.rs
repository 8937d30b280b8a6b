//! Long chains of conditions as trees that are flat instead of as deep as the chain is long.

use sqlparser::ast::{BinaryOperator, Expr};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};

/// How many conditions follow the first of a chain that is not left as deep as it is long.
const LONG: usize = 16;

/// Parses all that follows one condition in a chain of `AND` or of `OR`. Whatever walks an
/// expression walks its depth, and much of it does so for every part of the expression.
pub(super) fn infix(
    parser: &mut Parser<'_>,
    first: &Expr,
    precedence: u8,
) -> Option<Result<Expr, ParserError>> {
    let (keyword, operator) =
        [(Keyword::AND, BinaryOperator::And), (Keyword::OR, BinaryOperator::Or)]
            .into_iter()
            .find(|(keyword, _)| parser.parse_keyword(*keyword))?;
    Some(rest(parser, keyword, precedence).map(|rest| joined(first.clone(), rest, &operator)))
}

/// Returns the conditions that follow in a chain whose first keyword has been read.
fn rest(
    parser: &mut Parser<'_>,
    keyword: Keyword,
    precedence: u8,
) -> Result<Vec<Expr>, ParserError> {
    let mut rest = vec![parser.parse_subexpr(precedence)?];
    while parser.parse_keyword(keyword) {
        rest.push(parser.parse_subexpr(precedence)?);
    }
    Ok(rest)
}

/// Returns the conditions in their order, a long chain as a tree of its halves.
fn joined(first: Expr, mut rest: Vec<Expr>, operator: &BinaryOperator) -> Expr {
    let pair = |left: Expr, right: Expr| Expr::BinaryOp {
        left: Box::new(left),
        op: operator.clone(),
        right: Box::new(right),
    };
    if rest.len() < LONG {
        return rest.into_iter().fold(first, pair);
    }
    let mut half = rest.split_off(rest.len() / 2);
    let middle = half.remove(0);
    pair(joined(first, rest, operator), joined(middle, half, operator))
}
