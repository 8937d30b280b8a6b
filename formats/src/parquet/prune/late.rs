//! Whether the geometries are read first, and the other columns for the rows that pass.

use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};

use super::selection::Selection;

/// How many times the bytes of the condition's columns the other columns must have: below that,
/// reading in two steps costs more than it spares.
const WORTHWHILE: usize = 2;

/// Returns whether reading the columns of the condition first is worth it for what is left of a
/// file. `condition` and `projected` are leaves.
pub(super) fn is_worthwhile(
    metadata: &ParquetMetaData,
    selection: &Selection,
    condition: &[usize],
    projected: &[usize],
) -> bool {
    let bytes = |leaf: &usize| -> usize {
        let groups = selection.read(metadata).map(|(group, rows)| {
            let size = group.columns().get(*leaf).map_or(0, ColumnChunkMetaData::compressed_size);
            let size = usize::try_from(size).unwrap_or(0);
            let all = usize::try_from(group.num_rows()).unwrap_or(0).max(1);
            size / all * rows.row_count() + size % all * rows.row_count() / all
        });
        groups.sum()
    };
    let first: usize = condition.iter().map(bytes).sum();
    let others = projected.iter().filter(|leaf| !condition.contains(leaf));
    let later: usize = others.map(bytes).sum();
    later > WORTHWHILE * first
}
