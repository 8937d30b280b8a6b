//! Aggregates that need all their rows, in the order asked for.
//!
//! Keeping rows, `ORDER BY` and `DISTINCT` inside the call, rows that leave a window, and merging
//! of partial lists are those of the engine's own `array_agg`.

use arrow::array::{Array as _, ArrayRef, AsArray as _};
use arrow::datatypes::FieldRef;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::Accumulator;
use godwit_geometry::{Geometry, GeometryError, Kinds, WkbColumn, curve, interrupt};

use super::{Combine, Value};
use crate::options::Options;
use crate::scalar::external;

/// How many rows are read between two looks at whether the statement must end.
const BETWEEN_LOOKS: usize = 1024;

/// A list of rows that becomes a value at the end.
#[derive(Debug)]
pub(super) struct ListedAccumulator {
    pub(super) rows: Box<dyn Accumulator>,
    pub(super) combine: Combine,
    /// The kinds of geometry that it knows.
    pub(super) kinds: Kinds,
    pub(super) options: Options,
    /// How many arguments the call has; what rows are ordered by comes behind them.
    pub(super) argument_count: usize,
    /// The field of the result.
    pub(super) field: FieldRef,
}

impl ListedAccumulator {
    /// Returns the geometries and what they are ordered by, without the options between.
    fn without_options(&self, values: &[ArrayRef]) -> Vec<ArrayRef> {
        let geometries = values.iter().take(1);
        geometries.chain(values.iter().skip(self.argument_count)).cloned().collect()
    }
}

impl Accumulator for ListedAccumulator {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.rows.update_batch(&self.without_options(values))
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let list = self.rows.evaluate()?.to_array()?;
        let list = list.as_list_opt::<i32>().filter(|list| list.len() == 1 && list.is_valid(0));
        let rows = list.map(|list| list.value(0));
        combine_list(rows.as_ref(), self.combine, self.kinds, &self.options)?
            .into_scalar(&self.field)
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

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.rows.retract_batch(&self.without_options(values))
    }

    fn supports_retract_batch(&self) -> bool {
        self.rows.supports_retract_batch()
    }
}

/// Returns the value of a list of rows.
pub(super) fn combine_list(
    rows: Option<&ArrayRef>,
    combine: Combine,
    kinds: Kinds,
    options: &Options,
) -> Result<Value> {
    let Some(column) = rows.and_then(|rows| WkbColumn::try_new(rows.as_ref())) else {
        return Ok(Value::Null);
    };
    let mut geometries = Vec::with_capacity(column.len());
    for (row, bytes) in column.iter().flatten().enumerate() {
        if row.is_multiple_of(BETWEEN_LOOKS) {
            interrupt::check().map_err(external)?;
        }
        match Geometry::try_of(bytes, kinds) {
            Err(GeometryError::NotBasic { .. }) => {
                let basic = curve::to_basic_column(column).map_err(external)?;
                return combine_list(Some(&basic), combine, kinds, options);
            }
            geometry => geometries.push(geometry.map_err(external)?),
        }
    }
    if geometries.is_empty() {
        return Ok(Value::Null);
    }
    interrupt::until_over(|| combine(&geometries, options)).map_err(external)
}
