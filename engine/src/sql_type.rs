//! The SQL names of column types.

use arrow::datatypes::{DataType, Field, IntervalUnit};
use godwit_geometry::is_geometry;

/// Returns the SQL name of a column's type, as `VARCHAR` or `GEOMETRY`.
pub fn sql_type_name(field: &Field) -> String {
    if is_geometry(field) {
        return "GEOMETRY".to_owned();
    }
    type_name(field.data_type())
}

fn type_name(data_type: &DataType) -> String {
    let name = match data_type {
        DataType::Null => "NULL",
        DataType::Boolean => "BOOLEAN",
        DataType::Int8 => "TINYINT",
        DataType::Int16 => "SMALLINT",
        DataType::Int32 => "INTEGER",
        DataType::Int64 => "BIGINT",
        DataType::UInt8 => "TINYINT UNSIGNED",
        DataType::UInt16 => "SMALLINT UNSIGNED",
        DataType::UInt32 => "INTEGER UNSIGNED",
        DataType::UInt64 => "BIGINT UNSIGNED",
        DataType::Float16 | DataType::Float32 => "REAL",
        DataType::Float64 => "DOUBLE",
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "VARCHAR",
        DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::FixedSizeBinary(_) => "VARBINARY",
        DataType::Date32 | DataType::Date64 => "DATE",
        DataType::Time32(_) | DataType::Time64(_) => "TIME",
        DataType::Timestamp(_, None) => "TIMESTAMP",
        DataType::Timestamp(_, Some(_)) => "TIMESTAMP WITH TIME ZONE",
        DataType::Duration(_)
        | DataType::Interval(
            IntervalUnit::DayTime | IntervalUnit::MonthDayNano | IntervalUnit::YearMonth,
        ) => "INTERVAL",
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale) => {
            return format!("DECIMAL({precision},{scale})");
        }
        DataType::Dictionary(_, value) => return type_name(value),
        DataType::RunEndEncoded(_, values) => return sql_type_name(values),
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _) => return format!("{}[]", sql_type_name(item)),
        DataType::Struct(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|field| format!("{} {}", field.name(), sql_type_name(field)))
                .collect();
            return format!("STRUCT({})", fields.join(", "));
        }
        DataType::Map(entries, _) => {
            if let DataType::Struct(pair) = entries.data_type()
                && let [key, value] = pair.as_ref()
            {
                return format!("MAP({}, {})", sql_type_name(key), sql_type_name(value));
            }
            "MAP"
        }
        DataType::Union(..) => "UNION",
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_sql() {
        let name = |data_type| sql_type_name(&Field::new("x", data_type, true));
        assert_eq!(name(DataType::Utf8View), "VARCHAR");
        assert_eq!(name(DataType::Decimal128(10, 2)), "DECIMAL(10,2)");
        assert_eq!(name(DataType::new_list(DataType::Int64, true)), "BIGINT[]");
        let geometry =
            godwit_geometry::GeometryType { crs: None, edges: godwit_geometry::Edges::Planar };
        assert_eq!(sql_type_name(&geometry.field("geom", true)), "GEOMETRY");
    }
}
