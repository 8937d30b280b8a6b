//! Sums and means of intervals: months, days and time each for themselves, as in `PostgreSQL`.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Decimal128Type, Field, FieldRef, Int64Type, IntervalMonthDayNano,
    IntervalMonthDayNanoType,
};
use datafusion::common::{Result, ScalarValue, internal_err};
use datafusion::logical_expr::Accumulator;
use datafusion::logical_expr::utils::format_state_name;

use super::scale::scaled;
use super::{INTERVAL, interval, length_of, out_of_range};

const NANOSECONDS: DataType = DataType::Decimal128(38, 0);

/// The total of intervals, or their mean.
#[derive(Debug, Default)]
pub(in crate::functions) struct IntervalTotal {
    months: i64,
    days: i64,
    nanoseconds: i128,
    count: i64,
    is_mean: bool,
}

impl IntervalTotal {
    /// Returns the total of nothing.
    pub(in crate::functions) fn new(is_mean: bool) -> Self {
        Self { is_mean, ..Self::default() }
    }

    /// Returns the fields of a total between partitions.
    pub(in crate::functions) fn state_fields(name: &str) -> Vec<FieldRef> {
        let field = |part: &str, data_type: DataType| {
            Arc::new(Field::new(format_state_name(name, part), data_type, true))
        };
        vec![
            field("months", DataType::Int64),
            field("days", DataType::Int64),
            field("nanoseconds", NANOSECONDS),
            field("count", DataType::Int64),
        ]
    }

    fn add(&mut self, values: &[ArrayRef], sign: i64) -> Result<()> {
        let [values] = values else { return internal_err!("one column of intervals is expected") };
        let values = cast(values, &INTERVAL)?;
        for of in values.as_primitive::<IntervalMonthDayNanoType>().iter().flatten() {
            self.months += sign * i64::from(of.months);
            self.days += sign * i64::from(of.days);
            self.nanoseconds += i128::from(sign) * i128::from(of.nanoseconds);
            self.count += sign;
        }
        Ok(())
    }

    fn total(&self) -> Option<IntervalMonthDayNano> {
        let total = interval(self.months, self.days, i64::try_from(self.nanoseconds).ok()?)?;
        if self.is_mean {
            return scaled(total, |part| part / self.count as f64);
        }
        Some(total)
    }
}

impl Accumulator for IntervalTotal {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.add(values, 1)
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.add(values, -1)
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let [months, days, nanoseconds, counts] = states else {
            return internal_err!("the total of intervals has four parts");
        };
        let sum = |column: &ArrayRef| column.as_primitive::<Int64Type>().iter().flatten().sum();
        let (months, days, count): (i64, i64, i64) = (sum(months), sum(days), sum(counts));
        self.months += months;
        self.days += days;
        self.count += count;
        let nanoseconds = nanoseconds.as_primitive::<Decimal128Type>().iter().flatten();
        self.nanoseconds += nanoseconds.sum::<i128>();
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![
            ScalarValue::Int64(Some(self.months)),
            ScalarValue::Int64(Some(self.days)),
            ScalarValue::Decimal128(Some(self.nanoseconds), 38, 0),
            ScalarValue::Int64(Some(self.count)),
        ])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        if self.count == 0 {
            return Ok(ScalarValue::IntervalMonthDayNano(None));
        }
        let total = self.total().ok_or_else(out_of_range)?;
        Ok(ScalarValue::IntervalMonthDayNano(Some(total)))
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }
}

/// The shortest or the longest of intervals; of equally long ones the first.
#[derive(Debug)]
pub(in crate::functions) struct IntervalExtreme {
    extreme: Option<IntervalMonthDayNano>,
    is_max: bool,
}

impl IntervalExtreme {
    /// Returns the extreme of nothing.
    pub(in crate::functions) fn new(is_max: bool) -> Self {
        Self { extreme: None, is_max }
    }
}

impl Accumulator for IntervalExtreme {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let [values] = values else { return internal_err!("one column of intervals is expected") };
        let values = values.as_primitive::<IntervalMonthDayNanoType>();
        if values.null_count() == values.len() {
            return Ok(());
        }
        for of in values.iter().flatten() {
            let is_further = self.extreme.is_none_or(|so_far| {
                let (so_far, length) = (length_of(so_far), length_of(of));
                if self.is_max { length > so_far } else { length < so_far }
            });
            if is_further {
                self.extreme = Some(of);
            }
        }
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.update_batch(states)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.evaluate()?])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::IntervalMonthDayNano(self.extreme))
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }
}
