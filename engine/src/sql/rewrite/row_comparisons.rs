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

/// Returns whether a row comes before another: the first half of its values does, or is equal and
/// the rest does. The tree of a row of many values has little depth so.
fn ordered(
    left: &[Expr],
    operator: &BinaryOperator,
    right: &[Expr],
    strict: &BinaryOperator,
) -> Option<Expr> {
    if let ([left], [right]) = (left, right) {
        return Some(pair(left, operator, right));
    }
    let half = (left.len() / 2).max(1);
    let (left, left_rest) = left.split_at_checked(half)?;
    let (right, right_rest) = right.split_at_checked(half)?;
    let before = ordered(left, strict, right, strict)?;
    let rest = nested(ordered(left_rest, operator, right_rest, strict)?);
    let equal = left.iter().zip(right).map(|(left, right)| pair(left, &BinaryOperator::Eq, right));
    let equal = joined(equal.collect(), &BinaryOperator::And)?;
    let equal = binary(equal, &BinaryOperator::And, rest);
    Some(binary(before, &BinaryOperator::Or, nested(equal)))
}

/// Returns conditions joined by an operator, as a tree of little depth.
pub(super) fn joined(mut conditions: Vec<Expr>, operator: &BinaryOperator) -> Option<Expr> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::template;

    fn rewritten(text: &str) -> Option<Expr> {
        of(&template::expr(text).expect("an expression"))
    }

    #[test]
    fn the_first_values_that_differ_decide() {
        for (text, expected) in [
            ("(a, b) < (1, 2)", "(a < 1 OR (a = 1 AND (b < 2)))"),
            ("(a, b, c) >= (1, 2, 3)", "(a > 1 OR (a = 1 AND (b > 2 OR (b = 2 AND (c >= 3)))))"),
        ] {
            assert_eq!(rewritten(text).map(|expr| expr.to_string()).as_deref(), Some(expected));
        }
        assert_eq!(rewritten("(a, b) < (1, 2, 3)"), None);
    }

    #[test]
    fn rows_of_many_values_make_a_tree_of_little_depth() {
        fn depth(expr: &Expr) -> usize {
            match expr {
                Expr::BinaryOp { left, right, .. } => 1 + depth(left).max(depth(right)),
                Expr::Nested(inner) => 1 + depth(inner),
                _ => 0,
            }
        }
        let row = |value: &str| vec![value; 3000].join(", ");
        let expr = rewritten(&format!("({}) < ({})", row("x"), row("1")));
        assert!(expr.is_some_and(|expr| depth(&expr) < 100));
    }
}
