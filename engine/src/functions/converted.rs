//! Aggregates of the engine below that collect something else than their arguments, or answer
//! something else than what was collected.

use std::borrow::Cow;
use std::fmt::Debug;

use arrow::array::{ArrayRef, BooleanArray};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{Accumulator, EmitTo, GroupsAccumulator};

/// What is done before an aggregate of the engine below, and behind it.
pub(super) trait Conversion: Debug + Send + Sync + 'static {
    /// Returns what is collected of the arguments.
    fn columns<'a>(&self, arguments: &'a [ArrayRef]) -> Result<Cow<'a, [ArrayRef]>> {
        Ok(Cow::Borrowed(arguments))
    }

    /// Returns the answer of one group.
    fn answer(&self, collected: ScalarValue) -> Result<ScalarValue>;

    /// Returns the answers of many groups.
    fn answers(&self, collected: &ArrayRef) -> Result<ArrayRef>;
}

/// An aggregate of the engine below with a conversion around it.
#[derive(Debug)]
pub(super) struct Converted<A, C> {
    inner: A,
    conversion: C,
}

impl<A, C> Converted<A, C> {
    /// Wraps an aggregate.
    pub(super) fn new(inner: A, conversion: C) -> Self {
        Self { inner, conversion }
    }
}

impl<C: Conversion> Accumulator for Converted<Box<dyn Accumulator>, C> {
    fn update_batch(&mut self, arguments: &[ArrayRef]) -> Result<()> {
        self.inner.update_batch(&self.conversion.columns(arguments)?)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.conversion.answer(self.inner.evaluate()?)
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

    fn retract_batch(&mut self, arguments: &[ArrayRef]) -> Result<()> {
        self.inner.retract_batch(&self.conversion.columns(arguments)?)
    }

    fn supports_retract_batch(&self) -> bool {
        self.inner.supports_retract_batch()
    }
}

impl<C: Conversion> GroupsAccumulator for Converted<Box<dyn GroupsAccumulator>, C> {
    fn update_batch(
        &mut self,
        arguments: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        group_count: usize,
    ) -> Result<()> {
        let columns = self.conversion.columns(arguments)?;
        self.inner.update_batch(&columns, groups, filter, group_count)
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        self.conversion.answers(&self.inner.evaluate(emit_to)?)
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
        arguments: &[ArrayRef],
        filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        self.inner.convert_to_state(&self.conversion.columns(arguments)?, filter)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.inner.size()
    }
}
