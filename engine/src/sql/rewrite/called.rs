//! What `PostgreSQL` calls the column of an expression: a cast of a column like the column, a call
//! like its function. Where it says `?column?` there is no name.

use sqlparser::ast::{
    AccessExpr, DataType, Expr, Function, ObjectName, SelectItem, SetExpr, TrimWhereField,
};

use super::rows;

/// Returns the name of an expression's column, if it has one.
pub(super) fn name_of(expr: &Expr) -> Option<String> {
    match found(expr)? {
        Found::Own(name) | Found::Type(name) => Some(name),
    }
}

/// A name, and where it comes from.
enum Found {
    /// A column, a function, or what is written like one.
    Own(String),
    /// A type, or the word `case`: a cast around it has a better one.
    Type(String),
}

fn found(expr: &Expr) -> Option<Found> {
    let own = |name: &str| Some(Found::Own(name.to_owned()));
    match expr {
        Expr::Identifier(name) => own(&name.value),
        Expr::CompoundIdentifier(parts) => own(&parts.last()?.value),
        Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => found(inner),
        Expr::CompoundFieldAccess { root, access_chain } => {
            let is_place = |access: &AccessExpr| matches!(access, AccessExpr::Subscript(_));
            if access_chain.iter().all(is_place) { found(root) } else { None }
        }
        Expr::Cast { expr, data_type, .. } => match found(expr) {
            own @ Some(Found::Own(_)) => own,
            _ => type_name(data_type).map(Found::Type),
        },
        Expr::TypedString(typed) => type_name(&typed.data_type).map(Found::Type),
        Expr::Interval(_) => Some(Found::Type("interval".to_owned())),
        Expr::Case { else_result, .. } => match else_result.as_deref().and_then(found) {
            own @ Some(Found::Own(_)) => own,
            _ => Some(Found::Type("case".to_owned())),
        },
        Expr::Function(function) => called(function).map(Found::Own),
        Expr::Subquery(query) => match query.body.as_ref() {
            SetExpr::Select(select) => match select.projection.first()? {
                SelectItem::ExprWithAlias { alias, .. } => own(&alias.value),
                SelectItem::UnnamedExpr(expr) => found(expr),
                _ => None,
            },
            _ => None,
        },
        Expr::AtTimeZone { .. } => own("timezone"),
        Expr::Exists { negated: false, .. } => own("exists"),
        Expr::Extract { .. } => own("extract"),
        Expr::Ceil { .. } => own("ceil"),
        Expr::Floor { .. } => own("floor"),
        Expr::Position { .. } => own("position"),
        Expr::Substring { shorthand: true, .. } => own("substr"),
        Expr::Substring { .. } => own("substring"),
        Expr::Overlay { .. } => own("overlay"),
        Expr::Trim { trim_where, .. } => own(match trim_where {
            Some(TrimWhereField::Leading) => "ltrim",
            Some(TrimWhereField::Trailing) => "rtrim",
            _ => "btrim",
        }),
        Expr::Array(_) => own("array"),
        Expr::Tuple(_) => own("row"),
        _ => None,
    }
}

/// Returns the name of a function, in lower case unless it has quotes; none if it makes columns.
fn called(function: &Function) -> Option<String> {
    if rows::makes_columns(function) {
        return None;
    }
    last_word(&function.name)
}

fn last_word(name: &ObjectName) -> Option<String> {
    let name = name.0.last()?.as_ident()?;
    Some(if name.quote_style.is_some() { name.value.clone() } else { name.value.to_lowercase() })
}

/// Returns the name of a type in the catalog of `PostgreSQL`, as far as it has one.
fn type_name(data_type: &DataType) -> Option<String> {
    Some(
        match data_type {
            DataType::BigInt(_) | DataType::Int8(_) | DataType::Int64 => "int8",
            DataType::Int(_)
            | DataType::Int4(_)
            | DataType::Int32
            | DataType::Integer(_)
            | DataType::MediumInt(_) => "int4",
            DataType::SmallInt(_) | DataType::Int2(_) | DataType::Int16 => "int2",
            DataType::Real | DataType::Float4 | DataType::Float32 => "float4",
            DataType::Double(_)
            | DataType::DoublePrecision
            | DataType::Float(_)
            | DataType::Float8
            | DataType::Float64 => "float8",
            DataType::Numeric(_) | DataType::Decimal(_) | DataType::Dec(_) => "numeric",
            DataType::Bool | DataType::Boolean => "bool",
            DataType::Varchar(_)
            | DataType::CharacterVarying(_)
            | DataType::CharVarying(_)
            | DataType::Nvarchar(_) => "varchar",
            DataType::Char(_) | DataType::Character(_) => "bpchar",
            DataType::Timestamp(_, zone) | DataType::Time(_, zone) => {
                use sqlparser::ast::TimezoneInfo::{Tz, WithTimeZone};
                let has_zone = matches!(zone, WithTimeZone | Tz);
                match (matches!(data_type, DataType::Time(..)), has_zone) {
                    (false, false) => "timestamp",
                    (false, true) => "timestamptz",
                    (true, false) => "time",
                    (true, true) => "timetz",
                }
            }
            DataType::Datetime(_) => "timestamp",
            DataType::Interval { .. } => "interval",
            DataType::Text | DataType::String(_) => "text",
            DataType::Bytea | DataType::Varbinary(_) | DataType::Blob(_) => "bytea",
            DataType::Date => "date",
            DataType::Uuid => "uuid",
            DataType::JSON => "json",
            DataType::JSONB => "jsonb",
            DataType::Array(_) => return array_name(data_type),
            DataType::Custom(name, _) => return last_word(name),
            _ => return None,
        }
        .to_owned(),
    )
}

/// Returns the name of the elements of an array.
fn array_name(data_type: &DataType) -> Option<String> {
    use sqlparser::ast::ArrayElemTypeDef::{AngleBracket, Parenthesis, SquareBracket};
    match data_type {
        DataType::Array(
            AngleBracket(element) | Parenthesis(element) | SquareBracket(element, _),
        ) => type_name(element),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use sqlparser::parser::Parser;

    use super::*;
    use crate::sql::dialect::GeoDialect;

    #[test]
    fn columns_are_called_as_in_postgresql() {
        let name = |text: &str| {
            let parser = Parser::new(&GeoDialect).try_with_sql(text);
            name_of(&parser.expect("tokens").parse_expr().expect("an expression"))
        };
        for (text, expected) in [
            ("x::text", Some("x")),
            ("t.x::int::text", Some("x")),
            ("'1'::int", Some("int4")),
            ("('1'::int)::text", Some("text")),
            ("upper(x)::varchar(3)", Some("upper")),
            ("ST_Area(geom)", Some("st_area")),
            ("CASE WHEN a THEN 1 END", Some("case")),
            ("CASE WHEN a THEN 1 ELSE b END", Some("b")),
            ("(CASE WHEN a THEN 1 END)::text", Some("text")),
            ("(SELECT max(y) FROM t)", Some("max")),
            ("EXISTS (SELECT 1)", Some("exists")),
            ("x[1]", Some("x")),
            ("ARRAY[1]", Some("array")),
            ("coalesce(a, b)", Some("coalesce")),
            ("extract(year FROM d)", Some("extract")),
            ("date '2024-01-01'", Some("date")),
            ("x + 1", None),
            ("1", None),
        ] {
            assert_eq!(name(text).as_deref(), expected, "{text}");
        }
    }
}
