//! Where the left rows are that a right row may match.

use std::ops::Range;

use datafusion::common::HashMap;
use godwit_geometry::Bounds;

use crate::tree::{Stack, Tree};

/// So few rows of one key are looked through box by box.
const FEW_ROWS: usize = 32;

/// A box and its row.
pub(super) type Entry = (Bounds, u32);

/// The left rows by their boxes and, when the join has keys, by these first.
#[derive(Debug)]
pub(super) enum Lookup {
    /// All rows are of one key.
    Boxes(Tree),
    Keys(ByKey),
}

/// Rows by the hashes of their keys.
#[derive(Debug)]
pub(super) struct ByKey {
    groups: HashMap<u64, Group>,
    /// Group by group.
    entries: Vec<Entry>,
}

/// Rows of one key.
#[derive(Debug)]
enum Group {
    /// Where they are among all.
    Few(Range<usize>),
    Many(Tree),
}

impl Lookup {
    /// Returns the rows of boxes; `keys` are the hashes of the keys by row, or nothing.
    pub(super) fn new(mut entries: Vec<Entry>, keys: &[u64]) -> Self {
        let key = |(_, row): &Entry| keys.get(*row as usize).copied().unwrap_or(0);
        let is_of_one_key = entries
            .first()
            .is_none_or(|first| entries.iter().all(|entry| key(entry) == key(first)));
        if is_of_one_key {
            return Self::Boxes(Tree::new(&entries));
        }
        entries.sort_unstable_by_key(|entry| (key(entry), entry.1));
        let mut groups = HashMap::new();
        let mut start = 0;
        for group in entries.chunk_by(|one, next| key(one) == key(next)) {
            let end = start + group.len();
            let rows = if group.len() > FEW_ROWS {
                Group::Many(Tree::new(group))
            } else {
                Group::Few(start..end)
            };
            groups.extend(group.first().map(|first| (key(first), rows)));
            start = end;
        }
        Self::Keys(ByKey { groups, entries })
    }

    /// Calls a function with the rows whose boxes meet the window, among them all those of a key.
    #[inline]
    pub(super) fn search(
        &self,
        key: Option<u64>,
        window: &Bounds,
        stack: &mut Stack,
        mut visit: impl FnMut(u32),
    ) {
        let by_key = match self {
            Self::Boxes(tree) => return tree.search(window, stack, visit),
            Self::Keys(by_key) => by_key,
        };
        match key.and_then(|key| by_key.groups.get(&key)) {
            Some(Group::Few(rows)) => {
                let entries = by_key.entries.get(rows.clone()).unwrap_or_default();
                let met = entries.iter().filter(|(bounds, _)| bounds.intersects(window));
                met.for_each(|(_, row)| visit(*row));
            }
            Some(Group::Many(tree)) => tree.search(window, stack, visit),
            None => {}
        }
    }

    /// Returns boxes around all boxes, no more than a number of them if that can be.
    pub(super) fn boxes(&self, most: usize) -> Vec<Bounds> {
        match self {
            Self::Boxes(tree) => tree.boxes(most).collect(),
            Self::Keys(by_key) => Tree::new(&by_key.entries).boxes(most).collect(),
        }
    }

    /// Returns the bytes of memory held.
    pub(super) fn memory_size(&self) -> usize {
        let by_key = match self {
            Self::Boxes(tree) => return tree.memory_size(),
            Self::Keys(by_key) => by_key,
        };
        let trees = by_key.groups.values().map(|group| match group {
            Group::Few(_) => 0,
            Group::Many(tree) => tree.memory_size(),
        });
        trees.sum::<usize>()
            + by_key.groups.allocation_size()
            + size_of_val(by_key.entries.as_slice())
    }

    /// Returns about how many bytes are held for so many rows while they are ordered.
    pub(super) fn expected_memory(row_count: usize, has_keys: bool) -> usize {
        let by_key = if has_keys { row_count * 2 * size_of::<(u64, Group)>() } else { 0 };
        Tree::expected_memory(row_count) + row_count * size_of::<Entry>() + by_key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_key_and_box() {
        // A key of a few rows, one of many, and one of one row.
        let keys: Vec<u64> = (0..200).map(|row| [7, 9, 9, 9][row % 4]).chain([11]).collect();
        let at = |row: u32| Bounds::point(f64::from(row), 0.0);
        let entries: Vec<Entry> = (0..201).map(|row| (at(row), row)).collect();
        let lookup = Lookup::new(entries, &keys);
        assert!(matches!(&lookup, Lookup::Keys(by_key) if by_key.groups.len() == 3));
        let window = Bounds::new(10.0, -1.0, 200.0, 1.0);
        for key in [7, 9, 11, 13] {
            let mut found = Vec::new();
            lookup.search(Some(key), &window, &mut Stack::default(), |row| found.push(row));
            found.sort_unstable();
            let expected: Vec<u32> = (10..=200).filter(|row| keys[*row as usize] == key).collect();
            assert_eq!(found, expected, "key {key}");
        }
        assert!(lookup.boxes(128).iter().any(|bounds| bounds.intersects(&at(200))));
    }
}
