//! `percentile_cont` of numbers, with all digits: the engine below knows how far the answer is from
//! one row to the next by six digits, so that 0.9 of the way from 9 to 10 may be 9.899999.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, BooleanArray, Float64Array, ListArray, RecordBatch};
use arrow::datatypes::{Float64Type, Schema};
use datafusion::common::{Result, ScalarValue, internal_err};
use datafusion::logical_expr::function::AccumulatorArgs;
use datafusion::logical_expr::{Accumulator, ColumnarValue, EmitTo, GroupsAccumulator};

/// Which place among the rows is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    share: f64,
    is_descending: bool,
}

impl Place {
    /// Returns the place of a call, if it is known.
    pub(super) fn of(arguments: &AccumulatorArgs<'_>) -> Option<Self> {
        let nothing = RecordBatch::new_empty(Arc::new(Schema::empty()));
        let share = match arguments.exprs.get(1)?.evaluate(&nothing).ok()? {
            ColumnarValue::Scalar(ScalarValue::Float64(share)) => share?,
            _ => return None,
        };
        let order = arguments.order_bys.first();
        Some(Self { share, is_descending: order.is_some_and(|order| order.options.descending) })
    }

    /// Returns the number at the place, between two of them if it is there.
    fn among(self, mut numbers: Vec<f64>) -> Option<f64> {
        let order = |left: &f64, right: &f64| {
            if self.is_descending { right.total_cmp(left) } else { left.total_cmp(right) }
        };
        let last = numbers.len().checked_sub(1)?;
        let at = self.share * last as f64;
        let part = at - at.floor();
        let (_, low, behind) = numbers.select_nth_unstable_by(whole(at, last), order);
        let low = *low;
        if part == 0.0 {
            return Some(low);
        }
        let high = behind.iter().copied().min_by(order).unwrap_or(low);
        Some(low + part * (high - low))
    }
}

/// Returns the place before one, of which none is behind the last.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast ends at the ends of its type, and the range is kept"
)]
fn whole(place: f64, last: usize) -> usize {
    (place.max(0.0) as usize).min(last)
}

/// The percentile of one group: of the numbers that the engine below keeps.
#[derive(Debug)]
pub(super) struct ExactPercentile {
    inner: Box<dyn Accumulator>,
    place: Place,
    /// Whether the one below gives its numbers away when it is asked for them.
    is_emptied: bool,
}

impl ExactPercentile {
    /// Wraps the percentile of the engine below.
    pub(super) fn new(inner: Box<dyn Accumulator>, place: Place, is_distinct: bool) -> Self {
        Self { inner, place, is_emptied: !is_distinct }
    }
}

impl Accumulator for ExactPercentile {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.inner.update_batch(values)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let state = self.inner.state()?;
        let [ScalarValue::List(numbers)] = state.as_slice() else {
            return internal_err!("a percentile is made of a list of numbers");
        };
        let numbers: ArrayRef = Arc::<ListArray>::clone(numbers);
        let answer = ScalarValue::try_from_array(&at_place(&numbers, self.place), 0)?;
        // A window asks again when its frame has moved.
        if self.is_emptied {
            self.inner.merge_batch(std::slice::from_ref(&numbers))?;
        }
        Ok(answer)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.inner.size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.inner.state()
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.inner.merge_batch(states)
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.inner.retract_batch(values)
    }

    fn supports_retract_batch(&self) -> bool {
        self.inner.supports_retract_batch()
    }
}

/// The percentiles of many groups.
pub(super) struct ExactPercentiles {
    inner: Box<dyn GroupsAccumulator>,
    place: Place,
}

impl ExactPercentiles {
    /// Wraps the percentiles of the engine below.
    pub(super) fn new(inner: Box<dyn GroupsAccumulator>, place: Place) -> Self {
        Self { inner, place }
    }
}

impl GroupsAccumulator for ExactPercentiles {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        group_count: usize,
    ) -> Result<()> {
        self.inner.update_batch(values, groups, filter, group_count)
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let state = self.inner.state(emit_to)?;
        let [numbers] = state.as_slice() else {
            return internal_err!("percentiles are made of lists of numbers");
        };
        Ok(at_place(numbers, self.place))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        self.inner.state(emit_to)
    }

    fn merge_batch(
        &mut self,
        states: &[ArrayRef],
        groups: &[usize],
        group_count: usize,
    ) -> Result<()> {
        self.inner.merge_batch(states, groups, group_count)
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        self.inner.convert_to_state(values, filter)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.inner.size()
    }
}

/// Returns the number at a place of each list.
fn at_place(lists: &ArrayRef, place: Place) -> ArrayRef {
    let numbers = lists.as_list::<i32>().iter().map(|numbers| {
        let numbers = numbers?;
        place.among(numbers.as_primitive::<Float64Type>().iter().flatten().collect())
    });
    Arc::new(numbers.collect::<Float64Array>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_between_rows_have_all_digits() {
        let at = |share, is_descending, numbers: &[f64]| {
            Place { share, is_descending }.among(numbers.to_vec())
        };
        assert_eq!(at(0.9, false, &[10.0, 9.0]), Some(9.9));
        assert_eq!(at(0.9, true, &[10.0, 9.0]), Some(9.1));
        assert_eq!(at(0.5, false, &[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(at(1.0, false, &[3.0, 1.0, 2.0]), Some(3.0));
        assert_eq!(at(0.0, true, &[3.0, 1.0, 2.0]), Some(3.0));
        assert_eq!(at(0.3, false, &[5.0]), Some(5.0));
        assert_eq!(at(0.3, false, &[]), None);
        assert_eq!(at(0.5, false, &[f64::INFINITY; 3]), Some(f64::INFINITY));
    }
}
