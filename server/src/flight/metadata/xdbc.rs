//! `GetXdbcTypeInfo`: the types as ODBC asks for them.

use std::sync::LazyLock;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow_flight::error::Result as FlightResult;
use arrow_flight::sql::metadata::{XdbcTypeInfo, XdbcTypeInfoData, XdbcTypeInfoDataBuilder};
use arrow_flight::sql::{
    CommandGetXdbcTypeInfo, Nullable, Searchable, XdbcDataType, XdbcDatetimeSubcode,
};

use super::super::status::Failure;
use super::unbuilt;

static TYPES: LazyLock<FlightResult<XdbcTypeInfoData>> = LazyLock::new(|| {
    let mut builder = XdbcTypeInfoDataBuilder::new();
    for info in types() {
        builder.append(info);
    }
    builder.build()
});

/// Returns the schema of `GetXdbcTypeInfo`.
pub(super) fn schema() -> SchemaRef {
    XdbcTypeInfoDataBuilder::new().build().map_or_else(
        |_| std::sync::Arc::new(arrow::datatypes::Schema::empty()),
        |data| data.schema(),
    )
}

/// Returns the types, or the one with the requested code.
pub(super) fn rows(command: CommandGetXdbcTypeInfo) -> Result<RecordBatch, Failure> {
    let types = TYPES
        .as_ref()
        .map_err(|error| Failure::internal(format!("cannot build the list of types: {error}")))?;
    types.record_batch(command.data_type).map_err(|error| unbuilt(&error))
}

fn types() -> Vec<XdbcTypeInfo> {
    use XdbcDataType as Code;
    vec![
        XdbcTypeInfo { column_size: Some(1), ..plain("BOOLEAN", Code::XdbcBit) },
        number("TINYINT", Code::XdbcTinyint, 3, 10),
        number("SMALLINT", Code::XdbcSmallint, 5, 10),
        number("INTEGER", Code::XdbcInteger, 10, 10),
        number("BIGINT", Code::XdbcBigint, 19, 10),
        number("REAL", Code::XdbcReal, 24, 2),
        number("DOUBLE", Code::XdbcDouble, 53, 2),
        XdbcTypeInfo {
            create_params: Some(vec!["precision".to_owned(), "scale".to_owned()]),
            minimum_scale: Some(0),
            maximum_scale: Some(38),
            ..number("DECIMAL", Code::XdbcDecimal, 38, 10)
        },
        text("VARCHAR"),
        text("ARRAY"),
        text("STRUCT"),
        quoted("VARBINARY", Code::XdbcVarbinary, "X'"),
        XdbcTypeInfo {
            searchable: Searchable::None,
            ..quoted("GEOMETRY", Code::XdbcVarbinary, "X'")
        },
        XdbcTypeInfo {
            column_size: Some(10),
            ..moment("DATE", Code::XdbcDate, XdbcDatetimeSubcode::XdbcSubcodeYear)
        },
        XdbcTypeInfo {
            column_size: Some(18),
            minimum_scale: Some(0),
            maximum_scale: Some(9),
            ..moment("TIME", Code::XdbcTime, XdbcDatetimeSubcode::XdbcSubcodeTime)
        },
        XdbcTypeInfo {
            column_size: Some(29),
            minimum_scale: Some(0),
            maximum_scale: Some(9),
            ..moment("TIMESTAMP", Code::XdbcTimestamp, XdbcDatetimeSubcode::XdbcSubcodeTimestamp)
        },
        XdbcTypeInfo {
            literal_prefix: Some("INTERVAL '".to_owned()),
            literal_suffix: Some("'".to_owned()),
            ..plain("INTERVAL", Code::XdbcInterval)
        },
    ]
}

fn plain(name: &str, data_type: XdbcDataType) -> XdbcTypeInfo {
    XdbcTypeInfo {
        type_name: name.to_owned(),
        data_type,
        nullable: Nullable::NullabilityNullable,
        searchable: Searchable::Basic,
        local_type_name: Some(name.to_owned()),
        sql_data_type: data_type,
        ..XdbcTypeInfo::default()
    }
}

fn number(name: &str, data_type: XdbcDataType, size: i32, radix: i32) -> XdbcTypeInfo {
    XdbcTypeInfo {
        column_size: Some(size),
        unsigned_attribute: Some(false),
        auto_increment: Some(false),
        num_prec_radix: Some(radix),
        ..plain(name, data_type)
    }
}

fn quoted(name: &str, data_type: XdbcDataType, prefix: &str) -> XdbcTypeInfo {
    XdbcTypeInfo {
        literal_prefix: Some(prefix.to_owned()),
        literal_suffix: Some("'".to_owned()),
        ..plain(name, data_type)
    }
}

fn text(name: &str) -> XdbcTypeInfo {
    XdbcTypeInfo {
        case_sensitive: true,
        searchable: Searchable::Full,
        ..quoted(name, XdbcDataType::XdbcVarchar, "'")
    }
}

fn moment(name: &str, data_type: XdbcDataType, subcode: XdbcDatetimeSubcode) -> XdbcTypeInfo {
    XdbcTypeInfo {
        sql_data_type: XdbcDataType::XdbcDatetime,
        datetime_subcode: Some(subcode),
        ..quoted(name, data_type, &format!("{name} '"))
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray as _;
    use arrow::datatypes::Int32Type;

    use super::*;

    #[test]
    fn types_are_sorted_and_can_be_filtered() {
        let all = rows(CommandGetXdbcTypeInfo::default()).unwrap();
        let codes = all.column(1).as_primitive::<Int32Type>();
        assert!(codes.values().is_sorted());
        assert_eq!(all.schema(), schema());
        let some = rows(CommandGetXdbcTypeInfo { data_type: Some(93) }).unwrap();
        assert_eq!(some.num_rows(), 1);
        assert_eq!(some.column(0).as_string::<i32>().value(0), "TIMESTAMP");
        assert_eq!(rows(CommandGetXdbcTypeInfo { data_type: Some(77) }).unwrap().num_rows(), 0);
    }
}
