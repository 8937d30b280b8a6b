//! What a file knows about one column of ordinates.

use parquet::basic::Type;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::statistics::Statistics;

use super::ranges::RowRanges;

/// A column of numbers in a file, by its place among the leaves of the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Leaf(pub(super) usize);

/// The least and the greatest number, both possibly further out than the numbers themselves.
pub(super) type Span = [f64; 2];

impl Leaf {
    /// Returns the leaf at a path, if it holds numbers.
    pub(super) fn at(metadata: &ParquetMetaData, path: &[&str]) -> Option<Self> {
        let columns = metadata.file_metadata().schema_descr().columns();
        let place = columns.iter().position(|column| column.path().parts() == path)?;
        let column = columns.get(place)?;
        let is_number = matches!(column.physical_type(), Type::FLOAT | Type::DOUBLE);
        is_number.then_some(Self(place))
    }

    /// Returns whether every row has at most one number.
    pub(super) fn is_flat(self, metadata: &ParquetMetaData) -> bool {
        let column = metadata.file_metadata().schema_descr().columns().get(self.0).cloned();
        column.is_some_and(|column| column.max_rep_level() == 0)
    }

    /// Returns the span of a row group.
    pub(super) fn span(self, group: &RowGroupMetaData) -> Option<Span> {
        match group.columns().get(self.0)?.statistics()? {
            Statistics::Float(column) => Some(outward([*column.min_opt()?, *column.max_opt()?])),
            Statistics::Double(column) => Some([*column.min_opt()?, *column.max_opt()?]),
            _ => None,
        }
    }

    /// Returns how many rows of a row group have no number.
    pub(super) fn null_count(self, group: &RowGroupMetaData) -> Option<u64> {
        group.columns().get(self.0)?.statistics()?.null_count_opt()
    }

    /// Returns the rows of a row group in pages whose span is not refused, and
    /// nothing when the file has no index of its pages. `drops_nulls` says whether pages without a
    /// number may go.
    pub(super) fn pages(
        self,
        metadata: &ParquetMetaData,
        group: usize,
        drops_nulls: bool,
        is_refused: impl Fn(Span) -> bool,
    ) -> Option<RowRanges> {
        let index = metadata.column_index()?.get(group)?.get(self.0)?;
        let locations = metadata.offset_index()?.get(group)?.get(self.0)?.page_locations();
        let row_count = usize::try_from(metadata.row_groups().get(group)?.num_rows()).ok()?;
        if u64::try_from(locations.len()).ok()? != index.num_pages() {
            return None;
        }
        let mut kept = Vec::with_capacity(locations.len());
        for (page, location) in locations.iter().enumerate() {
            let next = locations.get(page + 1).map(|location| location.first_row_index);
            let start = usize::try_from(location.first_row_index).ok()?;
            let end = next.map_or(Ok(row_count), usize::try_from).ok()?;
            let has_nulls = index.null_count(page).is_none_or(|count| count > 0);
            let is_kept = if index.is_null_page(page) {
                !drops_nulls
            } else {
                (has_nulls && !drops_nulls)
                    || page_span(index, page).is_none_or(|span| !is_refused(span))
            };
            if is_kept {
                kept.push(start..end);
            }
        }
        Some(RowRanges::from_ordered(kept))
    }
}

fn page_span(index: &ColumnIndexMetaData, page: usize) -> Option<Span> {
    match index {
        ColumnIndexMetaData::FLOAT(index) => {
            Some(outward([*index.min_value(page)?, *index.max_value(page)?]))
        }
        ColumnIndexMetaData::DOUBLE(index) => {
            Some([*index.min_value(page)?, *index.max_value(page)?])
        }
        _ => None,
    }
}

/// Singles may have been rounded to the nearest number instead of outward: the next one is safe.
fn outward([low, high]: [f32; 2]) -> Span {
    [f64::from(low.next_down()), f64::from(high.next_up())]
}
