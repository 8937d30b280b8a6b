//! Comparisons with the elements of an array: `x = ANY(ARRAY[1, 2])` is `x IN (1, 2)`, with any other
//! array it is what `x <> ALL` is not, and `x < ANY` is what `x >= ALL` is not. The engine below takes
//! a NULL among the elements of `ANY` for one that does not compare. Patterns in an array are compared
//! one by one.

use sqlparser::ast::{
    ArrayElemTypeDef, BinaryOperator, CastKind, DataType, Expr, FunctionArg, FunctionArgExpr,
    FunctionArguments, UnaryOperator, Value,
};

use super::array_literals;
use crate::sql::made::{cast, take};

/// Returns what a comparison with the elements of an array stands for.
pub(super) fn of(expr: &mut Expr) -> Option<Expr> {
    match expr {
        Expr::AnyOp { left, compare_op, right, .. } => {
            if *compare_op == BinaryOperator::Eq
                && let Some(list) = constants(right)
            {
                return Some(Expr::InList { expr: nested(left), list, negated: false });
            }
            let compare_op = opposite(compare_op)?;
            if is_unknown(right) {
                return None;
            }
            let (left, right) = (Box::new(take(left)), Box::new(take(right)));
            let differs = Expr::AllOp { left, compare_op, right };
            let expr = Box::new(Expr::Nested(Box::new(differs)));
            let equals = Expr::UnaryOp { op: UnaryOperator::Not, expr };
            Some(Expr::Nested(Box::new(equals)))
        }
        Expr::AllOp { left, compare_op: BinaryOperator::NotEq, right } => {
            let list = constants(right)?;
            Some(Expr::InList { expr: nested(left), list, negated: true })
        }
        _ => None,
    }
}

/// Returns what `LIKE ANY` and `LIKE ALL` of an array of patterns stand for.
pub(super) fn of_patterns(like: &Expr) -> Option<Expr> {
    let (Expr::Like { any, pattern, .. } | Expr::ILike { any, pattern, .. }) = like else {
        return None;
    };
    let (patterns, op) = if *any {
        (elements(pattern)?, BinaryOperator::Or)
    } else {
        (elements(all_of(pattern)?)?, BinaryOperator::And)
    };
    let comparisons = patterns.into_iter().map(|one| {
        let mut comparison = like.clone();
        if let Expr::Like { any, pattern, .. } | Expr::ILike { any, pattern, .. } = &mut comparison
        {
            *any = false;
            **pattern = one;
        }
        comparison
    });
    let joined = comparisons.reduce(|left, right| Expr::BinaryOp {
        left: Box::new(left),
        op: op.clone(),
        right: Box::new(right),
    })?;
    Some(Expr::Nested(Box::new(joined)))
}

/// Returns the argument of `ALL(..)`, which the parser takes for a call.
fn all_of(pattern: &Expr) -> Option<&Expr> {
    let Expr::Function(function) = pattern else { return None };
    let FunctionArguments::List(list) = &function.args else { return None };
    match list.args.as_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(array))]
            if function.name.to_string().eq_ignore_ascii_case("all") =>
        {
            Some(array)
        }
        _ => None,
    }
}

/// Returns the elements of an array as written.
fn elements(array: &Expr) -> Option<Vec<Expr>> {
    match array {
        Expr::Nested(array) => elements(array),
        Expr::Array(array) => Some(array.elem.clone()),
        other => constants(other),
    }
}

/// Returns the comparison that holds where another does not.
fn opposite(comparison: &BinaryOperator) -> Option<BinaryOperator> {
    Some(match comparison {
        BinaryOperator::Eq => BinaryOperator::NotEq,
        BinaryOperator::NotEq => BinaryOperator::Eq,
        BinaryOperator::Lt => BinaryOperator::GtEq,
        BinaryOperator::LtEq => BinaryOperator::Gt,
        BinaryOperator::Gt => BinaryOperator::LtEq,
        BinaryOperator::GtEq => BinaryOperator::Lt,
        _ => return None,
    })
}

/// Returns the elements of an array of literals.
fn constants(array: &Expr) -> Option<Vec<Expr>> {
    match array {
        Expr::Nested(array) => constants(array),
        Expr::Array(array) if !array.elem.is_empty() => {
            array.elem.iter().all(is_constant).then(|| array.elem.clone())
        }
        Expr::Cast {
            kind: CastKind::Cast | CastKind::DoubleColon,
            expr,
            data_type: DataType::Array(ArrayElemTypeDef::SquareBracket(item, _)),
            ..
        } if !matches!(item.as_ref(), DataType::Array(_) | DataType::Custom(..)) => {
            let elements = constants(expr)?.into_iter();
            Some(elements.map(|element| cast(element, item.as_ref().clone())).collect())
        }
        // Each is read as what it is compared with.
        Expr::Value(_) => {
            let item = Box::new(DataType::Text);
            let texts = DataType::Array(ArrayElemTypeDef::SquareBracket(item, None));
            match array_literals::of(array, &texts)? {
                Expr::Array(array) if !array.elem.is_empty() => Some(array.elem),
                _ => None,
            }
        }
        _ => None,
    }
}

fn is_constant(element: &Expr) -> bool {
    match element {
        Expr::Value(value) => !matches!(value.value, Value::Placeholder(_)),
        Expr::UnaryOp { op: UnaryOperator::Minus | UnaryOperator::Plus, expr } => is_constant(expr),
        _ => false,
    }
}

/// Returns whether an array has no type of its own, or is asked for.
fn is_unknown(array: &Expr) -> bool {
    match array {
        Expr::Nested(array) => is_unknown(array),
        Expr::Value(value) => matches!(value.value, Value::Placeholder(_)),
        Expr::Subquery(_) => true,
        _ => false,
    }
}

fn nested(expr: &mut Expr) -> Box<Expr> {
    Box::new(Expr::Nested(Box::new(take(expr))))
}
