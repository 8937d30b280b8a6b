//! The place that a row would have among others: `rank(3) WITHIN GROUP (ORDER BY x)` counts the rows
//! before it, and so do `dense_rank`, `percent_rank` and `cume_dist`.

use sqlparser::ast::{
    BinaryOperator, DataType, DuplicateTreatment, ExactNumberInfo, Expr, Function, FunctionArg,
    FunctionArgExpr, FunctionArguments, OrderByExpr,
};
use sqlparser::tokenizer::Span;

use super::functions::{call, call_with};
use super::row_comparisons::joined;
use crate::sql::made;

/// Returns what such a call is, unless it has other arguments than keys.
pub(super) fn of(function: &Function) -> Option<Expr> {
    let [part] = function.name.0.as_slice() else { return None };
    let name = part.as_ident()?.value.to_lowercase();
    let FunctionArguments::List(list) = &function.args else { return None };
    let values = list.args.iter().map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) => Some(value),
        _ => None,
    });
    let values = values.collect::<Option<Vec<_>>>()?;
    let keys = &function.within_group;
    if keys.is_empty() || keys.len() != values.len() || function.over.is_some() {
        return None;
    }
    let pairs: Vec<(&OrderByExpr, &Expr)> = keys.iter().zip(values).collect();
    let filter = function.filter.as_deref();
    let one = || made::number("1");
    let place = match name.as_str() {
        "rank" => plus(one(), count(filter, before(&pairs, false))),
        "dense_rank" => plus(one(), count_distinct(keys, filter, before(&pairs, false))),
        "percent_rank" => {
            let rows = call("nullif", vec![count(filter, None), made::number("0")], Span::empty());
            let share = share(count(filter, before(&pairs, false)), rows);
            call("coalesce", vec![share, made::number("0")], Span::empty())
        }
        "cume_dist" => {
            let upto = plus(one(), count(filter, before(&pairs, true)));
            share(upto, plus(one(), count(filter, None)))
        }
        _ => return None,
    };
    Some(nested(place))
}

/// Returns whether a row comes before the one that is asked for, or is equal where that counts. The
/// tree of many keys has little depth, as that of a comparison of rows.
fn before(pairs: &[(&OrderByExpr, &Expr)], or_equal: bool) -> Option<Expr> {
    if let [(key, value)] = pairs {
        let first = comes_before(key, value);
        if !or_equal {
            return Some(first);
        }
        return Some(binary(nested(first), BinaryOperator::Or, nested(is_equal(key, value))));
    }
    let (firsts, rest) = pairs.split_at_checked((pairs.len() / 2).max(1))?;
    let (first, rest) = (before(firsts, false)?, before(rest, or_equal)?);
    let equal = firsts.iter().map(|(key, value)| is_equal(key, value)).collect();
    let equal = joined(equal, &BinaryOperator::And)?;
    let equal = binary(nested(equal), BinaryOperator::And, nested(rest));
    Some(binary(nested(first), BinaryOperator::Or, nested(equal)))
}

fn is_equal(key: &OrderByExpr, value: &Expr) -> Expr {
    let (key, value) = (nested(key.expr.clone()), nested(value.clone()));
    Expr::IsNotDistinctFrom(Box::new(key), Box::new(value))
}

/// Returns whether a key comes before a value. As everywhere, NULL is the largest of all unless the
/// order says otherwise.
fn comes_before(key: &OrderByExpr, value: &Expr) -> Expr {
    let is_descending = key.options.asc == Some(false);
    let nulls_first = key.options.nulls_first.unwrap_or(is_descending);
    let operator = if is_descending { BinaryOperator::Gt } else { BinaryOperator::Lt };
    let key = nested(key.expr.clone());
    let value = nested(value.clone());
    let beside_null = if nulls_first {
        let is_null = Expr::IsNull(Box::new(key.clone()));
        binary(is_null, BinaryOperator::And, Expr::IsNotNull(Box::new(value.clone())))
    } else {
        let is_known = Expr::IsNotNull(Box::new(key.clone()));
        binary(is_known, BinaryOperator::And, Expr::IsNull(Box::new(value.clone())))
    };
    binary(binary(key, operator, value), BinaryOperator::Or, nested(beside_null))
}

/// Returns how many rows there are for which two conditions hold.
fn count(filter: Option<&Expr>, condition: Option<Expr>) -> Expr {
    let everything = vec![FunctionArg::Unnamed(FunctionArgExpr::Wildcard)];
    filtered(call_with("count", everything, Span::empty()), filter, condition)
}

/// Returns how many different keys there are among such rows.
fn count_distinct(keys: &[OrderByExpr], filter: Option<&Expr>, condition: Option<Expr>) -> Expr {
    let keys = keys.iter().map(|key| key.expr.clone()).collect();
    let mut count = call("count", vec![call("row", keys, Span::empty())], Span::empty());
    if let Expr::Function(Function { args: FunctionArguments::List(list), .. }) = &mut count {
        list.duplicate_treatment = Some(DuplicateTreatment::Distinct);
    }
    filtered(count, filter, condition)
}

fn filtered(mut count: Expr, filter: Option<&Expr>, condition: Option<Expr>) -> Expr {
    if let Expr::Function(function) = &mut count {
        function.filter = match (filter.cloned(), condition) {
            (Some(filter), Some(condition)) => {
                let both = binary(nested(filter), BinaryOperator::And, nested(condition));
                Some(Box::new(both))
            }
            (filter, condition) => filter.or(condition).map(Box::new),
        };
    }
    count
}

fn share(part: Expr, whole: Expr) -> Expr {
    let part = made::cast(nested(part), DataType::Double(ExactNumberInfo::None));
    binary(part, BinaryOperator::Divide, nested(whole))
}

fn plus(left: Expr, right: Expr) -> Expr {
    binary(left, BinaryOperator::Plus, right)
}

fn binary(left: Expr, op: BinaryOperator, right: Expr) -> Expr {
    Expr::BinaryOp { left: Box::new(left), op, right: Box::new(right) }
}

fn nested(expr: Expr) -> Expr {
    Expr::Nested(Box::new(expr))
}
