//! Rows whose geometry columns may be in any GeoArrow encoding, as rows with WKB.

use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::{Field, Schema, SchemaRef};
use godwit_geometry::GeometryType;

use super::{Shape, native_shape, to_wkb, wkb_field};
use crate::FormatError;

/// Turns the native geometry columns of batches into WKB; all others stay as they are.
#[derive(Debug, Clone)]
pub struct WkbColumns {
    schema: SchemaRef,
    shapes: Vec<Option<Shape>>,
}

impl WkbColumns {
    /// Recognises the geometry columns of a schema.
    pub fn try_new(schema: &Schema) -> Result<Self, FormatError> {
        let mut fields: Vec<Field> = Vec::with_capacity(schema.fields().len());
        let mut shapes = Vec::with_capacity(schema.fields().len());
        for field in schema.fields() {
            let shape = native_shape(field);
            // Metadata that cannot be read is an error now, not in the middle of the rows.
            GeometryType::from_field(field)?;
            fields.push(match shape {
                Some(_) => wkb_field(field)?.with_nullable(field.is_nullable()),
                None => field.as_ref().clone(),
            });
            shapes.push(shape);
        }
        Ok(Self { schema: Arc::new(Schema::new(fields)), shapes })
    }

    /// Returns the schema of the converted batches.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Returns a batch of the original schema with WKB for its geometries.
    pub fn convert(&self, batch: &RecordBatch) -> Result<RecordBatch, FormatError> {
        let mut columns = Vec::with_capacity(self.shapes.len());
        for (shape, column) in self.shapes.iter().zip(batch.columns()) {
            columns.push(match shape {
                Some(shape) => to_wkb(column, *shape)?,
                None => Arc::clone(column),
            });
        }
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        Ok(RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)?)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use arrow::array::{ArrayRef, AsArray as _, Float64Array, Int32Array, StructArray};
    use arrow::datatypes::DataType;
    use godwit_geometry::is_geometry;

    use super::*;

    #[test]
    fn native_points_become_wkb_with_their_reference_system() {
        let ordinate = |name| Arc::new(Field::new(name, DataType::Float64, false));
        let points: ArrayRef = Arc::new(StructArray::from(vec![
            (ordinate("x"), Arc::new(Float64Array::from(vec![1.0])) as ArrayRef),
            (ordinate("y"), Arc::new(Float64Array::from(vec![2.0])) as ArrayRef),
        ]));
        let metadata = HashMap::from([
            ("ARROW:extension:name".to_owned(), "geoarrow.point".to_owned()),
            ("ARROW:extension:metadata".to_owned(), r#"{"crs":"EPSG:3857"}"#.to_owned()),
        ]);
        let schema = Arc::new(Schema::new(vec![
            Field::new("id", DataType::Int32, false),
            Field::new("geom", points.data_type().clone(), false).with_metadata(metadata),
        ]));
        let ids: ArrayRef = Arc::new(Int32Array::from(vec![7]));
        let batch = RecordBatch::try_new(Arc::clone(&schema), vec![ids, points]).unwrap();
        let columns = WkbColumns::try_new(&schema).unwrap();
        let field = columns.schema().field(1);
        assert!(is_geometry(field) && !field.is_nullable());
        let crs = GeometryType::from_field(field).unwrap().unwrap().crs.unwrap();
        assert_eq!(crs.srid(), Some(3857));
        let converted = columns.convert(&batch).unwrap();
        assert_eq!(converted.column(1).as_binary_view().value(0).len(), 21);
        assert_eq!(converted.column(0), batch.column(0));
    }
}
