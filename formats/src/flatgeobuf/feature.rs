//! Features as batches.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryBuilder, RecordBatch, RecordBatchOptions, new_null_array};
use arrow::compute::cast;
use arrow::datatypes::{Field, SchemaRef};
use godwit_geometry::is_geometry;

use super::geometry;
use super::header::Header;
use super::properties::{Values, split};
use super::table::Table;
use crate::FormatError;
use crate::chunks::{Chunk, ChunkDecoder};

/// Where the values of a column come from.
enum Place {
    Geometry,
    /// The property with this number.
    Property(usize),
    /// The file has no such column.
    Nowhere,
}

/// Turns whole features into batches of the wanted columns.
pub(super) struct FeatureDecoder {
    header: Arc<Header>,
    schema: SchemaRef,
    places: Vec<Place>,
    batch_size: usize,
}

impl FeatureDecoder {
    pub(super) fn new(header: Arc<Header>, schema: SchemaRef, batch_size: usize) -> Self {
        let place = |field: &Arc<Field>| {
            if is_geometry(field) {
                return Place::Geometry;
            }
            let named = header.columns.iter().position(|column| column.name == *field.name());
            named.map_or(Place::Nowhere, Place::Property)
        };
        let places = schema.fields().iter().map(place).collect();
        Self { header, schema, places, batch_size: batch_size.max(1) }
    }
}

impl ChunkDecoder for FeatureDecoder {
    fn decode(&self, chunk: &Chunk) -> Result<Vec<RecordBatch>, FormatError> {
        let mut rows = Rows::new(self);
        let mut batches = Vec::new();
        let mut values = vec![None; self.header.columns.len()];
        let mut rest = chunk.data.as_slice();
        loop {
            let is_over = rest.is_empty();
            if rows.count == self.batch_size || (is_over && rows.count > 0) {
                batches.push(rows.finish()?);
            }
            if is_over {
                return Ok(batches);
            }
            let offset = chunk.data.len() - rest.len();
            let cut_off = || chunk.malformed(offset, "a feature is cut off");
            let (feature, after) = first(rest).ok_or_else(cut_off)?;
            rest = after;
            rows.add(feature, &mut values).map_err(|reason| chunk.malformed(offset, reason))?;
        }
    }
}

/// Returns the first feature of the bytes without its length, and what follows it.
pub(super) fn first(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
}

/// The rows of the batch under construction.
struct Rows<'d> {
    decoder: &'d FeatureDecoder,
    geometries: BinaryBuilder,
    wkb: Vec<u8>,
    columns: Vec<Option<Values>>,
    has_properties: bool,
    has_geometry: bool,
    count: usize,
}

impl<'d> Rows<'d> {
    fn new(decoder: &'d FeatureDecoder) -> Self {
        let values = |(place, field): (&Place, &Arc<Field>)| match place {
            Place::Property(index) => {
                let column = decoder.header.columns.get(*index)?;
                Some(Values::new(column.column_type, field.data_type()))
            }
            _ => None,
        };
        let places = decoder.places.iter().zip(decoder.schema.fields());
        let columns: Vec<Option<Values>> = places.map(values).collect();
        Self {
            geometries: BinaryBuilder::new(),
            wkb: Vec::new(),
            has_properties: columns.iter().any(Option::is_some),
            has_geometry: decoder.places.iter().any(|place| matches!(place, Place::Geometry)),
            columns,
            count: 0,
            decoder,
        }
    }

    /// Adds a feature; `values` has room for its properties.
    fn add<'a>(&mut self, bytes: &'a [u8], values: &mut [Option<&'a [u8]>]) -> Result<(), String> {
        let header = &self.decoder.header;
        let feature = Table::root(bytes)?;
        if self.has_geometry {
            match feature.table(0)? {
                Some(geometry) => {
                    geometry::write(&mut self.wkb, geometry, header, bytes.len())?;
                    self.geometries.append_value(&self.wkb);
                }
                None => self.geometries.append_null(),
            }
        }
        if self.has_properties {
            split(feature.vector(1, 1)?, &header.columns, values)?;
            for (column, place) in self.columns.iter_mut().zip(&self.decoder.places) {
                if let (Some(column), Place::Property(index)) = (column, place) {
                    let appended = column.append(values.get(*index).copied().flatten());
                    appended.map_err(|reason| {
                        let column = header.columns.get(*index);
                        let name = column.map_or("", |column| column.name.as_str());
                        format!("column \"{name}\": {reason}")
                    })?;
                }
            }
        }
        self.count += 1;
        Ok(())
    }

    fn finish(&mut self) -> Result<RecordBatch, FormatError> {
        let schema = &self.decoder.schema;
        let mut arrays = Vec::with_capacity(self.columns.len());
        for ((column, place), field) in
            self.columns.iter_mut().zip(&self.decoder.places).zip(schema.fields())
        {
            let array: ArrayRef = match (column, place) {
                (Some(column), _) => column.finish(),
                (None, Place::Geometry) => Arc::new(self.geometries.finish()),
                _ => new_null_array(field.data_type(), self.count),
            };
            arrays.push(cast(&array, field.data_type())?);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(self.count));
        self.count = 0;
        Ok(RecordBatch::try_new_with_options(Arc::clone(schema), arrays, &options)?)
    }
}
