//! Aggregates over many groups at once: one state a group in one vector.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, BooleanArray, LargeBinaryArray};
use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::Result;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};
use godwit_geometry::{Geometry, GeometryError, Kinds, WkbColumn, interrupt};

use super::listed::combine_list;
use super::lists::{Lists, as_lists};
use super::value::Column;
use super::{Combine, Running, Value, with_row};
use crate::options::Options;
use crate::scalar::external;

/// How many values are made between two looks at whether the statement must end.
const BETWEEN_LOOKS: usize = 16;

/// The running states of many groups.
pub(super) struct RunningGroups<S> {
    options: Options,
    states: Vec<S>,
    /// The bytes that the states take beyond their own structs.
    bytes: usize,
}

impl<S: Running> RunningGroups<S> {
    /// Returns the states of no groups.
    pub(super) fn new(options: Options) -> Self {
        Self { options, states: Vec::new(), bytes: 0 }
    }

    fn grow(&mut self, count: usize) -> Result<()> {
        self.states.reserve(count.saturating_sub(self.states.len()));
        while self.states.len() < count {
            self.states.push(S::start(&self.options).map_err(external)?);
        }
        Ok(())
    }

    fn change(
        &mut self,
        group: usize,
        change: impl FnOnce(&mut S) -> Result<(), GeometryError>,
    ) -> Result<()> {
        let Some(state) = self.states.get_mut(group) else { return Ok(()) };
        let before = state.size();
        change(state).map_err(external)?;
        self.bytes = (self.bytes + state.size()).saturating_sub(before);
        Ok(())
    }

    fn take(
        &mut self,
        emit_to: EmitTo,
        value: impl Fn(&mut S) -> Result<Option<Vec<u8>>, GeometryError>,
    ) -> Result<ArrayRef> {
        let mut states = emit_to.take_needed(&mut self.states);
        let mut values = Column::geometries(states.len(), 0);
        for (group, state) in states.iter_mut().enumerate() {
            if group.is_multiple_of(BETWEEN_LOOKS) {
                interrupt::check().map_err(external)?;
            }
            self.bytes = self.bytes.saturating_sub(state.size());
            let value = interrupt::until_over(|| value(state)).map_err(external)?;
            values.push(value.into())?;
        }
        values.finish()
    }
}

impl<S: Running> GroupsAccumulator for RunningGroups<S> {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.grow(total_num_groups)?;
        let Some(column) = values.first().and_then(|array| WkbColumn::try_new(array.as_ref()))
        else {
            return Ok(());
        };
        for (row, group) in group_indices.iter().enumerate() {
            if let (true, Some(bytes)) = (passes(filter, row), column.get(row)) {
                self.change(*group, |state| with_row(bytes, S::KINDS, |row| state.add(row)))?;
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        self.take(emit_to, S::finish)
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.take(emit_to, S::state)?])
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        self.grow(total_num_groups)?;
        let states = values.first().and_then(|array| array.as_binary_opt::<i32>());
        for (state, group) in states.into_iter().flatten().zip(group_indices) {
            if let Some(given) = state {
                self.change(*group, |state| state.merge(given))?;
            }
        }
        Ok(())
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let column = values.first().and_then(|array| WkbColumn::try_new(array.as_ref()));
        let row_count = values.first().map_or(0, arrow::array::Array::len);
        let mut states = Column::geometries(row_count, 0);
        for row in 0..row_count {
            let bytes = column.as_ref().and_then(|column| column.get(row));
            let Some(bytes) = bytes.filter(|_| passes(filter, row)) else {
                states.push(Value::Null)?;
                continue;
            };
            let mut state = S::start(&self.options).map_err(external)?;
            with_row(bytes, S::KINDS, |row| state.add(row)).map_err(external)?;
            states.push(state.state().map_err(external)?.into())?;
        }
        Ok(vec![states.finish()?])
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.states.capacity() * size_of::<S>() + self.bytes
    }
}

/// The rows of so many groups are read side by side.
const TOGETHER: usize = 1024;
/// The bytes before the first member of a collection as WKB.
const COLLECTION_HEADER: usize = 9;

/// The lists of rows of many groups, each of which becomes a value at the end.
pub(super) struct ListedGroups {
    pub(super) lists: Lists,
    /// What turns rows into lists of one; it holds none.
    pub(super) rows: Box<dyn GroupsAccumulator>,
    /// The type of a row.
    pub(super) item: DataType,
    pub(super) combine: Combine,
    pub(super) kinds: Kinds,
    pub(super) options: Options,
    pub(super) field: FieldRef,
    /// Groups of fewer rows, nulls among them, are not asked for: their value is null.
    pub(super) fewest_rows: usize,
}

impl ListedGroups {
    /// Returns the values of lists.
    fn values(&self, lists: &Lists) -> Result<ArrayRef> {
        let by_group = lists.by_group_of(self.fewest_rows);
        // What is made of rows seldom has more bytes than these in a collection.
        let bytes = lists.byte_count() + lists.len() * COLLECTION_HEADER;
        let mut values = Column::new(&self.field, lists.len(), bytes);
        for first in (0..lists.len()).step_by(TOGETHER) {
            let groups = first..lists.len().min(first + TOGETHER);
            let rows = by_group.gather(groups.clone());
            let mut geometries = Vec::new();
            for (group, places) in by_group.places(groups).enumerate() {
                if group.is_multiple_of(BETWEEN_LOOKS) {
                    interrupt::check().map_err(external)?;
                }
                values.push(self.value(&rows, places, &mut geometries)?)?;
            }
        }
        values.finish()
    }

    /// Returns the value of some of the rows; the memory for geometries is used again and again.
    fn value<'a>(
        &self,
        rows: &'a LargeBinaryArray,
        places: Range<usize>,
        geometries: &mut Vec<Geometry<'a>>,
    ) -> Result<Value> {
        geometries.clear();
        let read = places.clone().filter(|row| rows.is_valid(*row)).try_for_each(|row| {
            geometries.push(Geometry::try_of(rows.value(row), self.kinds)?);
            Ok(())
        });
        match read {
            Ok(()) if geometries.is_empty() => Ok(Value::Null),
            Ok(()) => interrupt::until_over(|| (self.combine)(geometries, &self.options))
                .map_err(external),
            Err(GeometryError::NotBasic { .. }) => {
                let rows: ArrayRef = Arc::new(rows.slice(places.start, places.len()));
                combine_list(Some(&rows), self.combine, self.kinds, &self.options)
            }
            Err(error) => Err(external(error)),
        }
    }
}

impl GroupsAccumulator for ListedGroups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.lists.grow(total_num_groups);
        let Some(column) = values.first().and_then(|array| WkbColumn::try_new(array.as_ref()))
        else {
            return Ok(());
        };
        for (row, group) in group_indices.iter().enumerate() {
            let bytes = column.get(row);
            if passes(filter, row) && (bytes.is_some() || self.fewest_rows > 0) {
                self.lists.push(*group, bytes)?;
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let lists = self.lists.take(emit_to)?;
        self.values(&lists)
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.lists.take(emit_to)?.to_array(&self.item)?])
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        self.lists.grow(total_num_groups);
        match as_lists(values.first()) {
            Some(lists) => self.lists.merge(lists, group_indices),
            None => Ok(()),
        }
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        self.rows.convert_to_state(first(values), filter)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.lists.size()
    }
}

/// Returns the geometries without the options behind them.
fn first(values: &[ArrayRef]) -> &[ArrayRef] {
    values.get(..1).unwrap_or_default()
}

fn passes(filter: Option<&BooleanArray>, row: usize) -> bool {
    filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row))
}
