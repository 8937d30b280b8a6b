//! What a scan counts when it leaves out parts of files by boxes.

use datafusion::physical_plan::metrics::{
    Count, ExecutionPlanMetricsSet, MetricBuilder, MetricCategory, MetricType, PruningMetrics,
};

/// How much of a file is not read.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pruned {
    pub(super) row_groups: usize,
    pub(super) row_groups_read: usize,
    /// Pages of the columns that are read, in row groups that are read.
    pub(super) pages: usize,
    pub(super) pages_read: usize,
    /// Bytes of the columns that are read.
    pub(super) bytes: usize,
}

/// The counters of one partition of a scan.
#[derive(Debug, Clone)]
pub(super) struct Counters {
    files: PruningMetrics,
    row_groups: PruningMetrics,
    pages: PruningMetrics,
    bytes: Count,
    late: Count,
    boxed: Count,
}

impl Counters {
    pub(super) fn new(metrics: &ExecutionPlanMetricsSet, partition: usize) -> Self {
        let builder = || MetricBuilder::new(metrics).with_type(MetricType::Summary);
        Self {
            files: builder().pruning_metrics("files_pruned_spatial", partition),
            row_groups: builder().pruning_metrics("row_groups_pruned_spatial", partition),
            pages: builder().pruning_metrics("pages_pruned_spatial", partition),
            bytes: builder()
                .with_category(MetricCategory::Bytes)
                .counter("bytes_pruned_spatial", partition),
            late: builder().counter("files_read_late", partition),
            boxed: builder().counter("row_groups_boxed", partition),
        }
    }

    /// Counts a file that was not opened.
    pub(super) fn skip_file(&self, bytes: usize) {
        self.files.add_pruned(1);
        self.bytes.add(bytes);
    }

    /// Counts a file of which parts may be read.
    pub(super) fn read_file(&self, pruned: &Pruned) {
        self.files.add_matched(1);
        self.row_groups.add_pruned(pruned.row_groups);
        self.row_groups.add_matched(pruned.row_groups_read);
        self.pages.add_pruned(pruned.pages);
        self.pages.add_matched(pruned.pages_read);
        self.bytes.add(pruned.bytes);
    }

    /// Counts a row group whose geometries were read for their boxes.
    pub(super) fn read_boxes(&self) {
        self.boxed.add(1);
    }

    /// Counts a file whose other columns are read only for rows that pass.
    pub(super) fn read_late(&self) {
        self.late.add(1);
    }
}
