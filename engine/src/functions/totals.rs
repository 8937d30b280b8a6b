//! Totals of integers, exact until they are asked for.

use std::fmt::Debug;
use std::marker::PhantomData;
use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, BooleanArray, Decimal128Array, PrimitiveArray,
};
use arrow::buffer::NullBuffer;
use arrow::compute::prep_null_mask_filter;
use arrow::datatypes::{
    ArrowPrimitiveType, DECIMAL128_MAX_PRECISION, DataType, Decimal128Type, Int64Type, UInt64Type,
};
use datafusion::common::{DataFusionError, Result, ScalarValue};
use datafusion::logical_expr::{Accumulator, EmitTo, GroupsAccumulator};

use super::checked::value_out_of_range;

/// The type of totals between partitions: one that is too large may come back with the others.
pub(super) const STATE: DataType = DataType::Decimal128(DECIMAL128_MAX_PRECISION, 0);

/// The total of one group; also of rows that come and go.
#[derive(Debug)]
pub(super) struct Total<T: Integer> {
    total: i128,
    count: usize,
    of: PhantomData<T>,
}

/// A type of integers.
pub(super) trait Integer:
    ArrowPrimitiveType<Native: Into<i128> + TryFrom<i128>> + Debug + Send + Sync
{
}

impl Integer for Int64Type {}

impl Integer for UInt64Type {}

impl<T: Integer> Total<T> {
    /// Returns the total of nothing.
    pub(super) fn new() -> Self {
        Self { total: 0, count: 0, of: PhantomData }
    }
}

impl<T: Integer> Accumulator for Total<T> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let (total, count) = total_of::<T>(values);
        self.total += total;
        self.count += count;
        Ok(())
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let (total, count) = total_of::<T>(values);
        self.total -= total;
        self.count = self.count.saturating_sub(count);
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let (total, count) = total_of::<Decimal128Type>(states);
        self.total += total;
        self.count += count;
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let total = (self.count > 0).then_some(self.total);
        Ok(vec![ScalarValue::Decimal128(total, DECIMAL128_MAX_PRECISION, 0)])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let value = (self.count > 0).then(|| narrow::<T>(self.total)).transpose()?;
        ScalarValue::new_primitive::<T>(value, &T::DATA_TYPE)
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }
}

/// Returns the sum of the values that are not null, and how many there are.
fn total_of<T>(values: &[ArrayRef]) -> (i128, usize)
where
    T: ArrowPrimitiveType<Native: Into<i128>>,
{
    let Some(values) = values.first().and_then(|values| values.as_primitive_opt::<T>()) else {
        return (0, 0);
    };
    let total = match values.nulls() {
        None => values.values().iter().map(|value| (*value).into()).sum(),
        Some(_) => values.iter().flatten().map(Into::into).sum::<i128>(),
    };
    (total, values.len() - values.null_count())
}

fn narrow<T: Integer>(total: i128) -> Result<T::Native> {
    T::Native::try_from(total).map_err(|_error| value_out_of_range(&T::DATA_TYPE))
}

/// The totals of many groups.
#[derive(Debug)]
pub(super) struct Totals<T: Integer> {
    totals: Vec<i128>,
    /// Whether a group has had a value.
    seen: Vec<bool>,
    of: PhantomData<T>,
}

impl<T: Integer> Totals<T> {
    /// Returns the totals of no groups.
    pub(super) fn new() -> Self {
        Self { totals: Vec::new(), seen: Vec::new(), of: PhantomData }
    }

    /// Adds values, or totals of other partitions, to those of their groups.
    fn add<V>(
        &mut self,
        values: &PrimitiveArray<V>,
        groups: &[usize],
        filter: Option<&BooleanArray>,
        group_count: usize,
    ) where
        V: ArrowPrimitiveType<Native: Into<i128>>,
    {
        self.totals.resize(group_count, 0);
        self.seen.resize(group_count, false);
        let nulls = counted(values, filter);
        for (row, (group, value)) in groups.iter().zip(values.values()).enumerate() {
            if nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row))
                && let (Some(total), Some(seen)) =
                    (self.totals.get_mut(*group), self.seen.get_mut(*group))
            {
                *total += (*value).into();
                *seen = true;
            }
        }
    }

    /// Takes the totals of the first groups or of all, and which of them have one.
    fn take(&mut self, emit_to: EmitTo) -> (Vec<i128>, Option<NullBuffer>) {
        let totals = emit_to.take_needed(&mut self.totals);
        let nulls = NullBuffer::from(emit_to.take_needed(&mut self.seen));
        (totals, (nulls.null_count() > 0).then_some(nulls))
    }
}

impl<T: Integer> GroupsAccumulator for Totals<T> {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        group_count: usize,
    ) -> Result<()> {
        self.add(argument::<T>(values)?, groups, filter, group_count);
        Ok(())
    }

    fn merge_batch(
        &mut self,
        states: &[ArrayRef],
        groups: &[usize],
        group_count: usize,
    ) -> Result<()> {
        self.add(argument::<Decimal128Type>(states)?, groups, None, group_count);
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let (totals, nulls) = self.take(emit_to);
        let values = totals.into_iter().map(narrow::<T>).collect::<Result<Vec<_>>>()?;
        Ok(Arc::new(PrimitiveArray::<T>::new(values.into(), nulls)))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let (totals, nulls) = self.take(emit_to);
        Ok(vec![states(totals, nulls)])
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let values = argument::<T>(values)?;
        let nulls = counted(values, filter);
        Ok(vec![states(values.values().iter().map(|value| (*value).into()).collect(), nulls)])
    }

    fn size(&self) -> usize {
        self.totals.capacity() * size_of::<i128>() + self.seen.capacity()
    }
}

/// Returns totals as they go from one partition to another.
fn states(totals: Vec<i128>, nulls: Option<NullBuffer>) -> ArrayRef {
    Arc::new(Decimal128Array::new(totals.into(), nulls).with_data_type(STATE))
}

fn argument<T: ArrowPrimitiveType>(values: &[ArrayRef]) -> Result<&PrimitiveArray<T>> {
    let values = values.first().and_then(|values| values.as_primitive_opt::<T>());
    values.ok_or_else(|| DataFusionError::Internal("sum got another type".to_owned()))
}

/// Returns which rows count: those that are not null and that the filter lets through.
fn counted<T: ArrowPrimitiveType>(
    values: &PrimitiveArray<T>,
    filter: Option<&BooleanArray>,
) -> Option<NullBuffer> {
    let kept = filter.map(|filter| match filter.null_count() {
        0 => NullBuffer::new(filter.values().clone()),
        _ => NullBuffer::new(prep_null_mask_filter(filter).values().clone()),
    });
    NullBuffer::union(values.nulls(), kept.as_ref())
}
