//! Means of decimals whose last digit is rounded; those of the engine below are cut behind it.

use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, BooleanArray, Decimal256Array, UInt64Array,
};
use arrow::compute::{cast_with_options, sum};
use arrow::datatypes::{DECIMAL256_MAX_PRECISION, DataType, Decimal256Type, UInt64Type, i256};
use datafusion::common::format::DEFAULT_CAST_OPTIONS;
use datafusion::common::{DataFusionError, Result, ScalarValue, internal_err};
use datafusion::logical_expr::{Accumulator, EmitTo, GroupsAccumulator};

use crate::error::{Code, Error, external};

/// The mean of one group: of the sum and the count, or the different values, that the engine below
/// keeps.
#[derive(Debug)]
pub(super) struct DecimalMean {
    inner: Box<dyn Accumulator>,
    returns: DataType,
}

impl DecimalMean {
    /// Wraps the mean of the engine below.
    pub(super) fn new(inner: Box<dyn Accumulator>, returns: DataType) -> Self {
        Self { inner, returns }
    }
}

impl Accumulator for DecimalMean {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.inner.update_batch(values)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let (counts, sums) = match self.inner.state()?.as_slice() {
            [ScalarValue::List(different)] => total(different.values(), &self.returns)?,
            [count, sum] => (count.to_array()?, sum.to_array()?),
            _ => return internal_err!("a mean is made of a count and a sum"),
        };
        ScalarValue::try_from_array(&means(&counts, &sums, &self.returns)?, 0)
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

/// The means of many groups.
pub(super) struct DecimalMeans {
    inner: Box<dyn GroupsAccumulator>,
    returns: DataType,
}

impl DecimalMeans {
    /// Wraps the means of the engine below.
    pub(super) fn new(inner: Box<dyn GroupsAccumulator>, returns: DataType) -> Self {
        Self { inner, returns }
    }
}

impl GroupsAccumulator for DecimalMeans {
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
        let [counts, sums] = state.as_slice() else {
            return internal_err!("means are made of counts and sums");
        };
        means(counts, sums, &self.returns)
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

/// Returns how many values there are, and their sum.
fn total(values: &ArrayRef, returns: &DataType) -> Result<(ArrayRef, ArrayRef)> {
    let wide = wide(returns)?;
    let count = u64::try_from(values.len() - values.null_count()).ok();
    let values = converted(values, &wide)?;
    let sum = sum(values.as_primitive::<Decimal256Type>());
    let sums = Decimal256Array::from(vec![sum]).with_data_type(wide);
    Ok((Arc::new(UInt64Array::from(vec![count])), Arc::new(sums)))
}

/// Returns the quotients of sums and counts, rounded to the digits of the type.
fn means(counts: &ArrayRef, sums: &ArrayRef, returns: &DataType) -> Result<ArrayRef> {
    let wide = wide(returns)?;
    let sums = converted(sums, &wide)?;
    let sums = sums.as_primitive::<Decimal256Type>().iter();
    let counts = counts.as_primitive::<UInt64Type>().iter();
    let means = sums.zip(counts).map(|(sum, count)| match (sum, count) {
        (Some(sum), Some(count)) if count > 0 => Some(mean(sum, count)),
        _ => None,
    });
    let means: Decimal256Array = means.collect();
    let means: ArrayRef = Arc::new(means.with_data_type(wide));
    converted(&means, returns)
}

/// Returns a quotient, with a half rounded away from zero.
fn mean(sum: i256, count: u64) -> i256 {
    let count = i128::from(count);
    let (quotient, rest) = if let Some(sum) = sum.to_i128() {
        (i256::from_i128(sum / count), sum % count)
    } else {
        let divisor = i256::from_i128(count);
        let quotient = sum.wrapping_div(divisor);
        let rest = sum.wrapping_sub(quotient.wrapping_mul(divisor));
        (quotient, rest.to_i128().unwrap_or_default())
    };
    if rest.unsigned_abs() * 2 < count.unsigned_abs() {
        return quotient;
    }
    quotient.wrapping_add(i256::from_i128(rest.signum()))
}

/// Returns the largest decimal with as many digits behind the point as the means have.
fn wide(returns: &DataType) -> Result<DataType> {
    match returns {
        DataType::Decimal32(_, scale)
        | DataType::Decimal64(_, scale)
        | DataType::Decimal128(_, scale)
        | DataType::Decimal256(_, scale) => {
            Ok(DataType::Decimal256(DECIMAL256_MAX_PRECISION, *scale))
        }
        other => internal_err!("a mean of decimals is not of the type {other}"),
    }
}

fn converted(decimals: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    cast_with_options(decimals, to, &DEFAULT_CAST_OPTIONS).map_err(|_error| out_of_range())
}

fn out_of_range() -> DataFusionError {
    let error = Error::new(Code::ValueOutOfRange, "a mean has more digits than a decimal can have");
    external(error.with_hint("Type for example avg(x::double precision)."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_away_from_zero() {
        let cases =
            [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (-4, 3, -1), (5, 3, 2), (0, 7, 0), (7, 1, 7)];
        for (sum, count, expected) in cases {
            assert_eq!(mean(i256::from_i128(sum), count), i256::from_i128(expected));
        }
        let large = i256::from_i128(i128::MAX).wrapping_mul(i256::from_i128(10));
        assert_eq!(mean(large.wrapping_add(i256::from_i128(5)), 10).to_i128(), None);
        assert_eq!(mean(large.wrapping_add(i256::from_i128(4)), 10).to_i128(), Some(i128::MAX));
    }
}
