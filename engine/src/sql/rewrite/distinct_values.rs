//! `array_agg(DISTINCT x)`, whose values `PostgreSQL` puts in their order to find those that come
//! again.

use sqlparser::ast::{
    DuplicateTreatment, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArgumentList,
    OrderByExpr, OrderByOptions,
};

/// Gives a call of such an aggregate an order, unless it has one.
pub(super) fn sort(name: &str, list: &mut FunctionArgumentList) {
    let has_order = list
        .clauses
        .iter()
        .any(|clause| matches!(clause, FunctionArgumentClause::OrderBy(keys) if !keys.is_empty()));
    if list.duplicate_treatment != Some(DuplicateTreatment::Distinct)
        || !["array_agg", "string_agg"].contains(&name)
        || has_order
    {
        return;
    }
    if let Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(expr))) = list.args.first() {
        let options = OrderByOptions { asc: Some(true), nulls_first: Some(false) };
        let key = OrderByExpr { expr: expr.clone(), options, with_fill: None };
        list.clauses.push(FunctionArgumentClause::OrderBy(vec![key]));
    }
}
