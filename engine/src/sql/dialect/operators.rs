//! Operators of `PostgreSQL` that the parser knows in another dialect only, or not at all.

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator};
use sqlparser::dialect::{Dialect as _, Precedence};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Span, Token};

use super::GeoDialect;
use crate::sql::made;
use crate::sql::rewrite::call;

type Parsed = Option<Result<Expr, ParserError>>;

/// How close a power binds: closer than a product, and less so than a sign.
const POWER: u8 = 45;

/// How close operators bind that have no place of their own: closer than a comparison, and less so
/// than a sum.
const OTHER: u8 = 21;

/// Returns how close an operator binds where the parser knows it otherwise:
/// <https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-PRECEDENCE>.
pub(super) fn precedence(operator: &Token) -> Option<u8> {
    match operator {
        Token::Caret => Some(POWER),
        Token::Arrow
        | Token::LongArrow
        | Token::HashArrow
        | Token::HashLongArrow
        | Token::HashMinus
        | Token::Ampersand
        | Token::Pipe
        | Token::Sharp
        | Token::ShiftLeft
        | Token::ShiftRight
        | Token::StringConcat
        | Token::Overlap
        | Token::AtArrow
        | Token::ArrowAt
        | Token::CaretAt
        | Token::Tilde
        | Token::TildeAsterisk
        | Token::ExclamationMarkTilde
        | Token::ExclamationMarkTildeAsterisk
        | Token::CustomBinaryOperator(_) => Some(OTHER),
        _ => None,
    }
}

/// Parses `- x`, `|/ x`, `||/ x`, `@ x` and `~ x`.
pub(super) fn prefix(parser: &mut Parser<'_>) -> Parsed {
    let operator = match &parser.peek_token_ref().token {
        // Between geometries it is another operator.
        Token::CustomBinaryOperator(name) if name == "@" => Token::AtSign,
        operator => operator.clone(),
    };
    let is_known = matches!(
        operator,
        Token::Minus | Token::PGSquareRoot | Token::PGCubeRoot | Token::AtSign | Token::Tilde
    );
    if !is_known {
        return None;
    }
    parser.advance_token();
    let binds = if operator == Token::Minus { POWER } else { OTHER };
    let operand = parser.parse_subexpr(binds);
    Some(operand.map(|operand| match operator {
        Token::Minus => Expr::UnaryOp { op: UnaryOperator::Minus, expr: Box::new(operand) },
        Token::PGSquareRoot => call("sqrt", vec![operand], Span::empty()),
        Token::PGCubeRoot => call("cbrt", vec![operand], Span::empty()),
        Token::AtSign => call("abs", vec![operand], Span::empty()),
        _ => complement(operand),
    }))
}

/// Parses `x # y`, and `x [NOT] BETWEEN SYMMETRIC y AND z`.
pub(super) fn infix(parser: &mut Parser<'_>, left: &Expr, precedence: u8) -> Parsed {
    if parser.consume_token(&Token::Sharp) {
        let right = parser.parse_subexpr(precedence);
        return Some(right.map(|right| binary(left, BinaryOperator::PGBitwiseXor, right)));
    }
    let is_negated = is_word(&parser.peek_nth_token_ref(0).token, "not");
    if !is_word(&parser.peek_nth_token_ref(usize::from(is_negated)).token, "between") {
        return None;
    }
    let symmetric = 1 + usize::from(is_negated);
    if !is_word(&parser.peek_nth_token_ref(symmetric).token, "symmetric") {
        return None;
    }
    for _ in 0..=symmetric {
        parser.advance_token();
    }
    Some(symmetric_range(parser, left, is_negated))
}

/// Returns a range whose ends may come in any order as one of two ranges.
fn symmetric_range(
    parser: &mut Parser<'_>,
    value: &Expr,
    is_negated: bool,
) -> Result<Expr, ParserError> {
    let precedence = GeoDialect.prec_value(Precedence::Between);
    let low = parser.parse_subexpr(precedence)?;
    parser.expect_keyword(Keyword::AND)?;
    let high = parser.parse_subexpr(precedence)?;
    let range = |low: &Expr, high: &Expr| Expr::Between {
        expr: Box::new(value.clone()),
        negated: is_negated,
        low: Box::new(low.clone()),
        high: Box::new(high.clone()),
    };
    let either = if is_negated { BinaryOperator::And } else { BinaryOperator::Or };
    let ranges = binary(&range(&low, &high), either, range(&high, &low));
    Ok(Expr::Nested(Box::new(ranges)))
}

fn is_word(token: &Token, text: &str) -> bool {
    matches!(token, Token::Word(word) if word.quote_style.is_none()
        && word.value.eq_ignore_ascii_case(text))
}

/// Returns an integer whose bits are the other ones: `-(x) - 1`.
fn complement(operand: Expr) -> Expr {
    let operand = Box::new(Expr::Nested(Box::new(operand)));
    let negative = Expr::UnaryOp { op: UnaryOperator::Minus, expr: operand };
    let one = made::number("1");
    Expr::Nested(Box::new(binary(&negative, BinaryOperator::Minus, one)))
}

fn binary(left: &Expr, op: BinaryOperator, right: Expr) -> Expr {
    Expr::BinaryOp { left: Box::new(left.clone()), op, right: Box::new(right) }
}
