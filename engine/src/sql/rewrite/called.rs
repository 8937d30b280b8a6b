//! What columns are called that have no alias and a better name than their text: a cast of a column
//! like the column, and a call without arguments like its function, as in `PostgreSQL`.
//!
//! Other calls keep their text, by which `sum(a)` and `sum(b)` are told apart in a row of JSON.

use sqlparser::ast::{AccessExpr, Expr, Function, FunctionArguments};

use super::rows;

/// Returns the name of an expression's column, if it has one of its own.
pub(super) fn name_of(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Identifier(name) => Some(name.value.clone()),
        Expr::CompoundIdentifier(parts) => Some(parts.last()?.value.clone()),
        Expr::Nested(inner)
        | Expr::Collate { expr: inner, .. }
        | Expr::Cast { expr: inner, .. } => name_of(inner),
        Expr::CompoundFieldAccess { root, access_chain } => {
            let is_place = |access: &AccessExpr| matches!(access, AccessExpr::Subscript(_));
            access_chain.iter().all(is_place).then(|| name_of(root))?
        }
        Expr::Function(function) => name_of_call(function),
        _ => None,
    }
}

/// Returns the name of a function without arguments, in lower case unless it has quotes; none if it
/// makes columns.
fn name_of_call(function: &Function) -> Option<String> {
    let FunctionArguments::List(list) = &function.args else { return None };
    if !list.args.is_empty() || function.over.is_some() || rows::makes_columns(function) {
        return None;
    }
    let name = function.name.0.last()?.as_ident()?;
    Some(if name.quote_style.is_some() { name.value.clone() } else { name.value.to_lowercase() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::template;

    #[test]
    fn columns_are_called_as_in_postgresql() {
        let name = |text: &str| name_of(&template::expr(text).expect("an expression"));
        for (text, expected) in [
            ("x::text", Some("x")),
            ("t.x::int::text", Some("x")),
            ("CAST((x) AS int)", Some("x")),
            ("x[1]", Some("x")),
            ("now()", Some("now")),
            ("MERGE_ACTION()::text", Some("merge_action")),
            ("'1'::int", None),
            ("upper(x)::varchar(3)", None),
            ("row_number() OVER ()", None),
            ("x + 1", None),
        ] {
            assert_eq!(name(text).as_deref(), expected, "{text}");
        }
    }
}
