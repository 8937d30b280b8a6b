//! `pg_typeof(value)`: the name that `PostgreSQL` has for the type of a value.

use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use godwit_geometry::{Edges, GeometryType};
use godwit_udfs::is_json;

/// Returns the function.
pub(super) fn pg_typeof() -> ScalarUDF {
    ScalarUDF::from(PgTypeof { signature: Signature::any(1, Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct PgTypeof {
    signature: Signature,
}

impl ScalarUDFImpl for PgTypeof {
    fn name(&self) -> &'static str {
        "pg_typeof"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [field] = arguments.arg_fields.as_slice() else {
            return exec_err!("pg_typeof takes one value");
        };
        Ok(ColumnarValue::Scalar(ScalarValue::Utf8(Some(type_name(field)))))
    }
}

fn type_name(field: &Field) -> String {
    match GeometryType::edges_of(field) {
        Some(Edges::Planar) => "geometry".to_owned(),
        Some(Edges::Spherical) => "geography".to_owned(),
        None if is_json(field) => "json".to_owned(),
        None => data_type_name(field.data_type()),
    }
}

fn data_type_name(data_type: &DataType) -> String {
    let name = match data_type {
        DataType::Null => "unknown",
        DataType::Boolean => "boolean",
        DataType::Int8 | DataType::Int16 | DataType::UInt8 => "smallint",
        DataType::Int32 | DataType::UInt16 => "integer",
        DataType::Int64 | DataType::UInt32 => "bigint",
        DataType::Float16 | DataType::Float32 => "real",
        DataType::Float64 => "double precision",
        DataType::UInt64
        | DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => "numeric",
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "text",
        DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::FixedSizeBinary(_) => "bytea",
        DataType::Date32 | DataType::Date64 => "date",
        DataType::Time32(_) | DataType::Time64(_) => "time without time zone",
        DataType::Timestamp(_, None) => "timestamp without time zone",
        DataType::Timestamp(_, Some(_)) => "timestamp with time zone",
        DataType::Interval(_) | DataType::Duration(_) => "interval",
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _) => {
            let item = type_name(item);
            // The type of an array does not tell how many dimensions it has.
            return if item.ends_with("[]") { item } else { format!("{item}[]") };
        }
        DataType::Dictionary(_, values) => return data_type_name(values),
        DataType::RunEndEncoded(_, values) => return type_name(values),
        DataType::Struct(_) | DataType::Map(..) | DataType::Union(..) => "record",
    };
    name.to_owned()
}
