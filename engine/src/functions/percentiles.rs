//! `percentile_disc`, and `percentile_cont` of intervals and for several shares at once; that of the
//! engine below knows one share of numbers, which `exact_percentile` has the digits of.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray as _, UInt32Array, new_empty_array};
use arrow::compute::{SortOptions, concat, filter, is_not_null, sort_to_indices};
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type, IntervalMonthDayNanoType};
use datafusion::common::utils::SingleRowListArrayBuilder;
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::functions_aggregate::percentile_cont::percentile_cont_udaf;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::{AggregateOrderSensitivity, format_state_name};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, GroupsAccumulator, Signature, Volatility,
};

use super::exact_percentile::{ExactPercentile, ExactPercentiles, Place};
use super::intervals::{INTERVAL, between, lengths};
use crate::error::{Code, Error, external};

/// Returns the aggregates.
pub(super) fn all() -> [AggregateUDF; 2] {
    let signature = Signature::user_defined(Volatility::Immutable);
    let continuous = Percentile {
        name: "percentile_cont",
        inner: Some(percentile_cont_udaf()),
        signature: signature.clone(),
    };
    let discrete = Percentile { name: "percentile_disc", inner: None, signature };
    [continuous.into(), discrete.into()]
}

/// One of the two aggregates.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Percentile {
    name: &'static str,
    /// The function of the engine below, where the value may lie between those of two rows.
    inner: Option<Arc<AggregateUDF>>,
    signature: Signature,
}

impl Percentile {
    /// Returns the function of the engine below, if it can answer.
    fn inner_for(&self, value: &DataType, share: &DataType) -> Option<&AggregateUDF> {
        let is_plain = *value == DataType::Float64 && *share == DataType::Float64;
        self.inner.as_deref().filter(|_| is_plain)
    }
}

fn is_list(data_type: &DataType) -> bool {
    matches!(data_type, DataType::List(_))
}

impl AggregateUDFImpl for Percentile {
    fn name(&self) -> &str {
        self.name
    }

    fn aliases(&self) -> &[String] {
        match &self.inner {
            Some(inner) => inner.aliases(),
            None => &[],
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let [value, share] = types else {
            let name = self.name;
            return plan_err!("{name} takes a share: {name}(0.5) WITHIN GROUP (ORDER BY x)");
        };
        let value = match value {
            other if self.inner.is_none() => other.clone(),
            DataType::Interval(_) | DataType::Duration(_) => INTERVAL,
            number if number.is_numeric() || number.is_null() => DataType::Float64,
            other => {
                let name = self.name;
                return plan_err!(
                    "{name} takes numbers or intervals, not values of type {other}; percentile_disc takes any"
                );
            }
        };
        let share = match share {
            DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..) => {
                DataType::new_list(DataType::Float64, true)
            }
            _ => DataType::Float64,
        };
        Ok(vec![value, share])
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        let [value, share] = types else { return plan_err!("{} takes a share", self.name) };
        Ok(if is_list(share) { DataType::new_list(value.clone(), true) } else { value.clone() })
    }

    fn state_fields(&self, arguments: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let [value, share] = arguments.input_fields else {
            return plan_err!("{} takes a share", self.name);
        };
        if let Some(inner) = self.inner_for(value.data_type(), share.data_type()) {
            return inner.state_fields(arguments);
        }
        let field = |name: &str, data_type: DataType| {
            Arc::new(Field::new(format_state_name(arguments.name, name), data_type, true))
        };
        let values = DataType::new_list(value.data_type().clone(), true);
        Ok(vec![field("values", values), field("share", share.data_type().clone())])
    }

    fn accumulator(&self, arguments: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let [value, share] = arguments.expr_fields else {
            return plan_err!("{} takes a share", self.name);
        };
        if let Some(inner) = self.inner_for(value.data_type(), share.data_type()) {
            let (place, is_distinct) = (Place::of(&arguments), arguments.is_distinct);
            let inner = inner.accumulator(arguments)?;
            let Some(place) = place else { return Ok(inner) };
            return Ok(Box::new(ExactPercentile::new(inner, place, is_distinct)));
        }
        if arguments.is_distinct {
            return plan_err!("{} takes no DISTINCT", self.name);
        }
        Ok(Box::new(Values {
            values: Vec::new(),
            share: None,
            data_type: value.data_type().clone(),
            share_type: share.data_type().clone(),
            is_continuous: self.inner.is_some(),
            is_descending: arguments
                .order_bys
                .first()
                .is_some_and(|order| order.options.descending),
        }))
    }

    fn groups_accumulator_supported(&self, arguments: AccumulatorArgs) -> bool {
        let [value, share] = arguments.expr_fields else { return false };
        self.inner_for(value.data_type(), share.data_type())
            .is_some_and(|inner| inner.groups_accumulator_supported(arguments))
    }

    fn create_groups_accumulator(
        &self,
        arguments: AccumulatorArgs,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        let Some(inner) = &self.inner else {
            return exec_err!("{} computes one group at a time", self.name);
        };
        let place = Place::of(&arguments);
        let inner = inner.create_groups_accumulator(arguments)?;
        let Some(place) = place else { return Ok(inner) };
        Ok(Box::new(ExactPercentiles::new(inner, place)))
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }

    fn supports_within_group_clause(&self) -> bool {
        true
    }
}

/// The values of a group that are not null.
#[derive(Debug)]
struct Values {
    values: Vec<ArrayRef>,
    /// The share, or the list of them.
    share: Option<ScalarValue>,
    data_type: DataType,
    share_type: DataType,
    /// Whether the answer may lie between two values.
    is_continuous: bool,
    is_descending: bool,
}

impl Values {
    fn all(&self) -> Result<ArrayRef> {
        let values: Vec<&dyn Array> = self.values.iter().map(AsRef::as_ref).collect();
        if values.is_empty() {
            return Ok(new_empty_array(&self.data_type));
        }
        Ok(concat(&values)?)
    }

    fn add(&mut self, values: &ArrayRef) -> Result<()> {
        let known = if values.null_count() > 0 {
            filter(values, &is_not_null(values)?)?
        } else {
            ArrayRef::clone(values)
        };
        if !known.is_empty() {
            self.values.push(known);
        }
        Ok(())
    }

    fn keep_share(&mut self, shares: &ArrayRef) -> Result<()> {
        if self.share.is_none() && !shares.is_empty() {
            let share = ScalarValue::try_from_array(shares, 0)?;
            self.share = Some(share).filter(|share| !share.is_null());
        }
        Ok(())
    }

    /// Returns the places of the values in their order.
    fn order(&self, values: &ArrayRef) -> Result<UInt32Array> {
        let options = SortOptions { descending: self.is_descending, nulls_first: false };
        let keys = if self.data_type == INTERVAL {
            lengths(std::slice::from_ref(values))?
        } else {
            ArrayRef::clone(values)
        };
        Ok(sort_to_indices(&keys, Some(options), None)?)
    }

    /// Returns the value at a share of the rows.
    fn at(&self, values: &ArrayRef, order: &UInt32Array, share: f64) -> Result<ScalarValue> {
        if !(0.0..=1.0).contains(&share) {
            let message = format!("percentile value {share} is not between 0 and 1");
            return Err(external(Error::new(Code::ValueOutOfRange, message)));
        }
        let place = |at: f64| order.value(whole(at, order.len())) as usize;
        if !self.is_continuous {
            let place = place((share * order.len() as f64).ceil() - 1.0);
            return ScalarValue::try_from_array(values, place);
        }
        let at = share * (order.len() as f64 - 1.0);
        let (low, high) = (place(at.floor()), place(at.ceil()));
        let part = at - at.floor();
        if let Some(numbers) = values.as_primitive_opt::<Float64Type>() {
            let (low, high) = (numbers.value(low), numbers.value(high));
            return Ok(ScalarValue::Float64(Some(low + part * (high - low))));
        }
        let intervals = values.as_primitive::<IntervalMonthDayNanoType>();
        let between = between(intervals.value(low), intervals.value(high), part)?;
        Ok(ScalarValue::IntervalMonthDayNano(Some(between)))
    }
}

/// Returns a place of so many, and the first one for what is less.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast ends at the ends of its type, and the range is kept"
)]
fn whole(place: f64, count: usize) -> usize {
    (place.max(0.0) as usize).min(count.saturating_sub(1))
}

impl Accumulator for Values {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let [values, shares] = columns else {
            return exec_err!("a value and a share are expected");
        };
        self.keep_share(shares)?;
        self.add(values)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let values = SingleRowListArrayBuilder::new(self.all()?).build_list_scalar();
        self.values.clear();
        let share = match self.share.take() {
            Some(share) => share,
            None => ScalarValue::try_from(&self.share_type)?,
        };
        Ok(vec![values, share])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let [values, shares] = states else { return exec_err!("a percentile has two states") };
        for row in 0..shares.len() {
            self.keep_share(&shares.slice(row, 1))?;
        }
        for values in values.as_list::<i32>().iter().flatten() {
            self.add(&values)?;
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let values = self.all()?;
        let order = self.order(&values)?;
        let at = |share: Option<f64>| match share {
            Some(share) if !values.is_empty() => self.at(&values, &order, share),
            _ => ScalarValue::try_from(&self.data_type),
        };
        match &self.share {
            Some(ScalarValue::List(shares)) if !values.is_empty() => {
                let shares = shares.value(0);
                let found = shares.as_primitive::<Float64Type>().iter().map(at);
                let found = found.collect::<Result<Vec<_>>>()?;
                Ok(ScalarValue::List(ScalarValue::new_list(&found, &self.data_type, true)))
            }
            Some(ScalarValue::Float64(share)) => at(*share),
            _ if is_list(&self.share_type) => {
                ScalarValue::try_from(&DataType::new_list(self.data_type.clone(), true))
            }
            _ => at(None),
        }
    }

    fn size(&self) -> usize {
        let values: usize = self.values.iter().map(Array::get_array_memory_size).sum();
        size_of_val(self) + values + self.values.capacity() * size_of::<ArrayRef>()
    }
}
