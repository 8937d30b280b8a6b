//! Aggregates with a state that each row changes.

use std::fmt::Debug;

use arrow::array::{ArrayRef, AsArray as _};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::Accumulator;
use godwit_geometry::{Geometry, GeometryError, WkbColumn};

use crate::scalar::external;

/// The state of an aggregate that does not need its rows again.
pub(crate) trait Running: Debug + Send + Sync {
    /// Takes a row in.
    fn add(&mut self, geometry: Geometry<'_>) -> Result<(), GeometryError>;

    /// Takes in what another state gave away.
    fn merge(&mut self, state: &[u8]) -> Result<(), GeometryError>;

    /// Returns what `merge` of another state understands, or nothing when no row came.
    fn state(&mut self) -> Result<Option<Vec<u8>>, GeometryError>;

    /// Returns the value as WKB, or nothing for null.
    fn finish(&mut self) -> Result<Option<Vec<u8>>, GeometryError>;

    /// Returns how many bytes the state takes beyond its own struct.
    fn size(&self) -> usize;
}

/// A running state as the engine drives it.
#[derive(Debug)]
pub(super) struct RunningAccumulator(pub(super) Box<dyn Running>);

impl Accumulator for RunningAccumulator {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let Some(column) = values.first().and_then(|array| WkbColumn::try_new(array.as_ref()))
        else {
            return Ok(());
        };
        for row in 0..column.len() {
            let Some(bytes) = column.get(row) else {
                continue;
            };
            let geometry = Geometry::try_new(bytes).map_err(external)?;
            self.0.add(geometry).map_err(external)?;
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.0.finish().map(ScalarValue::Binary).map_err(external)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.0.size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![ScalarValue::Binary(self.0.state().map_err(external)?)])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let states = states.first().and_then(|array| array.as_binary_opt::<i32>());
        for state in states.into_iter().flatten().flatten() {
            self.0.merge(state).map_err(external)?;
        }
        Ok(())
    }
}
