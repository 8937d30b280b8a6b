//! Aggregates that need all their rows, in the order asked for.
//!
//! Keeping rows, `ORDER BY` and `DISTINCT` inside the call, and merging of partial lists are
//! those of the engine's own `array_agg`.

use arrow::array::{Array as _, ArrayRef, AsArray as _};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::Accumulator;
use godwit_geometry::{Geometry, GeometryError, WkbColumn};

use crate::scalar::external;

/// A list of rows that becomes a geometry at the end.
#[derive(Debug)]
pub(super) struct ListedAccumulator {
    pub(super) rows: Box<dyn Accumulator>,
    pub(super) combine: fn(&[Geometry<'_>]) -> Result<Vec<u8>, GeometryError>,
}

impl Accumulator for ListedAccumulator {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.rows.update_batch(values)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let list = self.rows.evaluate()?.to_array()?;
        let Some(list) = list.as_list_opt::<i32>() else {
            return Ok(ScalarValue::Binary(None));
        };
        if list.is_empty() || list.is_null(0) {
            return Ok(ScalarValue::Binary(None));
        }
        let rows = list.value(0);
        let Some(column) = WkbColumn::try_new(rows.as_ref()) else {
            return Ok(ScalarValue::Binary(None));
        };
        let mut geometries = Vec::with_capacity(column.len());
        for bytes in (0..column.len()).filter_map(|row| column.get(row)) {
            geometries.push(Geometry::try_new(bytes).map_err(external)?);
        }
        if geometries.is_empty() {
            return Ok(ScalarValue::Binary(None));
        }
        (self.combine)(&geometries).map(|wkb| ScalarValue::Binary(Some(wkb))).map_err(external)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.rows.size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.rows.state()
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.rows.merge_batch(states)
    }
}
