//! Which rows of a row group one part of a file has.
//!
//! A file is divided among threads by its bytes. Read whole, a file of one row group keeps one
//! thread busy; where the pages of a large row group can be found, each part that it reaches into
//! has as many of its rows as of its bytes.

use std::ops::Range;

use datafusion::datasource::listing::FileRange;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};

use super::page_headers;
use super::ranges::RowRanges;

/// Row groups of fewer rows are divided only in files of few.
const LARGE: usize = 1 << 17;
/// Files of fewer row groups may have fewer than there are threads.
const FEW_GROUPS: usize = 4;
/// Parts begin at a multiple of so many rows, so that none is too small to be worth it.
const STEP: usize = 1024;

/// Bytes of a file, as one of several parts that cover it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) bytes: &'a FileRange,
    /// The bytes of the file.
    pub(super) size: u64,
    /// Whether the places of pages are looked at.
    pub(super) knows_pages: bool,
}

impl Part<'_> {
    /// Returns whether other parts may have rows of a row group as well.
    ///
    /// What is said depends on the file alone, and so is the same for all of its parts.
    pub(super) fn shares(self, metadata: &ParquetMetaData, group: &RowGroupMetaData) -> bool {
        let is_large = row_count(group) >= LARGE || metadata.num_row_groups() < FEW_GROUPS;
        self.knows_pages && is_large && self.extent(group).is_some()
    }

    /// Returns the rows of a row group that the part has; nothing if it has none.
    pub(super) fn rows(
        self,
        metadata: &ParquetMetaData,
        group: &RowGroupMetaData,
    ) -> Option<RowRanges> {
        let row_count = row_count(group);
        let extent = self.extent(group).filter(|_| self.shares(metadata, group));
        let Some(extent) = extent else {
            return begins_in(group, self.bytes).then(|| RowRanges::first(row_count));
        };
        let FileRange { start, end } = self.bytes;
        let [start, end] = [start, end].map(|place| row_at(&extent, row_count, *place));
        (start < end).then(|| RowRanges::from_ordered(std::iter::once(start..end)))
    }

    /// Returns the bytes of the file that a row group takes, if its pages can be found.
    fn extent(self, group: &RowGroupMetaData) -> Option<Range<u64>> {
        let of_chunk = |chunk: &ColumnChunkMetaData| {
            chunk.offset_index_offset().and_then(|_| page_headers::range(chunk))
        };
        let chunks = group.columns().iter().map(of_chunk).collect::<Option<Vec<_>>>()?;
        let start = chunks.iter().map(|chunk| chunk.start).min()?;
        let end = chunks.iter().map(|chunk| chunk.end).max()?;
        (start < end && end <= self.size).then_some(start..end)
    }
}

/// Returns the first row behind a place in the file, if rows take as many bytes each.
fn row_at(extent: &Range<u64>, row_count: usize, place: i64) -> usize {
    let place = u64::try_from(place).unwrap_or(0).clamp(extent.start, extent.end);
    if place == extent.end {
        return row_count;
    }
    let bytes = u128::from(place - extent.start) * row_count as u128;
    let row = bytes / u128::from(extent.end - extent.start);
    usize::try_from(row).map_or(row_count, |row| row / STEP * STEP)
}

/// Returns whether a row group begins in a range of the file, as the reader decides it.
fn begins_in(group: &RowGroupMetaData, range: &FileRange) -> bool {
    let Some(column) = group.columns().first() else { return true };
    range.contains(column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset()))
}

fn row_count(group: &RowGroupMetaData) -> usize {
    usize::try_from(group.num_rows()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, BinaryArray, Int64Array, RecordBatch};
    use bytes::Bytes;
    use godwit_geometry::{Relation, write};
    use parquet::arrow::ArrowWriter;
    use parquet::file::metadata::{PageIndexPolicy, ParquetMetaDataReader};
    use parquet::file::properties::{EnabledStatistics, WriterProperties};

    use super::*;
    use crate::test_support::{function, hex, open};

    const ROWS: i64 = 20_000;

    /// Returns a file of points along a diagonal in row groups of so many rows.
    fn file(group_rows: usize, has_pages: bool) -> Vec<u8> {
        let ids: ArrayRef = Arc::new(Int64Array::from_iter_values(0..ROWS));
        let points = (0..ROWS).map(|id| Some(write::point_xy(id as f64, id as f64)));
        let points: ArrayRef = Arc::new(points.collect::<BinaryArray>());
        let rows = RecordBatch::try_from_iter([("id", ids), ("geom", points)]).unwrap();
        let statistics = if has_pages { EnabledStatistics::Page } else { EnabledStatistics::None };
        let properties = WriterProperties::builder()
            .set_max_row_group_row_count(Some(group_rows))
            .set_data_page_row_count_limit(500)
            .set_write_batch_size(500)
            .set_statistics_enabled(statistics)
            .set_offset_index_disabled(!has_pages)
            .build();
        let mut writer = ArrowWriter::try_new(Vec::new(), rows.schema(), Some(properties)).unwrap();
        writer.write(&rows).unwrap();
        writer.into_inner().unwrap()
    }

    #[test]
    fn parts_that_cover_a_file_have_each_row_once() {
        for (group_rows, has_pages) in
            [(20_000, true), (7_000, true), (3_000, true), (9_000, false)]
        {
            let bytes = file(group_rows, has_pages);
            let size = bytes.len() as u64;
            let reader = ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Skip);
            let metadata = reader.parse_and_finish(&Bytes::from(bytes)).unwrap();
            for count in [1, 2, 3, 7, 64, 1000] {
                let at = |part: u64| i64::try_from(size * part / count).unwrap();
                let ranges = (0..count).map(|n| FileRange { start: at(n), end: at(n + 1) });
                let ranges: Vec<_> = ranges.collect();
                for group in metadata.row_groups() {
                    let parts = ranges.iter().map(|bytes| Part { bytes, size, knows_pages: true });
                    let rows: Vec<_> =
                        parts.filter_map(|part| part.rows(&metadata, group)).collect();
                    let all = RowRanges::from_ordered(rows.iter().flat_map(RowRanges::iter));
                    assert_eq!(all, RowRanges::first(row_count(group)), "{group_rows} {count}");
                    let total: usize = rows.iter().map(RowRanges::row_count).sum();
                    assert_eq!(total, row_count(group), "{group_rows} {count}");
                    let is_shared = has_pages && group_rows >= 7_000;
                    assert!(is_shared || rows.len() == 1);
                }
            }
        }
    }

    #[test]
    fn row_groups_beyond_the_end_of_a_file_are_not_shared() {
        let bytes = file(20_000, true);
        let size = bytes.len() as u64;
        let metadata = ParquetMetaDataReader::new().parse_and_finish(&Bytes::from(bytes)).unwrap();
        let range = FileRange { start: 0, end: 8 };
        let part = |size| Part { bytes: &range, size, knows_pages: true };
        let group = metadata.row_group(0);
        assert!(part(size).shares(&metadata, group));
        assert!(!part(1000).shares(&metadata, group));
        assert_eq!(part(1000).rows(&metadata, group), Some(RowRanges::first(20_000)));
    }

    #[tokio::test]
    async fn threads_share_a_row_group() {
        let table = open("PARQUET", ".parquet", &file(20_000, true), &[]).await.unwrap();
        table.register(function(Relation::Intersects));
        for setting in [
            "optimizer.repartition_file_min_size = 1",
            "execution.target_partitions = 4",
            "execution.enable_file_stream_work_stealing = false",
        ] {
            table.select(&format!("SET datafusion.{setting}")).await.unwrap();
        }
        let counts = table.row_counts("SELECT id FROM t").await;
        assert_eq!(counts.iter().sum::<usize>(), 20_000);
        assert!(counts.iter().all(|count| *count > 2_000), "{counts:?}");
        let window = hex(&godwit_geometry::box_2d([4_000.5, 0.0], [15_999.5, 20_000.0]));
        let near = format!("st_intersects(geom, decode('{window}', 'hex'))");
        for (condition, expected) in [
            ("TRUE", "20000 | 199990000"),
            ("id BETWEEN 4999 AND 15000", "10002 | 100014999"),
            ("id % 7 = 3", "2857 | 28567143"),
            (near.as_str(), "11999 | 119990000"),
        ] {
            let sql = format!("SELECT count(*) || ' | ' || sum(id) AS a FROM t WHERE {condition}");
            let shown = table.show(&sql).await;
            assert!(shown.contains(expected), "{condition}: {shown}");
        }
        let first = table.show("SELECT id FROM t ORDER BY id DESC LIMIT 1").await;
        assert!(first.contains("19999"), "{first}");
    }
}
