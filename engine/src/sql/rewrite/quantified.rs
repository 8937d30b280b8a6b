//! Comparisons with the elements of an array: `x = ANY(ARRAY[1, 2])` is `x IN (1, 2)`, and with any
//! other array it is what `x <> ALL` is not. The engine below takes a NULL among the elements for one
//! that is not equal.

use sqlparser::ast::{
    ArrayElemTypeDef, BinaryOperator, CastKind, DataType, Expr, UnaryOperator, Value,
};

use super::functions::null;

/// Returns what a comparison with the elements of an array stands for.
pub(super) fn of(expr: &mut Expr) -> Option<Expr> {
    match expr {
        Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, .. } => {
            if let Some(list) = constants(right) {
                return Some(Expr::InList { expr: nested(left), list, negated: false });
            }
            if is_unknown(right) {
                return None;
            }
            let differs = Expr::AllOp {
                left: Box::new(take(left)),
                compare_op: BinaryOperator::NotEq,
                right: Box::new(take(right)),
            };
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
            Some(elements.map(|element| cast(element, item)).collect())
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

fn cast(value: Expr, data_type: &DataType) -> Expr {
    Expr::Cast {
        kind: CastKind::Cast,
        expr: Box::new(value),
        data_type: data_type.clone(),
        array: false,
        format: None,
    }
}

fn nested(expr: &mut Expr) -> Box<Expr> {
    Box::new(Expr::Nested(Box::new(take(expr))))
}

fn take(expr: &mut Expr) -> Expr {
    std::mem::replace(expr, null())
}
