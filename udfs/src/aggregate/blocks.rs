//! Rows of bytes in blocks that stay where they are: a vector of all of them would be copied each
//! time it grows, into memory that the system has to clear.

/// The most bytes of a block, but for one with a single longer row.
const MOST_BYTES: usize = 4 << 20;
/// The bytes of the first block; each of the next is twice as large as the one before it.
const FIRST_BYTES: usize = 4 << 10;
/// How many places lie in a block of them.
const PLACES: usize = 1 << 16;
/// Where null rows are: there are never so many blocks.
const NULL: u32 = u32::MAX;

/// Rows of bytes, each of which belongs to a group.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    bytes: Vec<Vec<u8>>,
    places: Vec<Vec<Place>>,
    row_count: usize,
    byte_count: usize,
}

/// Where the bytes of a row are, and which group it belongs to.
#[derive(Debug, Clone, Copy)]
struct Place {
    block: u32,
    start: u32,
    end: u32,
    group: u32,
}

impl Blocks {
    /// Returns the number of rows.
    pub(super) fn len(&self) -> usize {
        self.row_count
    }

    /// Returns the number of bytes of all rows.
    pub(super) fn byte_count(&self) -> usize {
        self.byte_count
    }

    /// Adds a row, which may be null, to a group; returns nothing where a row has more than 4
    /// gigabytes.
    pub(super) fn push(&mut self, group: u32, row: Option<&[u8]>) -> Option<()> {
        let place = match row {
            Some(row) => self.append(row, group)?,
            None => Place { block: NULL, start: 0, end: 0, group },
        };
        if self.places.last().is_none_or(|places| places.len() == PLACES) {
            // The places of few rows grow with them.
            let room = if self.places.is_empty() { 0 } else { PLACES };
            self.places.push(Vec::with_capacity(room));
        }
        self.places.last_mut()?.push(place);
        self.row_count += 1;
        Some(())
    }

    /// Appends bytes to the last block, or to a new one if they do not fit; returns where they are.
    fn append(&mut self, row: &[u8], group: u32) -> Option<Place> {
        let last = self.bytes.last().map(|block| (block.len(), block.capacity()));
        if last.is_none_or(|(length, capacity)| capacity - length < row.len()) {
            let room = last.map_or(FIRST_BYTES, |(_, capacity)| capacity.saturating_mul(2));
            self.bytes.push(Vec::with_capacity(room.min(MOST_BYTES).max(row.len())));
        }
        let index = u32::try_from(self.bytes.len().checked_sub(1)?).ok()?;
        let block = self.bytes.last_mut()?;
        let start = u32::try_from(block.len()).ok()?;
        block.extend_from_slice(row);
        let end = u32::try_from(block.len()).ok()?;
        self.byte_count += row.len();
        Some(Place { block: index, start, end, group })
    }

    /// Returns the bytes of a row, unless it is null.
    pub(super) fn row(&self, row: u32) -> Option<&[u8]> {
        let row = row as usize;
        let place = self.places.get(row / PLACES)?.get(row % PLACES)?;
        self.bytes.get(place.block as usize)?.get(place.start as usize..place.end as usize)
    }

    /// Returns the group of each row.
    pub(super) fn groups(&self) -> impl Iterator<Item = u32> {
        self.places.iter().flatten().map(|place| place.group)
    }

    /// Returns the bytes of memory held.
    pub(super) fn size(&self) -> usize {
        let bytes: usize = self.bytes.iter().map(Vec::capacity).sum();
        let places: usize = self.places.iter().map(Vec::capacity).sum();
        let blocks = size_of_val(self.bytes.as_slice()) + size_of_val(self.places.as_slice());
        bytes + places * size_of::<Place>() + blocks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stay_what_they_are_across_blocks() {
        let mut blocks = Blocks::default();
        let length = |row: u32| if row == 70_000 { MOST_BYTES + 1 } else { row as usize % 300 };
        let byte = |row: u32| u8::try_from(row % 251).expect("a byte");
        let count = 3 * u32::try_from(PLACES).expect("a number") / 2;
        for row in 0..count {
            blocks.push(row % 7, Some(&vec![byte(row); length(row)])).expect("room");
        }
        assert_eq!(blocks.len(), count as usize);
        assert_eq!(blocks.byte_count(), (0..count).map(length).sum::<usize>());
        assert!(blocks.bytes.len() > 3 && blocks.places.len() == 2);
        for row in 0..count {
            let bytes = blocks.row(row).expect("a row");
            assert!(bytes.len() == length(row) && bytes.iter().all(|found| *found == byte(row)));
        }
        assert!(blocks.row(count).is_none());
        blocks.push(3, None).expect("room");
        assert!(blocks.row(count).is_none() && blocks.len() == count as usize + 1);
        assert!(blocks.groups().eq((0..count).map(|row| row % 7).chain([3])));
        assert!(blocks.size() >= blocks.byte_count());
    }
}
