//! Aggregates that collect lists, whose items keep what the argument's field says of its values:
//! the reference system of geometries, that a text is JSON.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, BooleanArray, ListArray};
use arrow::datatypes::FieldRef;
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{Accumulator, EmitTo, GroupsAccumulator};

/// An aggregate of the engine below, whose lists get items of a field with metadata.
#[derive(Debug)]
pub(super) struct WithItems<A> {
    inner: A,
    item: FieldRef,
}

impl<A> WithItems<A> {
    /// Wraps an aggregate of lists whose items are those of `item` but for its metadata.
    pub(super) fn new(inner: A, item: FieldRef) -> Self {
        Self { inner, item }
    }

    fn described(&self, lists: &ListArray) -> Result<ListArray> {
        let (_, offsets, values, nulls) = lists.clone().into_parts();
        Ok(ListArray::try_new(Arc::clone(&self.item), offsets, values, nulls)?)
    }
}

impl Accumulator for WithItems<Box<dyn Accumulator>> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.inner.update_batch(values)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let ScalarValue::List(list) = self.inner.evaluate()? else {
            return exec_err!("the aggregate collects lists");
        };
        Ok(ScalarValue::List(Arc::new(self.described(&list)?)))
    }

    fn size(&self) -> usize {
        self.inner.size()
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

impl GroupsAccumulator for WithItems<Box<dyn GroupsAccumulator>> {
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
        let lists = self.inner.evaluate(emit_to)?;
        Ok(Arc::new(self.described(lists.as_list())?))
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
        self.inner.size()
    }
}
