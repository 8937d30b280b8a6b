//! What the operator counts, as shown by `EXPLAIN ANALYZE`.

use datafusion::physical_plan::metrics::{
    BaselineMetrics, Count, ExecutionPlanMetricsSet, Gauge, MetricBuilder, Time,
};

/// What the build side counts.
#[derive(Debug, Clone)]
pub(super) struct BuildMetrics {
    pub(super) time: Time,
    pub(super) rows: Count,
    pub(super) batches: Count,
    pub(super) memory: Gauge,
    /// Left geometries that were prepared.
    pub(super) prepared: Count,
}

impl BuildMetrics {
    pub(super) fn new(metrics: &ExecutionPlanMetricsSet) -> Self {
        let builder = || MetricBuilder::new(metrics);
        Self {
            time: builder().subset_time("build_time", 0),
            rows: builder().counter("build_input_rows", 0),
            batches: builder().counter("build_input_batches", 0),
            memory: builder().gauge("build_mem_used", 0),
            prepared: builder().counter("prepared_geometries", 0),
        }
    }

    /// Notes that the build side was there already, and which bytes are booked for it.
    pub(super) fn found(&self, metrics: &ExecutionPlanMetricsSet, bytes: usize) {
        MetricBuilder::new(metrics).counter("build_side_cached", 0).add(1);
        self.memory.set(bytes);
    }
}

/// What a partition of the probe side counts.
#[derive(Debug)]
pub(super) struct ProbeMetrics {
    pub(super) baseline: BaselineMetrics,
    pub(super) rows: Count,
    pub(super) batches: Count,
    /// Pairs whose boxes meet.
    pub(super) candidates: Count,
    /// Pairs that the spatial relation holds for.
    pub(super) matches: Count,
}

impl ProbeMetrics {
    pub(super) fn new(metrics: &ExecutionPlanMetricsSet, partition: usize) -> Self {
        let builder = || MetricBuilder::new(metrics);
        Self {
            baseline: BaselineMetrics::new(metrics, partition),
            rows: builder().counter("input_rows", partition),
            batches: builder().counter("input_batches", partition),
            candidates: builder().counter("candidates", partition),
            matches: builder().counter("matches", partition),
        }
    }
}
