//! `greatest` and `least`, which compare intervals by how long they are; those of the engine below
//! compare their months first.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, IntervalMonthDayNanoArray};
use arrow::datatypes::{DataType, IntervalMonthDayNanoType};
use datafusion::common::{Result, ScalarValue};
use datafusion::functions::core::{greatest, least};
use datafusion::logical_expr::{
    ColumnarValue, Documentation, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
};

use super::{INTERVAL, length_of};

/// Returns the functions.
pub(super) fn all() -> [ScalarUDF; 2] {
    [(greatest(), true), (least(), false)]
        .map(|(inner, is_greatest)| ScalarUDF::from(Choice { inner, is_greatest }))
}

/// One of the engine's own functions, which chooses otherwise among intervals.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Choice {
    inner: Arc<ScalarUDF>,
    is_greatest: bool,
}

impl Choice {
    /// Returns the longest or the shortest interval of each row, of equally long ones the first.
    fn chosen(&self, columns: &[ArrayRef]) -> ArrayRef {
        let columns: Vec<&IntervalMonthDayNanoArray> =
            columns.iter().map(AsArray::as_primitive::<IntervalMonthDayNanoType>).collect();
        let rows = columns.first().map_or(0, Array::len);
        let chosen = (0..rows).map(|row| {
            let known = columns.iter().filter(|column| column.is_valid(row));
            known.map(|column| column.value(row)).reduce(|so_far, other| {
                let (length, so_far_length) = (length_of(other), length_of(so_far));
                let is_further =
                    if self.is_greatest { length > so_far_length } else { length < so_far_length };
                if is_further { other } else { so_far }
            })
        });
        Arc::new(chosen.collect::<IntervalMonthDayNanoArray>())
    }
}

impl ScalarUDFImpl for Choice {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        self.inner.coerce_types(types)
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(types)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        if !arguments.args.iter().all(|value| value.data_type() == INTERVAL) {
            return self.inner.inner().invoke_with_args(arguments);
        }
        let is_constant =
            arguments.args.iter().all(|value| matches!(value, ColumnarValue::Scalar(_)));
        let rows = if is_constant { 1 } else { arguments.number_rows };
        let columns =
            arguments.args.iter().map(|value| value.to_array(rows)).collect::<Result<Vec<_>>>()?;
        let chosen = self.chosen(&columns);
        if is_constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&chosen, 0)?));
        }
        Ok(ColumnarValue::Array(chosen))
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }
}
