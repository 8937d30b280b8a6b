//! Calls whose name is that of a type, `date(x)`, and texts among arguments that are moments and
//! intervals, `age('2024-01-01', born)`.

use sqlparser::ast::{DataType, ExactNumberInfo, Expr, TimezoneInfo, Value};

use crate::sql::made;

/// Returns the type that `name(x)` casts to, as functions of `PostgreSQL` do it.
pub(super) fn type_of(name: &str) -> Option<DataType> {
    Some(match name {
        "date" => DataType::Date,
        "text" => DataType::Text,
        "int2" => DataType::SmallInt(None),
        "int4" => DataType::Integer(None),
        "int8" => DataType::BigInt(None),
        "float4" => DataType::Real,
        "float8" => DataType::Double(ExactNumberInfo::None),
        _ => return None,
    })
}

/// Makes timestamps of the texts among two moments.
pub(super) fn type_moments(moments: [&mut Expr; 2]) {
    for moment in moments {
        if is_text(moment) {
            cast_in_place(moment, DataType::Timestamp(None, TimezoneInfo::None));
        }
    }
}

/// Makes a text that ends a series of moments one of the type of its beginning, and a text between
/// them an interval.
pub(super) fn type_series(begin: &Expr, end: &mut Expr, step: &mut Expr) {
    let data_type = match begin {
        Expr::Cast { data_type, .. } => data_type,
        Expr::TypedString(typed) => &typed.data_type,
        _ => return,
    };
    if !matches!(data_type, DataType::Date | DataType::Timestamp(..)) {
        return;
    }
    if is_text(end) {
        cast_in_place(end, data_type.clone());
    }
    if is_text(step) {
        cast_in_place(step, DataType::Interval { fields: None, precision: None });
    }
}

fn is_text(expr: &Expr) -> bool {
    matches!(expr, Expr::Value(value) if matches!(
        value.value,
        Value::SingleQuotedString(_) | Value::EscapedStringLiteral(_)
    ))
}

fn cast_in_place(value: &mut Expr, data_type: DataType) {
    *value = made::cast(made::take(value), data_type);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::template;

    #[test]
    fn texts_among_moments_are_typed() {
        let expr = |text| template::expr(text).expect("an expression");
        let (mut end, mut step) = (expr("'2024-01-03'"), expr("'1 day'"));
        type_series(&expr("'2024-01-01'::date"), &mut end, &mut step);
        assert_eq!(end.to_string(), "CAST('2024-01-03' AS DATE)");
        assert_eq!(step.to_string(), "CAST('1 day' AS INTERVAL)");
        let (mut end, mut step) = (expr("'3'"), expr("'1'"));
        type_series(&expr("1"), &mut end, &mut step);
        assert_eq!(end.to_string(), "'3'");
    }
}
