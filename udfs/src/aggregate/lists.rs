//! Rows of many groups, kept as bytes in the order in which they come.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, LargeBinaryArray, LargeBinaryBuilder, ListArray,
};
use arrow::buffer::OffsetBuffer;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::EmitTo;
use godwit_geometry::WkbColumn;

use super::blocks::Blocks;

/// Rows of many groups, each of which is a list in the order in which rows came.
///
/// Most groups of many have a few short rows, for which a vector each would be the larger part.
/// Rows are brought into the order of their groups at the end, all at once.
#[derive(Debug, Default)]
pub(super) struct Lists {
    rows: Blocks,
    group_count: usize,
}

impl Lists {
    /// Makes room for a number of groups.
    pub(super) fn grow(&mut self, count: usize) {
        self.group_count = self.group_count.max(count);
    }

    /// Returns the number of groups.
    pub(super) fn len(&self) -> usize {
        self.group_count
    }

    /// Returns the number of bytes of all rows.
    pub(super) fn byte_count(&self) -> usize {
        self.rows.byte_count()
    }

    /// Adds a row, which may be null, to a group.
    pub(super) fn push(&mut self, group: usize, bytes: Option<&[u8]>) -> Result<()> {
        let is_known = group < self.group_count && u32::try_from(self.rows.len()).is_ok();
        let group = u32::try_from(group).ok().filter(|_| is_known);
        if group.and_then(|group| self.rows.push(group, bytes)).is_none() {
            return exec_err!("an aggregate of rows has too many of them");
        }
        Ok(())
    }

    /// Adds lists of rows to groups.
    pub(super) fn merge(&mut self, lists: &ListArray, groups: &[usize]) -> Result<()> {
        let Some(items) = WkbColumn::try_new(lists.values().as_ref()) else { return Ok(()) };
        for (row, group) in groups.iter().enumerate().filter(|(row, _)| lists.is_valid(*row)) {
            let bounds = lists.value_offsets().get(row..row + 2);
            let Some([start, end]) = bounds else { continue };
            let places = usize::try_from(*start).unwrap_or(0)..usize::try_from(*end).unwrap_or(0);
            for place in places {
                self.push(*group, items.get(place))?;
            }
        }
        Ok(())
    }

    /// Returns the rows in the order of their groups.
    pub(super) fn by_group(&self) -> ByGroup<'_> {
        self.by_group_of(0)
    }

    /// Returns the rows of groups that have so many at least, in the order of their groups.
    pub(super) fn by_group_of(&self, fewest_rows: usize) -> ByGroup<'_> {
        // A counting sort: how many rows a group has says where those of the next one start.
        let mut starts = vec![0_u32; self.group_count + 1];
        for group in self.rows.groups() {
            if let Some(count) = starts.get_mut(group as usize + 1) {
                *count += 1;
            }
        }
        let mut before = 0;
        for start in &mut starts {
            let count = if (*start as usize) < fewest_rows { 0 } else { *start };
            before += count;
            *start = before;
        }
        let mut next = starts.clone();
        let mut rows = vec![0; before as usize];
        for (row, group) in (0..).zip(self.rows.groups()) {
            let group = group as usize;
            let (Some(place), Some(end)) = (next.get_mut(group), starts.get(group + 1)) else {
                continue;
            };
            if place == end {
                continue;
            }
            if let Some(slot) = rows.get_mut(*place as usize) {
                *slot = row;
            }
            *place += 1;
        }
        ByGroup { lists: self, starts, rows }
    }

    /// Takes the lists of the first groups, or of all.
    pub(super) fn take(&mut self, emit_to: EmitTo) -> Result<Self> {
        let EmitTo::First(count) = emit_to else { return Ok(std::mem::take(self)) };
        let (mut taken, mut kept) = (Self::default(), Self::default());
        taken.grow(count.min(self.len()));
        kept.grow(self.len().saturating_sub(count));
        for (row, group) in (0..).zip(self.rows.groups()) {
            let (group, bytes) = (group as usize, self.rows.row(row));
            match group.checked_sub(count) {
                Some(group) => kept.push(group, bytes)?,
                None => taken.push(group, bytes)?,
            }
        }
        *self = kept;
        Ok(taken)
    }

    /// Returns the lists as an array of lists of a type.
    pub(super) fn to_array(&self, item: &DataType) -> Result<ArrayRef> {
        let by_group = self.by_group();
        let lengths = by_group.places(0..self.len()).map(|places| places.len());
        let offsets = OffsetBuffer::from_lengths(lengths);
        let rows = cast(&by_group.gather(0..self.len()), item)?;
        let field = Arc::new(Field::new_list_field(item.clone(), true));
        Ok(Arc::new(ListArray::try_new(field, offsets, rows, None)?))
    }

    /// Returns the bytes of memory held.
    pub(super) fn size(&self) -> usize {
        self.rows.size()
    }
}

/// Rows in the order of their groups.
pub(super) struct ByGroup<'a> {
    lists: &'a Lists,
    /// Where the rows of each group start among all, and where the last ones end.
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl ByGroup<'_> {
    /// Returns the rows of some groups side by side, which are far from each other otherwise.
    pub(super) fn gather(&self, groups: Range<usize>) -> LargeBinaryArray {
        let start = |group: usize| self.starts.get(group).map_or(0, |start| *start as usize);
        let rows = self.rows.get(start(groups.start)..start(groups.end)).unwrap_or_default();
        let rows = rows.iter().map(|row| self.lists.rows.row(*row));
        let bytes = rows.clone().flatten().map(<[u8]>::len).sum();
        let mut gathered = LargeBinaryBuilder::with_capacity(rows.len(), bytes);
        rows.for_each(|row| gathered.append_option(row));
        gathered.finish()
    }

    /// Returns for each of some groups where its rows are among those that are gathered.
    pub(super) fn places(&self, groups: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let first = self.starts.get(groups.start).copied().unwrap_or(0);
        let starts = self.starts.get(groups.start..=groups.end).unwrap_or_default();
        starts.windows(2).map(move |bounds| match bounds {
            [start, end] => (start - first) as usize..(end - first) as usize,
            _ => 0..0,
        })
    }
}

/// Returns the lists of an array of them.
pub(super) fn as_lists(array: Option<&ArrayRef>) -> Option<&ListArray> {
    array?.as_list_opt::<i32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lists: &Lists) -> Vec<Vec<String>> {
        let by_group = lists.by_group();
        let rows = by_group.gather(0..lists.len());
        let text = |row| String::from_utf8(rows.value(row).to_vec()).expect("text");
        by_group.places(0..lists.len()).map(|places| places.map(text).collect()).collect()
    }

    #[test]
    fn groups_of_few_rows_are_left_out_and_nulls_are_rows() {
        let mut lists = Lists::default();
        lists.grow(3);
        for (group, row) in [(1, Some("a")), (0, Some("b")), (1, None), (2, None), (1, Some("c"))] {
            lists.push(group, row.map(str::as_bytes)).expect("room");
        }
        let many = lists.by_group_of(2);
        assert_eq!(many.places(0..3).collect::<Vec<_>>(), [0..0, 0..3, 3..3]);
        let rows = many.gather(0..3);
        assert_eq!(rows.iter().collect::<Vec<_>>(), [Some(&b"a"[..]), None, Some(b"c")]);

        let array = lists.to_array(&DataType::Binary).expect("an array");
        let mut merged = Lists::default();
        merged.grow(1);
        merged.merge(as_lists(Some(&array)).expect("lists"), &[0, 0, 0]).expect("room");
        let rows = merged.by_group_of(5).gather(0..1);
        assert_eq!((rows.len(), rows.null_count()), (5, 2));
        assert!(merged.by_group_of(6).gather(0..1).is_empty());
    }

    #[test]
    fn rows_come_back_in_the_order_of_their_group() {
        let mut lists = Lists::default();
        lists.grow(4);
        for (group, row) in [(2, "a"), (0, "bb"), (2, ""), (3, "c"), (2, "ddd"), (0, "e")] {
            lists.push(group, Some(row.as_bytes())).expect("room");
        }
        let expected = [vec!["bb", "e"], vec![], vec!["a", "", "ddd"], vec!["c"]];
        assert_eq!(texts(&lists), expected);
        let by_group = lists.by_group();
        assert_eq!(by_group.places(2..4).collect::<Vec<_>>(), [0..3, 3..4]);
        assert_eq!(by_group.gather(3..4).value(0), b"c");

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
        assert!(lists.push(0, Some(b"x")).is_err() && lists.len() == 0);
    }
}
