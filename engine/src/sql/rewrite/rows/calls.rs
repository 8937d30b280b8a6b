//! Calls as the planner wants them: `unnest(f(x))`, `(record)['field']`.

use std::collections::HashSet;

use sqlparser::ast::{
    AccessExpr, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, Subscript,
};

use crate::functions::ORDINALS;
use crate::sql::made;
use crate::sql::rewrite::functions::call;

/// Returns `unnest(value)`.
pub(super) fn unnest(value: Expr) -> Expr {
    call("unnest", vec![value], sqlparser::tokenizer::Span::empty())
}

/// Returns `value['field']`.
pub(super) fn field(value: Expr, name: &str) -> Expr {
    Expr::CompoundFieldAccess {
        root: Box::new(Expr::Nested(Box::new(value))),
        access_chain: vec![by_name(name)],
    }
}

/// Returns the access to a field.
pub(super) fn by_name(name: &str) -> AccessExpr {
    AccessExpr::Subscript(Subscript::Index { index: made::text(name) })
}

/// Returns what stands in brackets, however many there are.
pub(super) fn inside(mut expr: &Expr) -> &Expr {
    while let Expr::Nested(inner) = expr {
        expr = inner;
    }
    expr
}

/// Returns whether a call is `unnest`.
pub(super) fn is_unnest(function: &Function) -> bool {
    matches!(function.name.0.as_slice(), [part] if part
        .as_ident()
        .is_some_and(|name| name.value.eq_ignore_ascii_case("unnest")))
}

/// Makes `generate_subscripts(unnest(list))`, the numbers of rows, those of the list.
pub(super) fn number_the_list(function: &mut Function) {
    let is_ordinals = matches!(function.name.0.as_slice(), [part] if part
        .as_ident()
        .is_some_and(|name| name.value == ORDINALS));
    if is_ordinals
        && let Some(argument @ Expr::Function(_)) = only_argument(function)
        && let Expr::Function(inner) = &mut *argument
        && is_unnest(inner)
        && let Some(list) = only_argument(inner)
    {
        let list = list.clone();
        *argument = list;
    }
}

/// Returns the one argument of a call.
pub(super) fn only_argument(function: &mut Function) -> Option<&mut Expr> {
    let FunctionArguments::List(list) = &mut function.args else { return None };
    match list.args.as_mut_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(only))] => Some(only),
        _ => None,
    }
}

/// Rewrites `(relation).column` to `relation.column`.
pub(super) fn relation_column(expr: &mut Expr, relations: &HashSet<String>) {
    let Expr::CompoundFieldAccess { root, access_chain } = expr else { return };
    let Expr::Identifier(relation) = inside(root) else { return };
    let Some(AccessExpr::Dot(Expr::Identifier(column))) = access_chain.first() else { return };
    if !relations.contains(&relation.value.to_lowercase()) {
        return;
    }
    let column = Expr::CompoundIdentifier(vec![relation.clone(), column.clone()]);
    access_chain.remove(0);
    if access_chain.is_empty() {
        *expr = column;
    } else {
        **root = column;
    }
}

/// Returns the name of the field that the expression ends with.
pub(super) fn last_field(expr: &Expr) -> Option<Ident> {
    let Expr::CompoundFieldAccess { access_chain, .. } = inside(expr) else { return None };
    match access_chain.last()? {
        AccessExpr::Dot(Expr::Identifier(name)) => Some(name.clone()),
        _ => None,
    }
}
