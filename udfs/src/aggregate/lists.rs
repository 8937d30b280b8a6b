//! Rows of many groups, kept as bytes one behind the other.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, BinaryArray, ListArray};
use arrow::buffer::OffsetBuffer;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::EmitTo;
use godwit_geometry::WkbColumn;

/// Stands for the end of a list.
const NONE: u32 = u32::MAX;

/// Rows of many groups, each of which is a list in the order in which rows came.
///
/// Most groups of many have a few short rows, for which a vector each would be the larger part.
#[derive(Debug, Default)]
pub(super) struct Lists {
    bytes: Vec<u8>,
    rows: Vec<Row>,
    groups: Vec<Group>,
}

/// Where a row ends, which is where the next one starts, and the next row of its group.
#[derive(Debug, Clone, Copy)]
struct Row {
    end: usize,
    next: u32,
}

#[derive(Debug, Clone, Copy)]
struct Group {
    first: u32,
    last: u32,
}

impl Lists {
    /// Makes room for a number of groups.
    pub(super) fn grow(&mut self, count: usize) {
        if count > self.groups.len() {
            self.groups.resize(count, Group { first: NONE, last: NONE });
        }
    }

    /// Returns the number of groups.
    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    /// Adds a row to a group.
    pub(super) fn push(&mut self, group: usize, bytes: &[u8]) -> Result<()> {
        let row = u32::try_from(self.rows.len()).unwrap_or(NONE);
        let (Some(group), true) = (self.groups.get_mut(group), row != NONE) else {
            return exec_err!("an aggregate of rows has too many of them");
        };
        self.bytes.extend_from_slice(bytes);
        self.rows.push(Row { end: self.bytes.len(), next: NONE });
        match self.rows.get_mut(group.last as usize) {
            Some(last) => last.next = row,
            None => group.first = row,
        }
        group.last = row;
        Ok(())
    }

    /// Adds lists of rows to groups.
    pub(super) fn merge(&mut self, lists: &ListArray, groups: &[usize]) -> Result<()> {
        let Some(items) = WkbColumn::try_new(lists.values().as_ref()) else { return Ok(()) };
        for (row, group) in groups.iter().enumerate().filter(|(row, _)| lists.is_valid(*row)) {
            let bounds = lists.value_offsets().get(row..row + 2);
            let Some([start, end]) = bounds else { continue };
            let places = usize::try_from(*start).unwrap_or(0)..usize::try_from(*end).unwrap_or(0);
            for bytes in places.filter_map(|place| items.get(place)) {
                self.push(*group, bytes)?;
            }
        }
        Ok(())
    }

    /// Returns the rows of a group.
    pub(super) fn rows(&self, group: usize) -> impl Iterator<Item = &[u8]> {
        let first = self.groups.get(group).map(|group| group.first as usize);
        let chain = std::iter::successors(first, |row| Some(self.rows.get(*row)?.next as usize));
        chain.map_while(|row| {
            let start = row.checked_sub(1).and_then(|before| self.rows.get(before));
            self.bytes.get(start.map_or(0, |before| before.end)..self.rows.get(row)?.end)
        })
    }

    /// Takes the lists of the first groups, or of all.
    pub(super) fn take(&mut self, emit_to: EmitTo) -> Result<Self> {
        let EmitTo::First(count) = emit_to else { return Ok(std::mem::take(self)) };
        let mut kept = Self::default();
        kept.grow(self.len().saturating_sub(count));
        for group in count..self.len() {
            for bytes in self.rows(group) {
                kept.push(group - count, bytes)?;
            }
        }
        let mut taken = std::mem::replace(self, kept);
        taken.groups.truncate(count);
        Ok(taken)
    }

    /// Returns the lists as an array of lists of a type.
    pub(super) fn to_array(&self, item: &DataType) -> Result<ArrayRef> {
        let lengths = (0..self.len()).map(|group| self.rows(group).count());
        let offsets = OffsetBuffer::from_lengths(lengths);
        let rows = (0..self.len()).flat_map(|group| self.rows(group));
        let rows = cast(&rows.map(Some).collect::<BinaryArray>(), item)?;
        let field = Arc::new(Field::new_list_field(item.clone(), true));
        Ok(Arc::new(ListArray::try_new(field, offsets, rows, None)?))
    }

    /// Returns the bytes of memory held.
    pub(super) fn size(&self) -> usize {
        let rows = self.rows.capacity() * size_of::<Row>();
        self.bytes.capacity() + rows + self.groups.capacity() * size_of::<Group>()
    }
}

/// Returns the lists of an array of them.
pub(super) fn as_lists(array: Option<&ArrayRef>) -> Option<&ListArray> {
    array?.as_list_opt::<i32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lists: &Lists) -> Vec<Vec<&str>> {
        let text = |bytes| std::str::from_utf8(bytes).expect("text");
        (0..lists.len()).map(|group| lists.rows(group).map(text).collect()).collect()
    }

    #[test]
    fn rows_come_back_in_the_order_of_their_group() {
        let mut lists = Lists::default();
        lists.grow(4);
        for (group, row) in [(2, "a"), (0, "bb"), (2, ""), (3, "c"), (2, "ddd"), (0, "e")] {
            lists.push(group, row.as_bytes()).expect("room");
        }
        let expected = [vec!["bb", "e"], vec![], vec!["a", "", "ddd"], vec!["c"]];
        assert_eq!(texts(&lists), expected);

        let array = lists.to_array(&DataType::BinaryView).expect("an array");
        let mut merged = Lists::default();
        merged.grow(3);
        let parts = as_lists(Some(&array)).expect("lists");
        merged.merge(parts, &[1, 0, 2, 1]).expect("room");
        assert_eq!(texts(&merged), [vec![], vec!["bb", "e", "c"], vec!["a", "", "ddd"]]);

        let taken = lists.take(EmitTo::First(3)).expect("the first");
        assert_eq!(texts(&taken), expected[..3]);
        assert_eq!(texts(&lists), expected[3..]);
        assert_eq!(texts(&lists.take(EmitTo::All).expect("the rest")), expected[3..]);
        assert!(lists.push(0, b"x").is_err() && lists.len() == 0);
    }
}
