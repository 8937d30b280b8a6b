//! What columns are called that have no alias and a better name than their text: a cast of a column
//! like the column, and a call without arguments like its function, as in `PostgreSQL`.
//!
//! Other calls keep their text, by which `sum(a)` and `sum(b)` are told apart in a row of JSON. By
//! what `PostgreSQL` calls them they are found all the same (`nameless`).

use sqlparser::ast::{
    AccessExpr, ArrayElemTypeDef, DataType, Expr, Function, FunctionArguments, Query, SelectItem,
    SetExpr, TimezoneInfo, TrimWhereField,
};

use super::rows;
use crate::sql::template;

/// What `PostgreSQL` calls a column that nothing gives a name to.
const NOTHING: &str = "?column?";

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

/// Returns what `PostgreSQL` calls a column that is called by its text here; none if it is called by
/// anything else.
pub(super) fn name_of_text(text: &str) -> Option<String> {
    if let Some(start) = text.strip_suffix("...") {
        return name_of_start(start);
    }
    let expr = template::expr(text).ok()?;
    if expr.to_string() != text {
        return None;
    }
    Some(given_name(&expr).map_or_else(|| NOTHING.to_owned(), |(name, _)| name))
}

/// Returns the name of a call whose text was cut before it was over.
fn name_of_start(start: &str) -> Option<String> {
    let (name, arguments) = start.split_once('(')?;
    let is_word = name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    let mut depth = 1_usize;
    for letter in arguments.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return None;
        }
    }
    (is_word && !name.is_empty()).then(|| name.to_lowercase())
}

/// Whether a name comes before that of a cast or a `CASE` around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rank {
    First,
    Second,
}

/// Returns the name that `PostgreSQL` gives an expression.
fn given_name(expr: &Expr) -> Option<(String, Rank)> {
    let first = |name: &str| Some((name.to_owned(), Rank::First));
    match expr {
        Expr::Identifier(name) => first(&name.value),
        Expr::CompoundIdentifier(parts) => first(&parts.last()?.value),
        Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => given_name(inner),
        Expr::CompoundFieldAccess { root, access_chain } => {
            let fields = access_chain.iter().rev().find_map(|access| match access {
                AccessExpr::Dot(Expr::Identifier(field)) => Some(field),
                _ => None,
            });
            fields.map_or_else(|| given_name(root), |field| first(&field.value))
        }
        Expr::Cast { expr: inner, data_type, .. } => {
            preferred(given_name(inner)).or_else(|| Some((type_name(data_type)?, Rank::Second)))
        }
        Expr::TypedString(typed) => Some((type_name(&typed.data_type)?, Rank::Second)),
        Expr::Case { else_result, .. } => {
            let other = else_result.as_deref().and_then(given_name);
            preferred(other).or_else(|| Some(("case".to_owned(), Rank::Second)))
        }
        Expr::Function(function) => {
            let name = function.name.0.last()?.as_ident()?;
            match name.quote_style {
                Some(_) => first(&name.value),
                None => first(&name.value.to_lowercase()),
            }
        }
        Expr::Subquery(query) => of_only_item(query),
        Expr::Exists { negated: false, .. } => first("exists"),
        Expr::Array(_) => first("array"),
        Expr::Tuple(_) => first("row"),
        Expr::Interval(_) => Some(("interval".to_owned(), Rank::Second)),
        Expr::Extract { .. } => first("extract"),
        Expr::Ceil { .. } => first("ceil"),
        Expr::Floor { .. } => first("floor"),
        Expr::Position { .. } => first("position"),
        Expr::Substring { .. } => first("substring"),
        Expr::Overlay { .. } => first("overlay"),
        Expr::AtTimeZone { .. } => first("timezone"),
        Expr::Trim { trim_where, .. } => first(match trim_where {
            Some(TrimWhereField::Leading) => "ltrim",
            Some(TrimWhereField::Trailing) => "rtrim",
            Some(TrimWhereField::Both) | None => "btrim",
        }),
        _ => None,
    }
}

fn preferred(name: Option<(String, Rank)>) -> Option<(String, Rank)> {
    name.filter(|(_, rank)| *rank == Rank::First)
}

/// Returns the name of the one column of a subquery.
fn of_only_item(query: &Query) -> Option<(String, Rank)> {
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    match select.projection.as_slice() {
        [SelectItem::UnnamedExpr(expr)] => given_name(expr),
        [SelectItem::ExprWithAlias { alias, .. }] => Some((alias.value.clone(), Rank::First)),
        _ => None,
    }
}

/// Returns the name of a type in the catalog of `PostgreSQL`.
fn type_name(data_type: &DataType) -> Option<String> {
    let has_zone =
        |zone: &TimezoneInfo| matches!(zone, TimezoneInfo::WithTimeZone | TimezoneInfo::Tz);
    let name = match data_type {
        DataType::SmallInt(_) | DataType::Int2(_) => "int2",
        DataType::Int(_) | DataType::Integer(_) | DataType::Int4(_) => "int4",
        DataType::BigInt(_) | DataType::Int8(_) => "int8",
        DataType::Real | DataType::Float4 => "float4",
        DataType::Double(_) | DataType::DoublePrecision | DataType::Float(_) | DataType::Float8 => {
            "float8"
        }
        DataType::Numeric(_) | DataType::Decimal(_) | DataType::Dec(_) => "numeric",
        DataType::Bool | DataType::Boolean => "bool",
        DataType::Text => "text",
        DataType::Varchar(_) | DataType::CharacterVarying(_) | DataType::CharVarying(_) => {
            "varchar"
        }
        DataType::Char(_) | DataType::Character(_) => "bpchar",
        DataType::Bytea => "bytea",
        DataType::Uuid => "uuid",
        DataType::JSON => "json",
        DataType::JSONB => "jsonb",
        DataType::Date => "date",
        DataType::Interval { .. } => "interval",
        DataType::Time(_, zone) if has_zone(zone) => "timetz",
        DataType::Time(..) => "time",
        DataType::Timestamp(_, zone) if has_zone(zone) => "timestamptz",
        DataType::Timestamp(..) => "timestamp",
        DataType::Array(ArrayElemTypeDef::SquareBracket(element, _)) => return type_name(element),
        DataType::Custom(name, _) => return Some(name.0.last()?.as_ident()?.value.to_lowercase()),
        _ => return None,
    };
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_called_as_in_postgresql() {
        for (text, expected) in [
            ("count(*)", Some("count")),
            ("Max(x)", Some("max")),
            ("1 + 1", Some("?column?")),
            ("'1'::INT", Some("int4")),
            ("upper(x)::VARCHAR(3)", Some("upper")),
            ("CASE WHEN true THEN 1 END", Some("case")),
            ("CASE WHEN true THEN 1 ELSE x END", Some("x")),
            ("(SELECT max(x) FROM t)", Some("max")),
            ("sum(CASE WHEN (a = 1) THEN...", Some("sum")),
            ("sum(a) + sum(CASE WHEN...", None),
            ("a-b", None),
            ("max(x) per day", None),
        ] {
            assert_eq!(name_of_text(text).as_deref(), expected, "{text}");
        }
    }

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
