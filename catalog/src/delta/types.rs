//! How Arrow types are stored in a Delta table.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields, TimeUnit};
use godwit_formats::encode::sql_type_name;

use super::declared;
use super::lengths::TextLength;
use crate::CatalogError;

/// Returns the field a column is stored as, which remembers a type that Delta does not have.
///
/// A declared column keeps its nanoseconds and its length, and may refuse nulls. In the result of a
/// query they are seldom meant: `now()` counts nanoseconds too.
pub(super) fn stored_field(column: &Field, is_declared: bool) -> Result<Field, CatalogError> {
    let data_type = column.data_type();
    let is_timestamp = matches!(data_type, DataType::Timestamp(_, _));
    if is_timestamp && !is_declared {
        return Ok(Field::new(column.name(), stored_type(column.name(), data_type)?, true));
    }
    let stored = match declared::storage(data_type) {
        Some(stored) => stored,
        None => stored_type(column.name(), data_type)?,
    };
    let is_nullable = !is_declared || column.is_nullable();
    let stored = as_json_of(column, Field::new(column.name(), stored, is_nullable));
    let stored = match TextLength::of(column) {
        Some(length) if is_declared => length.annotate(stored),
        _ => stored,
    };
    Ok(declared::remember(stored, data_type))
}

/// Returns the stored field, whose texts are JSON where those of the column are.
fn as_json_of(column: &Field, stored: Field) -> Field {
    const EXTENSION_NAME: &str = "ARROW:extension:name";
    let name = column.metadata().get(EXTENSION_NAME).filter(|name| *name == "arrow.json");
    match name {
        Some(name) => stored.with_metadata([(EXTENSION_NAME.to_owned(), name.clone())].into()),
        None => stored,
    }
}

/// Returns the type a column is stored as.
///
/// Unsigned numbers become the next wider signed ones, half floats become floats, times and the
/// null type become text, nanoseconds become microseconds, and views become plain arrays.
pub(super) fn stored_type(column: &str, data_type: &DataType) -> Result<DataType, CatalogError> {
    let stored = match data_type {
        DataType::Boolean
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::Float32
        | DataType::Float64
        | DataType::Date32
        | DataType::Binary
        | DataType::Utf8 => data_type.clone(),
        DataType::UInt8 => DataType::Int16,
        DataType::UInt16 => DataType::Int32,
        DataType::UInt32 => DataType::Int64,
        DataType::UInt64 => DataType::Decimal128(20, 0),
        DataType::Float16 => DataType::Float32,
        DataType::Date64 => DataType::Date32,
        DataType::Timestamp(_, zone) => {
            DataType::Timestamp(TimeUnit::Microsecond, zone.as_ref().map(|_| "UTC".into()))
        }
        DataType::Null
        | DataType::Time32(_)
        | DataType::Time64(_)
        | DataType::LargeUtf8
        | DataType::Utf8View => DataType::Utf8,
        DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            DataType::Binary
        }
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale) => decimal(column, data_type, *precision, *scale)?,
        DataType::Dictionary(_, value) => stored_type(column, value)?,
        DataType::RunEndEncoded(_, value) => stored_type(column, value.data_type())?,
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _) => {
            let item = stored_type(column, item.data_type())?;
            DataType::List(Arc::new(Field::new("element", item, true)))
        }
        DataType::Struct(fields) if !fields.is_empty() => {
            let fields = fields.iter().map(|field| member(column, field));
            DataType::Struct(fields.collect::<Result<Fields, _>>()?)
        }
        DataType::Map(entries, _) => map(column, data_type, entries)?,
        DataType::Duration(_) | DataType::Interval(_) => {
            return Err(refused(column, data_type, "Delta has no type for lengths of time"));
        }
        DataType::Struct(_) | DataType::Union(_, _) => {
            return Err(refused(column, data_type, "Delta has no such type"));
        }
    };
    Ok(stored)
}

/// Returns whether values of the type are plain, so that they can be partition values.
pub(super) fn can_partition(data_type: &DataType) -> bool {
    !data_type.is_nested() && !matches!(data_type, DataType::Binary)
}

/// Returns the error for a column that cannot be stored.
pub(super) fn refused(column: &str, data_type: &DataType, reason: &str) -> CatalogError {
    CatalogError::UnsupportedType {
        column: column.to_owned(),
        data_type: sql_type_name(&Field::new(column, data_type.clone(), true)),
        reason: reason.to_owned(),
    }
}

fn member(column: &str, field: &FieldRef) -> Result<Field, CatalogError> {
    let path = format!("{column}.{}", field.name());
    Ok(Field::new(field.name(), stored_type(&path, field.data_type())?, true))
}

fn decimal(
    column: &str,
    data_type: &DataType,
    precision: u8,
    scale: i8,
) -> Result<DataType, CatalogError> {
    let digits = i16::from(precision) - i16::from(scale.min(0));
    match u8::try_from(digits) {
        Ok(digits @ ..=38) if i16::from(scale) <= digits.into() => {
            Ok(DataType::Decimal128(digits, scale.max(0)))
        }
        _ => Err(refused(column, data_type, "Delta decimals have at most 38 digits")),
    }
}

fn map(column: &str, data_type: &DataType, entries: &FieldRef) -> Result<DataType, CatalogError> {
    let DataType::Struct(fields) = entries.data_type() else {
        return Err(refused(column, data_type, "its entries are malformed"));
    };
    let [key, value] = fields.as_ref() else {
        return Err(refused(column, data_type, "its entries are malformed"));
    };
    let key = Field::new("key", stored_type(column, key.data_type())?, false);
    let value = Field::new("value", stored_type(column, value.data_type())?, true);
    let entries = Field::new("key_value", DataType::Struct(vec![key, value].into()), false);
    Ok(DataType::Map(Arc::new(entries), false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_without_a_twin_become_wider_ones() {
        let cases = [
            (DataType::UInt8, DataType::Int16),
            (DataType::UInt32, DataType::Int64),
            (DataType::UInt64, DataType::Decimal128(20, 0)),
            (DataType::Float16, DataType::Float32),
            (DataType::Null, DataType::Utf8),
            (DataType::Utf8View, DataType::Utf8),
            (DataType::Time64(TimeUnit::Nanosecond), DataType::Utf8),
            (DataType::Decimal256(38, 2), DataType::Decimal128(38, 2)),
            (DataType::Decimal128(5, -2), DataType::Decimal128(7, 0)),
            (
                DataType::Timestamp(TimeUnit::Nanosecond, Some("Europe/Berlin".into())),
                DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            ),
            (
                DataType::Timestamp(TimeUnit::Second, None),
                DataType::Timestamp(TimeUnit::Microsecond, None),
            ),
            (
                DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::LargeUtf8)),
                DataType::Utf8,
            ),
        ];
        for (given, expected) in cases {
            assert_eq!(stored_type("c", &given).unwrap(), expected, "{given}");
        }
    }

    #[test]
    fn declared_columns_keep_their_digits_and_refuse_nulls() {
        let nanoseconds = DataType::Timestamp(TimeUnit::Nanosecond, None);
        let column = Field::new("c", nanoseconds, false);
        let declared = stored_field(&column, true).unwrap();
        assert_eq!(declared.data_type(), &DataType::Int64);
        assert!(!declared.is_nullable());
        let computed = stored_field(&column, false).unwrap();
        assert_eq!(computed.data_type(), &DataType::Timestamp(TimeUnit::Microsecond, None));
        assert!(computed.is_nullable() && computed.metadata().is_empty());
    }

    #[test]
    fn nested_types_are_mapped_all_the_way_down() {
        let point = DataType::Struct(vec![Field::new("x", DataType::UInt16, false)].into());
        let list = DataType::LargeList(Arc::new(Field::new("item", point, false)));
        let stored = stored_type("c", &list).unwrap();
        let point = DataType::Struct(vec![Field::new("x", DataType::Int32, true)].into());
        assert_eq!(stored, DataType::List(Arc::new(Field::new("element", point, true))));
    }

    #[test]
    fn what_cannot_be_stored_is_refused_by_name() {
        let nested = DataType::Struct(
            vec![Field::new("d", DataType::Duration(TimeUnit::Second), true)].into(),
        );
        for data_type in [DataType::Decimal256(50, 2), nested, DataType::Struct(Fields::empty())] {
            let error = stored_type("c", &data_type).unwrap_err().to_string();
            assert!(error.starts_with("column \"c"), "{error}");
        }
    }
}
