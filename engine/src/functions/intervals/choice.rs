//! `greatest` and `least`, which compare intervals by how long they are; those of the engine below
//! compare their months first.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, IntervalMonthDayNanoArray};
use arrow::datatypes::IntervalMonthDayNanoType;
use datafusion::common::Result;
use datafusion::functions::core::{greatest, least};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF};

use super::super::columnar::{answered, are_constant};
use super::super::wrapped::{Answers, wrapped};
use super::{INTERVAL, length_of};

/// Returns the functions.
pub(super) fn all() -> [ScalarUDF; 2] {
    [wrapped(greatest(), Choice::Longest), wrapped(least(), Choice::Shortest)]
}

/// Which interval is chosen, of equally long ones the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Choice {
    Longest,
    Shortest,
}

impl Choice {
    fn chosen(self, columns: &[ArrayRef]) -> ArrayRef {
        let columns: Vec<&IntervalMonthDayNanoArray> =
            columns.iter().map(AsArray::as_primitive::<IntervalMonthDayNanoType>).collect();
        let rows = columns.first().map_or(0, Array::len);
        let chosen = (0..rows).map(|row| {
            let known = columns.iter().filter(|column| column.is_valid(row));
            known.map(|column| column.value(row)).reduce(|so_far, other| {
                let (length, so_far_length) = (length_of(other), length_of(so_far));
                let is_further = match self {
                    Self::Longest => length > so_far_length,
                    Self::Shortest => length < so_far_length,
                };
                if is_further { other } else { so_far }
            })
        });
        Arc::new(chosen.collect::<IntervalMonthDayNanoArray>())
    }
}

impl Answers for Choice {
    fn answer(&self, inner: &ScalarUDF, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        if !arguments.args.iter().all(|value| value.data_type() == INTERVAL) {
            return inner.inner().invoke_with_args(arguments);
        }
        let is_constant = are_constant(&arguments.args);
        let rows = if is_constant { 1 } else { arguments.number_rows };
        let columns =
            arguments.args.iter().map(|value| value.to_array(rows)).collect::<Result<Vec<_>>>()?;
        answered(self.chosen(&columns), is_constant)
    }
}
