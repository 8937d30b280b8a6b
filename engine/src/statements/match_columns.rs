//! Brings the columns of a client, by their names, to those of a table.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, new_null_array};
use arrow::compute::{CastOptions, can_cast_types, cast_with_options};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::util::display::FormatOptions;
use godwit_geometry::{GeometryType, check_column_crs, is_geometry};

use super::insert::in_column;
use crate::error::{Code, Error, nearest};
use crate::functions::{GeometryTarget, to_integers};
use crate::stream::with_nulls;

/// A value that does not fit is an error, never a null.
const STRICT: CastOptions<'static> =
    CastOptions { safe: false, format_options: FormatOptions::new() };

/// Which column of a client fills which column of a table.
#[derive(Debug)]
pub(super) struct Matching {
    schema: SchemaRef,
    /// For each column of the table its place among those of the client; nothing for nulls.
    places: Vec<Option<usize>>,
}

impl Matching {
    /// Matches columns by name, exactly or else whatever the case. Columns of the table that the
    /// client leaves out become null; a column the table does not have is an error.
    pub(super) fn try_new(given: &Schema, table: &SchemaRef) -> Result<Self, Error> {
        let mut places = vec![None; table.fields().len()];
        for (index, field) in given.fields().iter().enumerate() {
            let target = find(field.name(), table)?;
            if let Some(place) = places.get_mut(target)
                && place.replace(index).is_some()
            {
                let message = format!("column \"{}\" is filled twice", field.name());
                return Err(Error::new(Code::AmbiguousColumn, message));
            }
            check(field, table.field(target))?;
        }
        for (place, field) in places.iter().zip(table.fields()) {
            if place.is_none() && !field.is_nullable() {
                let message = format!("column \"{}\" needs a value", field.name());
                return Err(Error::new(Code::NotNullViolation, message));
            }
        }
        Ok(Self { schema: Arc::clone(table), places })
    }

    /// Returns the columns of the table.
    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Returns rows of the client as rows of the table.
    pub(super) fn convert(&self, batch: &RecordBatch) -> Result<RecordBatch, Error> {
        let mut columns = Vec::with_capacity(self.places.len());
        for (place, field) in self.places.iter().zip(self.schema.fields()) {
            let given = place.and_then(|place| batch.columns().get(place));
            columns.push(match given {
                None => new_null_array(field.data_type(), batch.num_rows()),
                Some(column) if is_geometry(field) => geometries(column, field)?,
                Some(column) => cast(column, field.data_type()).map_err(|error| {
                    let message = format!("column \"{}\": {error}", field.name());
                    Error::new(Code::ValueOutOfRange, message).with_source(error)
                })?,
            });
        }
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        Ok(RecordBatch::try_new_with_options(with_nulls(&self.schema), columns, &options)?)
    }
}

fn cast(column: &ArrayRef, to: &DataType) -> Result<ArrayRef, ArrowError> {
    if to.is_integer() && column.data_type().is_numeric() {
        return to_integers(column, to);
    }
    cast_with_options(column, to, &STRICT)
}

/// Returns the geometries of a client for a column. Those that name a reference system of their own
/// must name that of the column.
fn geometries(column: &ArrayRef, field: &Field) -> Result<ArrayRef, Error> {
    let taken = GeometryTarget::of(field)?.taken(column);
    let taken = taken.map_err(|error| in_column(field, error.into()))?;
    Ok(cast_with_options(&taken, field.data_type(), &STRICT)?)
}

fn find(name: &str, table: &Schema) -> Result<usize, Error> {
    let names: Vec<&str> = table.fields().iter().map(|field| field.name().as_str()).collect();
    if let Some(index) = names.iter().position(|known| *known == name) {
        return Ok(index);
    }
    let mut similar =
        names.iter().enumerate().filter(|(_, known)| known.eq_ignore_ascii_case(name));
    if let (Some((index, _)), None) = (similar.next(), similar.next()) {
        return Ok(index);
    }
    let error = Error::new(Code::UndefinedColumn, format!("the table has no column \"{name}\""));
    Err(match nearest(name, names.iter().copied()) {
        Some(near) => error.with_hint(format!("Did you mean \"{near}\"?")),
        None => error.with_hint(format!("The columns are {}.", names.join(", "))),
    })
}

/// Checks that values of one field can go into the other.
fn check(given: &Field, table: &Field) -> Result<(), Error> {
    let mismatch = || {
        let (wanted, found) = (crate::sql_type_name(table), crate::sql_type_name(given));
        let name = table.name();
        let message =
            format!("column \"{name}\" is {wanted}, a value of type {found} does not fit");
        Err(Error::new(Code::DatatypeMismatch, message))
    };
    if is_geometry(table) || is_geometry(given) {
        if class(given.data_type()) != Class::Bytes || class(table.data_type()) != Class::Bytes {
            return if class(given.data_type()) == Class::Null { Ok(()) } else { mismatch() };
        }
        let from = GeometryType::from_field(given)?.and_then(|known| known.crs);
        let to = GeometryType::from_field(table)?.and_then(|known| known.crs);
        return check_column_crs(from.as_ref(), to.as_ref())
            .map_err(|error| in_column(table, error.into()));
    }
    let (from, to) = (class(given.data_type()), class(table.data_type()));
    let is_known = from == to || from == Class::Null;
    if is_known && can_cast_types(given.data_type(), table.data_type()) {
        return Ok(());
    }
    mismatch()
}

/// Returns whether values of a type become those of another where they are written into a column.
/// Numbers, truth values and times do not become each other without a cast.
pub(super) fn is_assignable(from: &DataType, to: &DataType) -> bool {
    let is_plain = |class| {
        matches!(class, Class::Truth | Class::Number | Class::Day | Class::Time | Class::Length)
    };
    match (class(from), class(to)) {
        (Class::Day | Class::Length, Class::Time) | (Class::Time, Class::Length) => true,
        (from, to) => from == to || !is_plain(from) || !is_plain(to),
    }
}

/// Kinds of values that mean something to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Null,
    Truth,
    Number,
    Text,
    Bytes,
    Day,
    Time,
    Length,
    List,
    Struct,
    Map,
    Union,
}

fn class(data_type: &DataType) -> Class {
    match data_type {
        DataType::Null => Class::Null,
        DataType::Boolean => Class::Truth,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Class::Text,
        DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::FixedSizeBinary(_) => Class::Bytes,
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => Class::Day,
        DataType::Time32(_) | DataType::Time64(_) => Class::Time,
        DataType::Duration(_) | DataType::Interval(_) => Class::Length,
        DataType::List(_)
        | DataType::LargeList(_)
        | DataType::ListView(_)
        | DataType::LargeListView(_)
        | DataType::FixedSizeList(..) => Class::List,
        DataType::Struct(_) => Class::Struct,
        DataType::Map(..) => Class::Map,
        DataType::Union(..) => Class::Union,
        DataType::Dictionary(_, values) => class(values),
        DataType::RunEndEncoded(_, values) => class(values.data_type()),
        _ => Class::Number,
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{AsArray as _, Float64Array, Int32Array, Int64Array, StringArray};
    use arrow::datatypes::Int32Type;

    use super::*;

    fn table() -> SchemaRef {
        Arc::new(Schema::new(vec![
            Field::new("id", DataType::Int32, false),
            Field::new("Name", DataType::Utf8, true),
        ]))
    }

    fn rows(columns: &[(&str, ArrayRef)]) -> RecordBatch {
        RecordBatch::try_from_iter(columns.iter().map(|(name, column)| (name, Arc::clone(column))))
            .unwrap()
    }

    #[test]
    fn columns_are_matched_by_name_in_any_order() {
        let names: ArrayRef = Arc::new(StringArray::from(vec!["a"]));
        let ids: ArrayRef = Arc::new(Int64Array::from(vec![7]));
        let given = rows(&[("NAME", names), ("id", ids)]);
        let matching = Matching::try_new(given.schema_ref(), &table()).unwrap();
        let converted = matching.convert(&given).unwrap();
        assert_eq!(converted.column(0).as_primitive::<Int32Type>().value(0), 7);
        assert_eq!(converted.column(1).as_string::<i32>().value(0), "a");
    }

    #[test]
    fn what_is_missing_is_null_and_what_is_too_much_is_named() {
        let ids: ArrayRef = Arc::new(Int32Array::from(vec![1, 2]));
        let given = rows(&[("id", Arc::clone(&ids))]);
        let matching = Matching::try_new(given.schema_ref(), &table()).unwrap();
        assert_eq!(matching.convert(&given).unwrap().column(1).null_count(), 2);
        let refused = |columns: &[(&str, ArrayRef)]| {
            Matching::try_new(rows(columns).schema_ref(), &table()).unwrap_err()
        };
        let error = refused(&[("id", Arc::clone(&ids)), ("colour", Arc::clone(&ids))]);
        assert_eq!(error.code, Code::UndefinedColumn);
        assert!(error.message.contains("colour"));
        let names: ArrayRef = Arc::new(StringArray::from(vec!["a"]));
        assert!(refused(&[("Name", Arc::clone(&names))]).message.contains("\"id\""));
        let error = refused(&[("id", names)]);
        assert_eq!(error.code, Code::DatatypeMismatch);
    }

    #[test]
    fn numbers_with_fractions_become_the_integers_next_to_them() {
        let ids: ArrayRef = Arc::new(Float64Array::from(vec![9.7, -9.7, 9.5, 8.5]));
        let given = rows(&[("id", ids)]);
        let matching = Matching::try_new(given.schema_ref(), &table()).unwrap();
        let converted = matching.convert(&given).unwrap();
        assert_eq!(converted.column(0).as_primitive::<Int32Type>().values(), &[10, -10, 10, 8]);
    }

    #[test]
    fn a_value_that_does_not_fit_is_an_error() {
        let ids: ArrayRef = Arc::new(Int64Array::from(vec![i64::MAX]));
        let given = rows(&[("id", ids)]);
        let matching = Matching::try_new(given.schema_ref(), &table()).unwrap();
        assert_eq!(matching.convert(&given).unwrap_err().code, Code::ValueOutOfRange);
    }
}
