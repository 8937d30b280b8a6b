//! Rows that are compared: `(a, b) = (1, 2)` is `a = 1 AND b = 2`. The engine below compares them
//! as one value, for which a NULL is equal to a NULL.

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator};

/// Returns the comparisons of single values that a comparison of rows stands for.
pub(super) fn of(expr: &Expr) -> Option<Expr> {
    match expr {
        Expr::BinaryOp { left, op, right } => {
            let (Expr::Tuple(left), Expr::Tuple(right)) = (left.as_ref(), right.as_ref()) else {
                return None;
            };
            compared(left, op, right).map(nested)
        }
        Expr::InList { expr, list, negated } => {
            let Expr::Tuple(row) = expr.as_ref() else { return None };
            let equal = list.iter().map(|item| match item {
                Expr::Tuple(item) => compared(row, &BinaryOperator::Eq, item),
                _ => None,
            });
            let any = joined(equal.collect::<Option<Vec<_>>>()?, &BinaryOperator::Or)?;
            Some(if *negated {
                Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(nested(any)) }
            } else {
                nested(any)
            })
        }
        _ => None,
    }
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
