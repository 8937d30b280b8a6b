//! Rows that are compared: `(a, b) = (1, 2)` is `a = 1 AND b = 2`, and `(a, b) IS NULL` asks for
//! both values. The engine below takes a row for one value, which is never NULL, and for which a
//! NULL is equal to a NULL.

use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, UnaryOperator,
};
use sqlparser::tokenizer::Span;

use super::functions::call;
use crate::functions::OVERLAPS;

/// Returns the comparisons of single values that a comparison of rows stands for.
pub(super) fn of(expr: &Expr) -> Option<Expr> {
    match expr {
        Expr::BinaryOp { left, op: BinaryOperator::Overlaps, right } => {
            let (mut moments, other) = (values(left)?, values(right)?);
            let are_periods = moments.len() == 2 && other.len() == 2;
            moments.extend(other);
            are_periods.then(|| call(OVERLAPS, moments, Span::empty()))
        }
        Expr::BinaryOp { left, op, right } => {
            let (left, right) = (values(left)?, values(right)?);
            compared(&left, op, &right).map(nested)
        }
        Expr::InList { expr, list, negated } => {
            let row = values(expr)?;
            let equal = list.iter().map(|item| compared(&row, &BinaryOperator::Eq, &values(item)?));
            let any = joined(equal.collect::<Option<Vec<_>>>()?, &BinaryOperator::Or)?;
            Some(if *negated {
                Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(nested(any)) }
            } else {
                nested(any)
            })
        }
        Expr::IsNull(row) => each(row, Expr::IsNull),
        Expr::IsNotNull(row) => each(row, Expr::IsNotNull),
        _ => None,
    }
}

/// Returns the values of a row in parentheses, or of one behind ROW.
pub(super) fn values(expr: &Expr) -> Option<Vec<Expr>> {
    match expr {
        Expr::Nested(inner) => values(inner),
        Expr::Tuple(values) => Some(values.clone()),
        Expr::Function(Function {
            name,
            args: FunctionArguments::List(list),
            filter: None,
            over: None,
            ..
        }) => {
            let [part] = name.0.as_slice() else { return None };
            part.as_ident().filter(|name| name.value.eq_ignore_ascii_case("row"))?;
            let values = list.args.iter().map(|argument| match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) => Some(value.clone()),
                _ => None,
            });
            values.collect()
        }
        _ => None,
    }
}

/// Returns whether a test holds for each value of a row. A row among them is one value.
fn each(row: &Expr, test: fn(Box<Expr>) -> Expr) -> Option<Expr> {
    let tests = values(row)?.into_iter().map(|value| test(Box::new(nested(value))));
    joined(tests.collect(), &BinaryOperator::And).map(nested)
}

fn compared(left: &[Expr], operator: &BinaryOperator, right: &[Expr]) -> Option<Expr> {
    if left.len() != right.len() {
        return None;
    }
    let pairs = left.iter().zip(right).map(|(left, right)| pair(left, operator, right));
    match operator {
        BinaryOperator::Eq => joined(pairs.collect(), &BinaryOperator::And),
        BinaryOperator::NotEq => joined(pairs.collect(), &BinaryOperator::Or),
        BinaryOperator::Lt | BinaryOperator::LtEq => {
            ordered(left, operator, right, &BinaryOperator::Lt)
        }
        BinaryOperator::Gt | BinaryOperator::GtEq => {
            ordered(left, operator, right, &BinaryOperator::Gt)
        }
        _ => None,
    }
}

/// Returns whether a row comes before another: its first value does, or it is equal and the rest
/// does.
fn ordered(
    left: &[Expr],
    operator: &BinaryOperator,
    right: &[Expr],
    strict: &BinaryOperator,
) -> Option<Expr> {
    let ((left, left_rest), (right, right_rest)) = (left.split_first()?, right.split_first()?);
    if left_rest.is_empty() {
        return Some(pair(left, operator, right));
    }
    let rest = nested(ordered(left_rest, operator, right_rest, strict)?);
    let equal = binary(pair(left, &BinaryOperator::Eq, right), &BinaryOperator::And, rest);
    Some(binary(pair(left, strict, right), &BinaryOperator::Or, nested(equal)))
}

/// Returns conditions joined by an operator, as a tree of little depth.
fn joined(mut conditions: Vec<Expr>, operator: &BinaryOperator) -> Option<Expr> {
    if conditions.len() < 2 {
        return conditions.pop();
    }
    let right = conditions.split_off(conditions.len() / 2);
    let (left, right) = (joined(conditions, operator)?, joined(right, operator)?);
    Some(binary(nested(left), operator, nested(right)))
}

fn pair(left: &Expr, operator: &BinaryOperator, right: &Expr) -> Expr {
    binary(left.clone(), operator, right.clone())
}

fn binary(left: Expr, operator: &BinaryOperator, right: Expr) -> Expr {
    Expr::BinaryOp { left: Box::new(left), op: operator.clone(), right: Box::new(right) }
}

fn nested(expr: Expr) -> Expr {
    Expr::Nested(Box::new(expr))
}
