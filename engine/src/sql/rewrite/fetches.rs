//! `FETCH FIRST 10 ROWS ONLY`, which the standard has for `LIMIT 10`, and `WITH TIES`, which is a
//! condition on `rank()`.

use sqlparser::ast::{
    BinaryOperator, Expr, Function, LimitClause, OrderByExpr, OrderByKind, Query, SelectItem,
    SetExpr, Value, WindowType,
};

use crate::error::{Code, Error};
use crate::sql::made;
use crate::sql::template;

/// Rewrites the clause of a query as its limit.
pub(super) fn rewrite(query: &mut Query) -> Result<(), Error> {
    let Some(fetch) = query.fetch.take() else { return Ok(()) };
    if fetch.percent {
        return Err(Error::unsupported("FETCH with PERCENT is not supported")
            .with_hint("Type FETCH FIRST 10 ROWS ONLY, or compare percent_rank() with 0.1."));
    }
    let rows = fetch.quantity.unwrap_or_else(|| made::number("1"));
    if fetch.with_ties {
        return with_ties(query, rows);
    }
    let clause = query.limit_clause.get_or_insert(LimitClause::LimitOffset {
        limit: None,
        offset: None,
        limit_by: Vec::new(),
    });
    match clause {
        LimitClause::LimitOffset { limit: limit @ None, .. } => *limit = Some(rows),
        _ => return Err(two_limits()),
    }
    Ok(())
}

/// Keeps the rows that come no later than the last of so many rows.
fn with_ties(query: &mut Query, rows: Expr) -> Result<(), Error> {
    let last = match &query.limit_clause {
        None | Some(LimitClause::LimitOffset { limit: None, offset: None, .. }) => rows,
        // The rows that are left out are counted, too.
        Some(LimitClause::LimitOffset { limit: None, offset: Some(offset), .. }) => {
            binary(rows, BinaryOperator::Plus, offset.value.clone())
        }
        Some(_) => return Err(two_limits()),
    };
    let Some(OrderByKind::Expressions(keys)) = query.order_by.as_ref().map(|order| &order.kind)
    else {
        return Err(Error::new(
            Code::SyntaxError,
            "WITH TIES cannot be specified without ORDER BY clause",
        )
        .with_hint("Type ORDER BY, or FETCH FIRST 10 ROWS ONLY."));
    };
    let SetExpr::Select(select) = query.body.as_mut() else { return Err(beyond()) };
    if select.distinct.is_some() {
        return Err(beyond());
    }
    let keys = keys.iter().map(|key| ranked(key, &select.projection));
    let keys = keys.collect::<Option<Vec<_>>>().ok_or_else(beyond)?;
    let mut rank = template::expr("rank() OVER (ORDER BY 1)")?;
    if let Expr::Function(Function { over: Some(WindowType::WindowSpec(window)), .. }) = &mut rank {
        window.order_by = keys;
    }
    let is_fetched = binary(rank, BinaryOperator::LtEq, last);
    select.qualify = Some(match select.qualify.take() {
        Some(condition) => binary(condition, BinaryOperator::And, is_fetched),
        None => is_fetched,
    });
    Ok(())
}

/// Returns a key with the expression that it means in the place of a column's name or number.
fn ranked(key: &OrderByExpr, items: &[SelectItem]) -> Option<OrderByExpr> {
    let named = |name: &str| {
        items.iter().find_map(|item| match item {
            SelectItem::ExprWithAlias { expr, alias } if alias.value.eq_ignore_ascii_case(name) => {
                Some(expr)
            }
            _ => None,
        })
    };
    let expr = match &key.expr {
        Expr::Identifier(name) => named(&name.value).unwrap_or(&key.expr),
        Expr::Value(value) => {
            let Value::Number(place, _) = &value.value else { return None };
            match items.get(place.parse::<usize>().ok()?.checked_sub(1)?)? {
                SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => expr,
                _ => return None,
            }
        }
        other => other,
    };
    Some(OrderByExpr { expr: expr.clone(), ..key.clone() })
}

fn binary(left: Expr, op: BinaryOperator, right: Expr) -> Expr {
    let nested = |expr| Box::new(Expr::Nested(Box::new(expr)));
    Expr::BinaryOp { left: nested(left), op, right: nested(right) }
}

fn two_limits() -> Error {
    Error::new(Code::SyntaxError, "LIMIT and FETCH in one query")
        .with_hint("Leave one of them out.")
}

fn beyond() -> Error {
    Error::unsupported("FETCH WITH TIES is not supported for this query")
        .with_hint("Put the query into a subquery: SELECT a FROM (...) AS t ORDER BY a FETCH ...")
}
