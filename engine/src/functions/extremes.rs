//! `min` and `max` of groups of doubles, for which NaN is greater than any number, as it is in
//! orders; those of the engine below leave it out or not by where it stands. The longest interval is
//! not the one of most months.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Float32Type, Float64Type};
use datafusion::common::{Result, ScalarValue};
use datafusion::functions_aggregate::min_max::{max_udaf, min_udaf};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Documentation, GroupsAccumulator, ReversedUDAF,
    SetMonotonicity, Signature, StatisticsArgs,
};
use datafusion_functions_aggregate_common::aggregate::groups_accumulator::prim_op::PrimitiveGroupsAccumulator;

use super::intervals::{INTERVAL, IntervalExtreme};

/// One of the engine's own functions, with other groups of doubles.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Extreme {
    inner: Arc<AggregateUDF>,
    is_max: bool,
}

impl Extreme {
    /// Returns the functions.
    pub(super) fn all() -> [Self; 2] {
        [Self { inner: min_udaf(), is_max: false }, Self { inner: max_udaf(), is_max: true }]
    }
}

impl AggregateUDFImpl for Extreme {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(types)
    }

    /// Returns the field of the argument, with its reference system.
    fn return_field(&self, fields: &[FieldRef]) -> Result<FieldRef> {
        let types: Vec<DataType> = fields.iter().map(|field| field.data_type().clone()).collect();
        let metadata = fields.first().map(|field| field.metadata().clone()).unwrap_or_default();
        let extreme = Field::new(self.name(), self.return_type(&types)?, true);
        Ok(Arc::new(extreme.with_metadata(metadata)))
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        self.inner.coerce_types(types)
    }

    fn state_fields(&self, arguments: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        self.inner.state_fields(arguments)
    }

    fn accumulator(&self, arguments: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        if arguments.return_field.data_type() == &INTERVAL {
            return Ok(Box::new(IntervalExtreme::new(self.is_max)));
        }
        self.inner.accumulator(arguments)
    }

    fn create_sliding_accumulator(
        &self,
        arguments: AccumulatorArgs,
    ) -> Result<Box<dyn Accumulator>> {
        self.inner.create_sliding_accumulator(arguments)
    }

    fn groups_accumulator_supported(&self, arguments: AccumulatorArgs) -> bool {
        let is_of_intervals = arguments.return_field.data_type() == &INTERVAL;
        !is_of_intervals && self.inner.groups_accumulator_supported(arguments)
    }

    fn create_groups_accumulator(
        &self,
        arguments: AccumulatorArgs,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        let data_type = arguments.return_field.data_type().clone();
        Ok(match (data_type, self.is_max) {
            (DataType::Float64, true) => Box::new(
                PrimitiveGroupsAccumulator::<Float64Type, _>::new(&DataType::Float64, greatest)
                    .with_starting_value(f64::NEG_INFINITY),
            ),
            (DataType::Float64, false) => Box::new(
                PrimitiveGroupsAccumulator::<Float64Type, _>::new(&DataType::Float64, least)
                    .with_starting_value(f64::NAN),
            ),
            (DataType::Float32, true) => Box::new(
                PrimitiveGroupsAccumulator::<Float32Type, _>::new(&DataType::Float32, greatest)
                    .with_starting_value(f32::NEG_INFINITY),
            ),
            (DataType::Float32, false) => Box::new(
                PrimitiveGroupsAccumulator::<Float32Type, _>::new(&DataType::Float32, least)
                    .with_starting_value(f32::NAN),
            ),
            _ => self.inner.create_groups_accumulator(arguments)?,
        })
    }

    fn reverse_expr(&self) -> ReversedUDAF {
        self.inner.reverse_udf()
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        self.inner.order_sensitivity()
    }

    fn is_descending(&self) -> Option<bool> {
        self.inner.is_descending()
    }

    fn set_monotonicity(&self, data_type: &DataType) -> SetMonotonicity {
        self.inner.inner().set_monotonicity(data_type)
    }

    fn value_from_stats(&self, arguments: &StatisticsArgs) -> Option<ScalarValue> {
        self.inner.value_from_stats(arguments)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }
}

/// Takes a value over if it is greater than the greatest so far.
fn greatest<T: PartialOrd + Copy>(so_far: &mut T, value: T) {
    if is_nan(value) || value > *so_far {
        *so_far = value;
    }
}

/// Takes a value over if it is less than the least so far.
fn least<T: PartialOrd + Copy>(so_far: &mut T, value: T) {
    if is_nan(*so_far) || value < *so_far {
        *so_far = value;
    }
}

/// Returns whether a number is not equal to itself, which only NaN is not.
fn is_nan<T: PartialOrd + Copy>(value: T) -> bool {
    value.partial_cmp(&value).is_none()
}
