//! `avg`, of intervals too, which the engine below knows none of, and of decimals with a last digit
//! that is rounded.

use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef, IntervalUnit};
use datafusion::common::Result;
use datafusion::common::types::{NativeType, logical_interval_mdn};
use datafusion::functions_aggregate::average::avg_udaf;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Coercion, Documentation, GroupsAccumulator,
    ReversedUDAF, Signature, TypeSignature, TypeSignatureClass,
};

use super::decimal_means::{DecimalMean, DecimalMeans};
use super::intervals::{INTERVAL, IntervalTotal};

/// The engine's own function, with means of intervals.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Average {
    inner: Arc<AggregateUDF>,
    signature: Signature,
}

impl Average {
    /// Returns the function.
    pub(crate) fn new() -> Self {
        let inner = avg_udaf();
        let own = inner.signature().clone();
        let mut takes = match own.type_signature {
            TypeSignature::OneOf(takes) => takes,
            one => vec![one],
        };
        // A text is none, though it may spell one.
        takes.push(TypeSignature::Coercible(vec![Coercion::new_implicit(
            TypeSignatureClass::Native(logical_interval_mdn()),
            vec![TypeSignatureClass::Interval],
            NativeType::Interval(IntervalUnit::MonthDayNano),
        )]));
        Self { inner, signature: Signature::one_of(takes, own.volatility) }
    }
}

fn is_of_intervals(arguments: &AccumulatorArgs) -> bool {
    matches!(arguments.return_field.data_type(), DataType::Interval(_))
}

impl AggregateUDFImpl for Average {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        match types {
            [DataType::Interval(_)] => Ok(INTERVAL),
            _ => self.inner.return_type(types),
        }
    }

    fn state_fields(&self, arguments: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        match arguments.return_type() {
            DataType::Interval(_) => Ok(IntervalTotal::state_fields(arguments.name)),
            _ => self.inner.state_fields(arguments),
        }
    }

    fn accumulator(&self, arguments: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        if is_of_intervals(&arguments) {
            return Ok(Box::new(IntervalTotal::new(true)));
        }
        let returns = arguments.return_type().clone();
        let inner = self.inner.accumulator(arguments)?;
        Ok(if returns.is_decimal() { Box::new(DecimalMean::new(inner, returns)) } else { inner })
    }

    fn create_sliding_accumulator(
        &self,
        arguments: AccumulatorArgs,
    ) -> Result<Box<dyn Accumulator>> {
        if is_of_intervals(&arguments) {
            return self.accumulator(arguments);
        }
        let returns = arguments.return_type().clone();
        let inner = self.inner.create_sliding_accumulator(arguments)?;
        Ok(if returns.is_decimal() { Box::new(DecimalMean::new(inner, returns)) } else { inner })
    }

    fn groups_accumulator_supported(&self, arguments: AccumulatorArgs) -> bool {
        !is_of_intervals(&arguments) && self.inner.groups_accumulator_supported(arguments)
    }

    fn create_groups_accumulator(
        &self,
        arguments: AccumulatorArgs,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        let returns = arguments.return_type().clone();
        let inner = self.inner.create_groups_accumulator(arguments)?;
        Ok(if returns.is_decimal() { Box::new(DecimalMeans::new(inner, returns)) } else { inner })
    }

    fn reverse_expr(&self) -> ReversedUDAF {
        ReversedUDAF::Identical
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }
}
