//! Which parts of a file have to be read.

use datafusion::datasource::listing::FileRange;
use datafusion::datasource::physical_plan::parquet::ParquetAccessPlan;
use godwit_geometry::SpatialFilter;
use parquet::arrow::arrow_reader::RowSelection;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};

use super::blocks::{Block, Geometries, Pages};
use super::metrics::Pruned;
use super::ranges::RowRanges;
use super::row_boxes::BoxedRows;

/// The rows of a file that have to be read.
#[derive(Debug)]
pub(super) struct Selection {
    /// The rows of each row group; nothing for row groups that another part of the scan reads.
    groups: Vec<Option<RowRanges>>,
}

impl Selection {
    /// Returns the row groups whose boxes fit the filter.
    pub(super) fn of_row_groups(
        metadata: &ParquetMetaData,
        range: Option<&FileRange>,
        geometries: &Geometries,
        filter: &SpatialFilter,
    ) -> Self {
        let fits_file = filter.select(&Block { geometries, group: None });
        let groups = metadata.row_groups().iter().map(|group| {
            if !range.is_none_or(|range| is_in(group, range)) {
                return None;
            }
            let fits = fits_file && filter.select(&Block { geometries, group: Some(group) });
            Some(if fits { RowRanges::first(row_count(group)) } else { RowRanges::default() })
        });
        Self { groups: groups.collect() }
    }

    /// Leaves out the pages whose boxes do not fit the filter.
    pub(super) fn narrow_to_pages(
        &mut self,
        metadata: &ParquetMetaData,
        geometries: &Geometries,
        filter: &SpatialFilter,
    ) {
        for (index, (rows, group)) in self.groups.iter_mut().zip(metadata.row_groups()).enumerate()
        {
            let Some(rows) = rows.as_mut().filter(|rows| !rows.is_empty()) else { continue };
            let row_count = row_count(group);
            *rows = filter.select(&Pages { geometries, metadata, group: index, row_count });
        }
    }

    /// Returns the row groups that have to be read, by their places.
    pub(super) fn groups(&self) -> Vec<usize> {
        let groups = self.groups.iter().enumerate();
        let read = groups.filter(|(_, rows)| rows.as_ref().is_some_and(|rows| !rows.is_empty()));
        read.map(|(group, _)| group).collect()
    }

    /// Leaves out the rows of a row group whose boxes do not fit the filter; returns the share of
    /// them that is left.
    pub(super) fn narrow_to_rows(
        &mut self,
        group: usize,
        boxes: &BoxedRows,
        filter: &SpatialFilter,
    ) -> f64 {
        let Some(Some(rows)) = self.groups.get_mut(group) else { return 1.0 };
        *rows = rows.intersection(&filter.select(boxes));
        rows.row_count() as f64 / boxes.row_count.max(1) as f64
    }

    /// Returns whether nothing has to be read.
    pub(super) fn is_empty(&self) -> bool {
        self.groups.iter().flatten().all(RowRanges::is_empty)
    }

    /// Returns the row groups that have to be read, with their rows.
    pub(super) fn read<'a>(
        &'a self,
        metadata: &'a ParquetMetaData,
    ) -> impl Iterator<Item = (&'a RowGroupMetaData, &'a RowRanges)> {
        let groups = metadata.row_groups().iter().zip(&self.groups);
        groups
            .filter_map(|(group, rows)| Some((group, rows.as_ref()?)))
            .filter(|(_, rows)| !rows.is_empty())
    }

    /// Returns the selection for the reader of the file.
    pub(super) fn access_plan(&self, metadata: &ParquetMetaData) -> ParquetAccessPlan {
        let mut plan = ParquetAccessPlan::new_none(metadata.num_row_groups());
        for (index, (rows, group)) in self.groups.iter().zip(metadata.row_groups()).enumerate() {
            let Some(rows) = rows.as_ref().filter(|rows| !rows.is_empty()) else { continue };
            plan.scan(index);
            let row_count = row_count(group);
            if rows.row_count() < row_count {
                let ranges = rows.iter();
                plan.scan_selection(
                    index,
                    RowSelection::from_consecutive_ranges(ranges, row_count),
                );
            }
        }
        plan
    }

    /// Returns what is not read of the columns in `leaves`.
    pub(super) fn pruned(&self, metadata: &ParquetMetaData, leaves: &[usize]) -> Pruned {
        let mut pruned = Pruned::default();
        let offsets = metadata.offset_index();
        for (index, (rows, group)) in self.groups.iter().zip(metadata.row_groups()).enumerate() {
            let Some(rows) = rows else { continue };
            let columns = leaves.iter().filter_map(|leaf| group.columns().get(*leaf));
            if rows.is_empty() {
                pruned.row_groups += 1;
                pruned.bytes +=
                    columns.map(|column| positive(column.compressed_size())).sum::<usize>();
                continue;
            }
            pruned.row_groups_read += 1;
            let pages = offsets.and_then(|offsets| offsets.get(index));
            for leaf in leaves {
                let Some(pages) = pages.and_then(|pages| pages.get(*leaf)) else { continue };
                let pages = pages.page_locations();
                for (page, location) in pages.iter().enumerate() {
                    let next = pages.get(page + 1).map(|next| positive(next.first_row_index));
                    let end = next.unwrap_or_else(|| row_count(group));
                    if rows.meets(&(positive(location.first_row_index)..end)) {
                        pruned.pages_read += 1;
                    } else {
                        pruned.pages += 1;
                        pruned.bytes += positive(i64::from(location.compressed_page_size));
                    }
                }
            }
        }
        pruned
    }
}

/// Returns whether a row group begins in a range of the file, as the reader decides it.
fn is_in(group: &RowGroupMetaData, range: &FileRange) -> bool {
    let Some(column) = group.columns().first() else { return true };
    range.contains(column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset()))
}

fn row_count(group: &RowGroupMetaData) -> usize {
    positive(group.num_rows())
}

fn positive(number: impl TryInto<usize>) -> usize {
    number.try_into().unwrap_or(0)
}
