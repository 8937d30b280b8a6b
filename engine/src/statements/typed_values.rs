//! Texts among the rows of `INSERT ... VALUES`: beside other values, and where a column is a list, a
//! text is what the column of the table is. Otherwise the rows would have no type in common.

use arrow::datatypes::{DataType, FieldRef};
use sqlparser::ast::{
    ArrayElemTypeDef, CastKind, DataType as SqlType, ExactNumberInfo, Expr, Query, SetExpr,
    TimezoneInfo, Value, Values,
};

/// Returns whether the rows are written out, and there is a text that the table has to tell of.
pub(super) fn has_open_texts(query: &Query) -> bool {
    let SetExpr::Values(values) = query.body.as_ref() else { return false };
    let width = values.rows.first().map_or(0, |row| row.content.len());
    (0..width).any(|column| {
        is_mixed(values, column)
            || cells(values, column).any(|cell| text(cell).is_some_and(is_list))
    })
}

/// Makes such texts casts to the types of the columns that the rows fill.
pub(super) fn type_texts(query: &mut Query, fields: &[FieldRef]) {
    let SetExpr::Values(values) = query.body.as_mut() else { return };
    for (column, field) in fields.iter().enumerate() {
        let is_mixed = is_mixed(values, column);
        let Some(sql_type) = sql_type(field.data_type()) else { continue };
        let lists_only = matches!(sql_type, SqlType::Array(_));
        for cell in values.rows.iter_mut().filter_map(|row| row.content.get_mut(column)) {
            let is_open =
                text(cell).is_some_and(|text| if lists_only { is_list(text) } else { is_mixed });
            if is_open {
                *cell = Expr::Cast {
                    kind: CastKind::Cast,
                    expr: Box::new(cell.clone()),
                    data_type: sql_type.clone(),
                    array: false,
                    format: None,
                };
            }
        }
    }
}

fn cells(values: &Values, column: usize) -> impl Iterator<Item = &Expr> {
    values.rows.iter().filter_map(move |row| row.content.get(column))
}

/// Returns whether there are texts in a column and other values, which are no nulls.
fn is_mixed(values: &Values, column: usize) -> bool {
    let is_null = |cell: &Expr| matches!(cell, Expr::Value(value) if value.value == Value::Null);
    cells(values, column).any(|cell| text(cell).is_some())
        && cells(values, column).any(|cell| text(cell).is_none() && !is_null(cell))
}

/// Returns the text of a literal.
fn text(cell: &Expr) -> Option<&str> {
    match cell {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

fn is_list(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

/// Returns the name of a type that texts have no type in common with; those of numbers are read by
/// the planner.
fn sql_type(data_type: &DataType) -> Option<SqlType> {
    Some(match data_type {
        DataType::Boolean => SqlType::Boolean,
        DataType::Date32 | DataType::Date64 => SqlType::Date,
        DataType::Timestamp(_, None) => SqlType::Timestamp(None, TimezoneInfo::None),
        DataType::Timestamp(_, Some(_)) => SqlType::Timestamp(None, TimezoneInfo::WithTimeZone),
        DataType::Time32(_) | DataType::Time64(_) => SqlType::Time(None, TimezoneInfo::None),
        DataType::Interval(_) => SqlType::Interval { fields: None, precision: None },
        DataType::List(item) => {
            let item = Box::new(item_type(item.data_type())?);
            SqlType::Array(ArrayElemTypeDef::SquareBracket(item, None))
        }
        _ => return None,
    })
}

/// Returns the name of the type of a list's items.
fn item_type(data_type: &DataType) -> Option<SqlType> {
    Some(match data_type {
        text if text.is_string() => SqlType::Text,
        DataType::Int8 | DataType::Int16 => SqlType::SmallInt(None),
        DataType::Int32 => SqlType::Integer(None),
        DataType::Int64 => SqlType::BigInt(None),
        DataType::Float32 => SqlType::Real,
        DataType::Float64 => SqlType::Double(ExactNumberInfo::None),
        DataType::List(_) => return None,
        other => sql_type(other)?,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::datatypes::{Field, TimeUnit};

    use super::*;
    use crate::sql::template;

    #[test]
    fn texts_have_the_types_of_their_columns() {
        let fields = [
            DataType::Timestamp(TimeUnit::Microsecond, None),
            DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
            DataType::Int64,
        ]
        .map(|data_type| Arc::new(Field::new("x", data_type, true)));
        let typed = |text: &str| {
            let mut query = template::query(text).expect("a query");
            assert!(has_open_texts(&query), "{text}");
            type_texts(&mut query, &fields);
            query.to_string()
        };
        assert_eq!(
            typed("VALUES (now(), '{a}', '1'), ('2024-01-01', NULL, 2)"),
            "VALUES (now(), CAST('{a}' AS TEXT[]), '1'), (CAST('2024-01-01' AS TIMESTAMP), NULL, 2)"
        );
        let plain = template::query("VALUES ('2024-01-01', 1), (NULL, 2)").expect("a query");
        assert!(!has_open_texts(&plain));
    }
}
