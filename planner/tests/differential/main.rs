//! The joins must answer as comparing every pair of rows does, whatever the geometries.
#![expect(
    clippy::expect_used,
    clippy::tests_outside_test_module,
    reason = "a crate of tests has no test module"
)]

mod geometries;
mod nearest;
mod spatial;

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryArray, BinaryViewArray, Float64Array, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

/// Rows of a number, a geometry and a distance.
struct Rows {
    geometries: Vec<Option<Vec<u8>>>,
    distances: Vec<Option<f64>>,
}

impl Rows {
    fn new(geometries: Vec<Option<Vec<u8>>>) -> Self {
        let distances = (0..geometries.len()).map(|row| match row % 5 {
            0 => None,
            rest => Some(f64::from(u32::try_from(rest).expect("small")) - 1.5),
        });
        Self { distances: distances.collect(), geometries }
    }

    fn schema(views: bool) -> SchemaRef {
        let binary = if views { DataType::BinaryView } else { DataType::Binary };
        Arc::new(Schema::new(vec![
            Field::new("id", DataType::Int64, false),
            Field::new("geom", binary, true),
            Field::new("distance", DataType::Float64, true),
        ]))
    }

    /// Returns the rows in batches of a size.
    fn batches(&self, size: usize, views: bool) -> Vec<RecordBatch> {
        let schema = Self::schema(views);
        let starts = (0..self.geometries.len()).step_by(size);
        starts
            .map(|start| {
                let end = (start + size).min(self.geometries.len());
                let ids = (start..end).map(|row| i64::try_from(row).expect("small"));
                let values = self.geometries[start..end].iter().map(Option::as_deref);
                let geometries: ArrayRef = if views {
                    Arc::new(values.collect::<BinaryViewArray>())
                } else {
                    Arc::new(values.collect::<BinaryArray>())
                };
                let columns: Vec<ArrayRef> = vec![
                    Arc::new(Int64Array::from_iter_values(ids)),
                    geometries,
                    Arc::new(Float64Array::from(self.distances[start..end].to_vec())),
                ];
                RecordBatch::try_new(Arc::clone(&schema), columns).expect("a batch")
            })
            .collect()
    }
}
