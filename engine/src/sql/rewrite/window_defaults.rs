//! `lag(x, 1, y) OVER w` and `lead` with a default that is computed of columns: the engine below takes
//! one that is a constant.

use sqlparser::ast::helpers::attached_token::AttachedToken;
use sqlparser::ast::{CaseWhen, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments};

use super::names_column;
use crate::sql::made;

/// Returns what such a call is: the default where there is no row so far away, and its value else.
pub(super) fn of(function: &mut Function) -> Option<Expr> {
    let is_plain = function.over.is_some() && function.null_treatment.is_none();
    let FunctionArguments::List(list) = &mut function.args else { return None };
    let [_, _, FunctionArg::Unnamed(FunctionArgExpr::Expr(default))] = list.args.as_slice() else {
        return None;
    };
    if !is_plain || !list.clauses.is_empty() || !names_column(default) {
        return None;
    }
    let default = default.clone();
    list.args.truncate(2);
    let value = function.clone();
    if let FunctionArguments::List(list) = &mut function.args
        && let Some(first) = list.args.first_mut()
    {
        *first = FunctionArg::Unnamed(FunctionArgExpr::Expr(made::truth(true)));
    }
    let is_absent = Expr::IsNull(Box::new(Expr::Function(function.clone())));
    Some(Expr::Case {
        case_token: AttachedToken::empty(),
        end_token: AttachedToken::empty(),
        operand: None,
        conditions: vec![CaseWhen { condition: is_absent, result: default }],
        else_result: Some(Box::new(Expr::Function(value))),
    })
}
