//! Columns of lists and records: geometries with the paths to them, rows of one value.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryBuilder, Int64Builder, ListArray, ListBuilder, NullBufferBuilder, StructArray,
};
use arrow::buffer::{OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Field, Fields};
use godwit_geometry::GeometryError;

use crate::function::{Evaluated, RecordField};
use crate::outcome::Outcome;
use crate::rows::Rows;

/// The most bytes and the most elements the lists of one column may hold together.
const CAPACITY: usize = i32::MAX as usize;

/// Collects the geometries that come out of one row.
#[derive(Debug)]
pub(crate) struct Dump {
    paths: ListBuilder<Int64Builder>,
    geometries: BinaryBuilder,
    bytes: usize,
    count: usize,
}

impl Dump {
    /// Adds a geometry and the path to it.
    pub(crate) fn push(&mut self, path: &[i64], wkb: &[u8]) -> Result<(), GeometryError> {
        take(&mut self.bytes, wkb.len().max(8 * path.len()))?;
        self.paths.values().append_slice(path);
        self.paths.append(true);
        self.geometries.append_value(wkb);
        self.count += 1;
        Ok(())
    }
}

/// Returns a column of lists of geometries with the paths to them.
pub(crate) fn map_dump<R: Rows>(
    rows: &R,
    function: impl Fn(R::Item, &mut Dump) -> Result<(), GeometryError>,
) -> Evaluated {
    let mut dump = Dump {
        paths: ListBuilder::new(Int64Builder::new()),
        geometries: BinaryBuilder::new(),
        bytes: 0,
        count: 0,
    };
    let mut lists = Lists::new(rows.row_count());
    for row in 0..rows.row_count() {
        let item = rows.get(row)?;
        let is_valid = item.is_some();
        if let Some(item) = item {
            function(item, &mut dump)?;
        }
        lists.end(dump.count, is_valid)?;
    }
    let paths: ArrayRef = Arc::new(dump.paths.finish());
    let geometries: ArrayRef = Arc::new(dump.geometries.finish());
    lists.finish(structure(&["path", "geom"], vec![paths, geometries], None)?)
}

/// Returns a column of lists of geometries.
pub(crate) fn map_geometries<R: Rows, O: Outcome<Vec<Vec<u8>>>>(
    rows: &R,
    function: impl Fn(R::Item) -> O,
) -> Evaluated {
    let mut geometries = BinaryBuilder::new();
    let mut lists = Lists::new(rows.row_count());
    let (mut bytes, mut count) = (0, 0);
    for row in 0..rows.row_count() {
        let list = match rows.get(row)? {
            Some(item) => function(item).into_outcome()?,
            None => None,
        };
        for wkb in list.iter().flatten() {
            take(&mut bytes, wkb.len())?;
            geometries.append_value(wkb);
            count += 1;
        }
        lists.end(count, list.is_some())?;
    }
    lists.finish(Arc::new(geometries.finish()))
}

/// Returns a column of records from one column for each field, null where the record is not valid.
pub(crate) fn records(fields: &[RecordField], columns: Vec<ArrayRef>, valid: &[bool]) -> Evaluated {
    let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
    structure(&names, columns, Some(valid))
}

/// The ends of the lists of a column.
pub(crate) struct Lists {
    offsets: Vec<i32>,
    nulls: NullBufferBuilder,
}

impl Lists {
    /// Returns an empty column with room for a number of rows.
    pub(crate) fn new(row_count: usize) -> Self {
        let mut offsets = Vec::with_capacity(row_count + 1);
        offsets.push(0);
        Self { offsets, nulls: NullBufferBuilder::new(row_count) }
    }

    /// Ends the list of a row, when this many elements are there in all.
    pub(crate) fn end(&mut self, count: usize, is_valid: bool) -> Result<(), GeometryError> {
        self.offsets.push(i32::try_from(count).map_err(|_error| too_large())?);
        self.nulls.append(is_valid);
        Ok(())
    }

    /// Returns the column of lists of these elements.
    pub(crate) fn finish(mut self, values: ArrayRef) -> Evaluated {
        let item = Arc::new(Field::new_list_field(values.data_type().clone(), true));
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.offsets));
        let list = ListArray::try_new(item, offsets, values, self.nulls.finish());
        Ok(Arc::new(list.map_err(|error| unfit(&error))?))
    }
}

/// Returns one column of the columns of its fields.
pub(crate) fn structure(
    names: &[&str],
    columns: Vec<ArrayRef>,
    valid: Option<&[bool]>,
) -> Evaluated {
    let fields: Fields = names
        .iter()
        .zip(&columns)
        .map(|(name, column)| Field::new(*name, DataType::clone(column.data_type()), true))
        .collect();
    let record = StructArray::try_new(fields, columns, valid.map(Into::into));
    Ok(Arc::new(record.map_err(|error| unfit(&error))?))
}

/// Counts bytes of values, of which a column holds only so many.
pub(crate) fn take(taken: &mut usize, bytes: usize) -> Result<(), GeometryError> {
    *taken = taken.saturating_add(bytes);
    if *taken > CAPACITY { Err(too_large()) } else { Ok(()) }
}

fn too_large() -> GeometryError {
    GeometryError::InvalidArgument {
        reason: "the rows made from one batch take more than 2 gigabytes; set a smaller \
                 batch_size"
            .to_owned(),
    }
}

fn unfit(error: &arrow::error::ArrowError) -> GeometryError {
    GeometryError::InvalidArgument { reason: error.to_string() }
}
