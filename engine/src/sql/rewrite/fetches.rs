//! `FETCH FIRST 10 ROWS ONLY`, which the standard has for `LIMIT 10`.

use sqlparser::ast::{Expr, LimitClause, Query, Value};

use crate::error::{Code, Error};

/// Rewrites the clause of a query as its limit.
pub(super) fn rewrite(query: &mut Query) -> Result<(), Error> {
    let Some(fetch) = query.fetch.take() else { return Ok(()) };
    if fetch.with_ties || fetch.percent {
        return Err(Error::unsupported("FETCH with PERCENT or WITH TIES is not supported")
            .with_hint("Type FETCH FIRST 10 ROWS ONLY, or compare rank() with 10."));
    }
    let one = || Expr::Value(Value::Number("1".to_owned(), false).with_empty_span());
    let rows = fetch.quantity.unwrap_or_else(one);
    let clause = query.limit_clause.get_or_insert(LimitClause::LimitOffset {
        limit: None,
        offset: None,
        limit_by: Vec::new(),
    });
    match clause {
        LimitClause::LimitOffset { limit: limit @ None, .. } => *limit = Some(rows),
        _ => {
            return Err(Error::new(Code::SyntaxError, "LIMIT and FETCH in one query")
                .with_hint("Leave one of them out."));
        }
    }
    Ok(())
}
