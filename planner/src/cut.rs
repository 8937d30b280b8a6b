//! The rule that lets partitions which are done early take over from those that are not.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfig, FileScanConfigBuilder};
use datafusion::datasource::source::DataSourceExec;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;

/// So many pieces a partition is given.
const PIECES: u64 = 8;
/// Smaller pieces are not worth being opened for themselves.
const SMALLEST: u64 = 16 << 20;

/// Cuts large Parquet files into pieces.
///
/// A file is divided among the partitions by its bytes, but a row group is read as a whole, so
/// that one of two partitions often reads three of four. Partitions take what is to be read from
/// one queue, so that smaller pieces keep all of them busy until the end.
#[derive(Debug, Default)]
pub(crate) struct CutFiles;

impl PhysicalOptimizerRule for CutFiles {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        if !config.execution.enable_file_stream_work_stealing {
            return Ok(plan);
        }
        let cut = plan.transform_up(|node| {
            let scan = node.downcast_ref::<DataSourceExec>();
            let scan = scan.and_then(|scan| scan.data_source().downcast_ref::<FileScanConfig>());
            let Some(scan) = scan.filter(|scan| shares_files(scan)) else {
                return Ok(Transformed::no(node));
            };
            let groups: Vec<_> = pieces(&scan.file_groups);
            if groups.iter().map(FileGroup::len).eq(scan.file_groups.iter().map(FileGroup::len)) {
                return Ok(Transformed::no(node));
            }
            let scan = FileScanConfigBuilder::from(scan.clone()).with_file_groups(groups).build();
            Ok(Transformed::yes(DataSourceExec::from_data_source(scan) as _))
        })?;
        Ok(cut.data)
    }

    fn name(&self) -> &'static str {
        "cut_files"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Returns whether the partitions of a scan take files from one queue, in which the order of rows
/// means nothing.
fn shares_files(scan: &FileScanConfig) -> bool {
    scan.file_groups.len() > 1
        && scan.file_source.file_type() == "parquet"
        && !scan.preserve_order
        && scan.output_partitioning.is_none()
        && scan.output_ordering.is_empty()
        && scan.limit.is_none()
}

/// Returns the same groups of smaller pieces.
fn pieces(groups: &[FileGroup]) -> Vec<FileGroup> {
    let total: u64 = groups.iter().flat_map(FileGroup::iter).map(length).sum();
    let count = PIECES * u64::try_from(groups.len()).unwrap_or(1);
    let size = (total / count.max(1)).max(SMALLEST);
    let cut = |group: &FileGroup| group.iter().flat_map(|file| cut(file, size)).collect();
    groups.iter().map(|group| FileGroup::new(cut(group))).collect()
}

/// Returns a file as pieces of about a size.
fn cut(file: &PartitionedFile, size: u64) -> Vec<PartitionedFile> {
    let start = file.range.as_ref().map_or(0, |range| range.start);
    let count = length(file).div_ceil(size).max(1);
    if count == 1 {
        return vec![file.clone()];
    }
    let bounds = |piece: u64| {
        let from_start = u128::from(length(file)) * u128::from(piece) / u128::from(count);
        start + i64::try_from(from_start).unwrap_or(i64::MAX)
    };
    let pieces = (0..count).map(|piece| file.clone().with_range(bounds(piece), bounds(piece + 1)));
    pieces.collect()
}

/// Returns how many bytes of a file are read.
fn length(file: &PartitionedFile) -> u64 {
    match &file.range {
        Some(range) => u64::try_from(range.end - range.start).unwrap_or(0),
        None => file.object_meta.size,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_a_file_once() {
        for (size, count) in [(0, 1), (1, 1), (SMALLEST, 1), (SMALLEST + 1, 2), (1 << 30, 16)] {
            let halves = [(0, size / 2), (size / 2, size)].map(|(start, end)| {
                let range = (i64::try_from(start).unwrap(), i64::try_from(end).unwrap());
                PartitionedFile::new("points.parquet", size).with_range(range.0, range.1)
            });
            let groups = halves.map(|half| FileGroup::new(vec![half]));
            let cut = pieces(&groups);
            assert_eq!(cut.len(), 2);
            let files: Vec<_> = cut.iter().flat_map(FileGroup::iter).collect();
            assert!(files.len() <= count.max(2), "{size}: {}", files.len());
            assert_eq!(files.iter().map(|file| length(file)).sum::<u64>(), size);
            let ranges: Vec<_> = files.iter().filter_map(|file| file.range.as_ref()).collect();
            assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start));
        }
    }
}
