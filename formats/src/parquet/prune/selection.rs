//! Which parts of a file have to be read.

use datafusion::datasource::physical_plan::parquet::ParquetAccessPlan;
use godwit_geometry::SpatialFilter;
use parquet::arrow::arrow_reader::RowSelection;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};

use super::blocks::{Block, Geometries, Pages};
use super::metrics::Pruned;
use super::parts::Part;
use super::ranges::RowRanges;
use super::row_boxes::BoxedRows;

/// The rows of a file, or of a part of it, that have to be read.
#[derive(Debug)]
pub(super) struct Selection {
    /// The rows of each row group; nothing for row groups that another part of the scan reads.
    groups: Vec<Option<Selected>>,
}

/// Rows of a row group.
#[derive(Debug)]
struct Selected {
    /// The rows of this part of the scan.
    own: RowRanges,
    /// Those of them that have to be read.
    rows: RowRanges,
}

impl Selected {
    fn is_read(&self) -> bool {
        !self.rows.is_empty()
    }
}

impl Selection {
    /// Returns the rows of a part of a file, or of all of it, in row groups whose boxes fit the
    /// filter.
    pub(super) fn of_row_groups(
        metadata: &ParquetMetaData,
        part: Option<Part<'_>>,
        geometries: &Geometries,
        filter: &SpatialFilter,
    ) -> Self {
        let fits_file = filter.select(&Block { geometries, group: None });
        let groups = metadata.row_groups().iter().map(|group| {
            let own = match part {
                Some(part) => part.rows(metadata, group)?,
                None => RowRanges::first(row_count(group)),
            };
            let fits = fits_file && filter.select(&Block { geometries, group: Some(group) });
            let rows = if fits { own.clone() } else { RowRanges::default() };
            Some(Selected { own, rows })
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
        for (index, (selected, group)) in
            self.groups.iter_mut().zip(metadata.row_groups()).enumerate()
        {
            let Some(Selected { rows, .. }) = selected else { continue };
            if !rows.is_empty() {
                let row_count = row_count(group);
                let pages = Pages { geometries, metadata, group: index, row_count };
                *rows = rows.intersection(&filter.select(&pages));
            }
        }
    }

    /// Returns the row groups that have to be read, by their places.
    pub(super) fn groups(&self) -> Vec<usize> {
        let groups = self.groups.iter().enumerate();
        let read = groups.filter(|(_, group)| group.as_ref().is_some_and(Selected::is_read));
        read.map(|(group, _)| group).collect()
    }

    /// Returns whether the first row of a row group is in this part of the scan.
    pub(super) fn begins(&self, group: usize) -> bool {
        let group = self.groups.get(group).and_then(Option::as_ref);
        group.is_some_and(|group| group.own.meets(&(0..1)))
    }

    /// Leaves out the rows of a row group whose boxes do not fit the filter; returns the share of
    /// them that is left.
    pub(super) fn narrow_to_rows(
        &mut self,
        group: usize,
        boxes: &BoxedRows,
        filter: &SpatialFilter,
    ) -> f64 {
        let Some(Some(Selected { own, rows })) = self.groups.get_mut(group) else { return 1.0 };
        *rows = rows.intersection(&filter.select(boxes));
        rows.row_count() as f64 / own.row_count().max(1) as f64
    }

    /// Returns whether nothing has to be read.
    pub(super) fn is_empty(&self) -> bool {
        !self.groups.iter().flatten().any(Selected::is_read)
    }

    /// Returns the row groups that have to be read, with their rows.
    pub(super) fn read<'a>(
        &'a self,
        metadata: &'a ParquetMetaData,
    ) -> impl Iterator<Item = (&'a RowGroupMetaData, &'a RowRanges)> {
        let groups = metadata.row_groups().iter().zip(&self.groups);
        groups
            .filter_map(|(group, selected)| Some((group, &selected.as_ref()?.rows)))
            .filter(|(_, rows)| !rows.is_empty())
    }

    /// Returns the selection for the reader of the file.
    pub(super) fn access_plan(&self, metadata: &ParquetMetaData) -> ParquetAccessPlan {
        let mut plan = ParquetAccessPlan::new_none(metadata.num_row_groups());
        for (index, (selected, group)) in self.groups.iter().zip(metadata.row_groups()).enumerate()
        {
            let Some(Selected { rows, .. }) = selected.as_ref().filter(|group| group.is_read())
            else {
                continue;
            };
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
        for (index, (selected, group)) in self.groups.iter().zip(metadata.row_groups()).enumerate()
        {
            let Some(Selected { own, rows }) = selected else { continue };
            let columns = leaves.iter().filter_map(|leaf| group.columns().get(*leaf));
            if rows.is_empty() {
                pruned.row_groups += 1;
                let bytes: usize = columns.map(|column| positive(column.compressed_size())).sum();
                pruned.bytes += bytes.saturating_mul(own.row_count()) / row_count(group).max(1);
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
                    let page = positive(location.first_row_index)..end;
                    if rows.meets(&page) {
                        pruned.pages_read += 1;
                    } else if own.meets(&page) {
                        pruned.pages += 1;
                        pruned.bytes += positive(i64::from(location.compressed_page_size));
                    }
                }
            }
        }
        pruned
    }
}

fn row_count(group: &RowGroupMetaData) -> usize {
    positive(group.num_rows())
}

fn positive(number: impl TryInto<usize>) -> usize {
    number.try_into().unwrap_or(0)
}
