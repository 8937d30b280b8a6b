//! `avg` of intervals, beside the averages of numbers and durations that the engine below has.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _};
use arrow::datatypes::{
    DataType, Decimal128Type, Field, FieldRef, Int64Type, IntervalMonthDayNanoType,
};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::functions_aggregate::average::avg_udaf;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::format_state_name;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Documentation, GroupsAccumulator, ReversedUDAF,
    Signature, TypeSignature, Volatility,
};

use super::intervals::{INTERVAL, mean};

/// The type of totals between partitions.
const TOTAL: DataType = DataType::Decimal128(38, 0);

/// The engine's own function, which takes intervals, too.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Average {
    inner: Arc<AggregateUDF>,
    signature: Signature,
}

impl Average {
    /// Returns the function.
    pub(super) fn new() -> Self {
        let inner = avg_udaf();
        let mut types = match &inner.signature().type_signature {
            TypeSignature::OneOf(types) => types.clone(),
            other => vec![other.clone()],
        };
        types.push(TypeSignature::Exact(vec![INTERVAL]));
        Self { inner, signature: Signature::one_of(types, Volatility::Immutable) }
    }
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
        if types == [INTERVAL] { Ok(INTERVAL) } else { self.inner.return_type(types) }
    }

    fn state_fields(&self, arguments: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        if *arguments.return_type() != INTERVAL {
            return self.inner.state_fields(arguments);
        }
        let field = |part: &str, data_type: DataType| {
            Arc::new(Field::new(format_state_name(arguments.name, part), data_type, true))
        };
        Ok(vec![
            field("count", DataType::Int64),
            field("months", TOTAL),
            field("days", TOTAL),
            field("nanoseconds", TOTAL),
        ])
    }

    fn accumulator(&self, arguments: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        if *arguments.return_field.data_type() != INTERVAL {
            return self.inner.accumulator(arguments);
        }
        if arguments.is_distinct {
            return exec_err!("avg(DISTINCT) takes numbers, not intervals");
        }
        Ok(Box::new(Intervals::default()))
    }

    fn groups_accumulator_supported(&self, arguments: AccumulatorArgs) -> bool {
        *arguments.return_field.data_type() != INTERVAL
            && self.inner.groups_accumulator_supported(arguments)
    }

    fn create_groups_accumulator(
        &self,
        arguments: AccumulatorArgs,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        self.inner.create_groups_accumulator(arguments)
    }

    fn reverse_expr(&self) -> ReversedUDAF {
        self.inner.reverse_udf()
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }
}

/// The totals of the parts of intervals, which may come and go.
#[derive(Debug, Default)]
struct Intervals {
    count: i64,
    months: i128,
    days: i128,
    nanoseconds: i128,
}

impl Intervals {
    fn add(&mut self, columns: &[ArrayRef], sign: i64) -> Result<()> {
        let Some(intervals) = columns.first() else { return exec_err!("avg takes one argument") };
        for interval in intervals.as_primitive::<IntervalMonthDayNanoType>().iter().flatten() {
            self.count += sign;
            self.months += i128::from(sign) * i128::from(interval.months);
            self.days += i128::from(sign) * i128::from(interval.days);
            self.nanoseconds += i128::from(sign) * i128::from(interval.nanoseconds);
        }
        Ok(())
    }
}

impl Accumulator for Intervals {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        self.add(columns, 1)
    }

    fn retract_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        self.add(columns, -1)
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let total = |total: i128| ScalarValue::Decimal128(Some(total), 38, 0);
        Ok(vec![
            ScalarValue::Int64(Some(self.count)),
            total(self.months),
            total(self.days),
            total(self.nanoseconds),
        ])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let [counts, totals @ ..] = states else { return exec_err!("avg has four states") };
        self.count += counts.as_primitive::<Int64Type>().iter().flatten().sum::<i64>();
        let parts = [&mut self.months, &mut self.days, &mut self.nanoseconds];
        for (part, totals) in parts.into_iter().zip(totals) {
            *part += totals.as_primitive::<Decimal128Type>().iter().flatten().sum::<i128>();
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        if self.count == 0 {
            return Ok(ScalarValue::IntervalMonthDayNano(None));
        }
        let mean = mean([self.months, self.days, self.nanoseconds], self.count)?;
        Ok(ScalarValue::IntervalMonthDayNano(Some(mean)))
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }
}
