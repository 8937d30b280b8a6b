//! Where the pages of a row group lie, for files that do not say it.
//!
//! Files without an offset index, as pyarrow writes them, are read by whole row groups for one row.
//! But every page begins with a header that says how long it is and how many rows it has.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use bytes::buf::Reader;
use bytes::{Buf as _, Bytes};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use parquet::column::page::PageReader as _;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::page_index::offset_index::{OffsetIndexMetaData, PageLocation};
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::serialized_reader::SerializedPageReader;

use super::leaf::Leaf;

/// Returns whether the pages of a row group without an offset index can be found by reading little
/// more than the geometries in `leaf`.
pub(super) fn can_be_found(group: &RowGroupMetaData, leaf: Leaf) -> bool {
    let geometries = group.columns().get(leaf.0).map_or(0, ColumnChunkMetaData::compressed_size);
    let sizes = group.columns().iter().map(ColumnChunkMetaData::compressed_size);
    let all = sizes.fold(0, i64::saturating_add);
    // The header of a page does not say how many rows it has where rows have several values.
    let is_flat = |chunk: &ColumnChunkMetaData| chunk.column_descr().max_rep_level() == 0;
    all / 2 <= geometries
        && group.columns().iter().all(|chunk| chunk.offset_index_offset().is_none())
        && group.columns().iter().all(is_flat)
}

/// Returns where the pages of each column of a row group lie, of which the chunk in `leaf` was read
/// already.
pub(super) async fn find(
    store: &Arc<dyn ObjectStore>,
    location: &Path,
    group: &RowGroupMetaData,
    (leaf, read): (Leaf, &Bytes),
) -> Option<Vec<OffsetIndexMetaData>> {
    let row_count = usize::try_from(group.num_rows()).ok()?;
    let mut columns = Vec::with_capacity(group.num_columns());
    for (place, chunk) in group.columns().iter().enumerate() {
        let bytes = if place == leaf.0 {
            read.clone()
        } else {
            store.get_range(location, range(chunk)?).await.ok()?
        };
        let page_locations = locations(chunk, bytes, row_count).ok().flatten()?;
        let unencoded_byte_array_data_bytes = None;
        columns.push(OffsetIndexMetaData { page_locations, unencoded_byte_array_data_bytes });
    }
    Some(columns)
}

/// Returns the bytes of a file that a column chunk takes; nothing if they cannot be.
pub(super) fn range(chunk: &ColumnChunkMetaData) -> Option<Range<u64>> {
    let start = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
    let start = u64::try_from(start).ok()?;
    Some(start..start.checked_add(u64::try_from(chunk.compressed_size()).ok()?)?)
}

/// Returns the data pages of a chunk; nothing if its headers do not fit its metadata.
fn locations(
    chunk: &ColumnChunkMetaData,
    bytes: Bytes,
    row_count: usize,
) -> ParquetResult<Option<Vec<PageLocation>>> {
    let Some(Range { start, end }) = range(chunk) else { return Ok(None) };
    let reader = Arc::new(Observed { start, bytes, last_look: Mutex::default() });
    let mut pages = SerializedPageReader::new(Arc::clone(&reader), chunk, row_count, None)?;
    // The place and the rows of each page; a dictionary has none.
    let mut headers = Vec::new();
    while let Some(page) = pages.peek_next_page()? {
        let rows = if page.is_dict { None } else { page.num_rows.or(page.num_levels) };
        headers.push((reader.last_look(), rows));
        pages.skip_next_page()?;
    }
    let mut locations: Vec<PageLocation> = Vec::with_capacity(headers.len());
    let (mut next_row, mut expected) = (0_usize, start);
    for (index, (offset, rows)) in headers.iter().enumerate() {
        let next = headers.get(index + 1).map_or(Some(end), |(next, _)| *next);
        let (Some(offset), Some(next)) = (*offset, next) else { return Ok(None) };
        if offset != expected || next <= offset {
            return Ok(None);
        }
        expected = next;
        match rows {
            None if index == 0 => {}
            None | Some(0) => return Ok(None),
            Some(rows) => {
                locations.push(PageLocation {
                    offset: i64::try_from(offset)?,
                    compressed_page_size: i32::try_from(next - offset)?,
                    first_row_index: i64::try_from(next_row)?,
                });
                next_row = next_row.saturating_add(*rows);
            }
        }
    }
    Ok((next_row == row_count && !locations.is_empty()).then_some(locations))
}

/// A part of a file that knows where it was read.
struct Observed {
    /// Where the part begins in the file.
    start: u64,
    bytes: Bytes,
    last_look: Mutex<Option<u64>>,
}

impl Observed {
    /// Returns the place in the file from which was read last.
    fn last_look(&self) -> Option<u64> {
        self.last_look.lock().ok().and_then(|look| *look)
    }

    fn from(&self, start: u64) -> ParquetResult<Bytes> {
        let skipped =
            start.checked_sub(self.start).and_then(|skipped| usize::try_from(skipped).ok());
        match skipped.filter(|skipped| *skipped <= self.bytes.len()) {
            Some(skipped) => Ok(self.bytes.slice(skipped..)),
            None => Err(ParquetError::EOF(format!("no page at {start}"))),
        }
    }
}

impl Length for Observed {
    fn len(&self) -> u64 {
        self.start.saturating_add(self.bytes.len() as u64)
    }
}

impl ChunkReader for Observed {
    type T = Reader<Bytes>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        if let Ok(mut look) = self.last_look.lock() {
            *look = Some(start);
        }
        Ok(self.from(start)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        let bytes = self.from(start)?;
        if length > bytes.len() {
            return Err(ParquetError::EOF(format!("no {length} bytes at {start}")));
        }
        Ok(bytes.slice(..length))
    }
}
