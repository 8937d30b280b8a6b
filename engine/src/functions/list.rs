//! All values of a column in a list, for `ARRAY(SELECT ...)`: without a row the list is empty, where
//! `array_agg` is NULL.

use std::sync::Arc;

use arrow::array::{ArrayRef, ListArray, new_empty_array};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::{Result, ScalarValue, internal_err};
use datafusion::functions_aggregate::array_agg::array_agg_udaf;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, GroupsAccumulator, Signature,
};

/// The name of the aggregate.
pub(crate) const LIST: &str = "godwit_list";

/// The engine's own `array_agg`, with another answer to no rows.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct List {
    inner: Arc<AggregateUDF>,
}

impl List {
    /// Returns the function.
    pub(super) fn new() -> Self {
        Self { inner: array_agg_udaf() }
    }
}

impl AggregateUDFImpl for List {
    fn name(&self) -> &'static str {
        LIST
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(types)
    }

    fn state_fields(&self, arguments: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        self.inner.state_fields(arguments)
    }

    fn accumulator(&self, arguments: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let empty = empty(arguments.return_field.data_type())?;
        Ok(Box::new(Items { inner: self.inner.accumulator(arguments)?, empty }))
    }

    fn groups_accumulator_supported(&self, arguments: AccumulatorArgs) -> bool {
        self.inner.groups_accumulator_supported(arguments)
    }

    // A group has a row, or it would not be one.
    fn create_groups_accumulator(
        &self,
        arguments: AccumulatorArgs,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        self.inner.create_groups_accumulator(arguments)
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        self.inner.order_sensitivity()
    }

    fn with_beneficial_ordering(
        self: Arc<Self>,
        beneficial_ordering: bool,
    ) -> Result<Option<Arc<dyn AggregateUDFImpl>>> {
        let inner = self.inner.as_ref().clone().with_beneficial_ordering(beneficial_ordering)?;
        Ok(inner
            .map(|inner| Arc::new(Self { inner: Arc::new(inner) }) as Arc<dyn AggregateUDFImpl>))
    }

    /// The answer for outer rows of a subquery that no inner row belongs to.
    fn default_value(&self, data_type: &DataType) -> Result<ScalarValue> {
        empty(data_type)
    }
}

/// The values so far.
#[derive(Debug)]
struct Items {
    inner: Box<dyn Accumulator>,
    empty: ScalarValue,
}

impl Accumulator for Items {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.inner.update_batch(values)
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.inner.merge_batch(states)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.inner.state()
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let items = self.inner.evaluate()?;
        Ok(if items.is_null() { self.empty.clone() } else { items })
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.inner.size() + self.empty.size() - size_of_val(&self.empty)
    }
}

/// Returns the list of a type that has no elements.
fn empty(data_type: &DataType) -> Result<ScalarValue> {
    let DataType::List(item) = data_type else {
        return internal_err!("a list is expected, not {data_type}");
    };
    let items = new_empty_array(item.data_type());
    let offsets = OffsetBuffer::from_lengths([0]);
    Ok(ScalarValue::List(Arc::new(ListArray::try_new(Arc::clone(item), offsets, items, None)?)))
}
