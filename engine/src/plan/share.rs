//! Plans that can be divided by the files they read, and one share of such a plan.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfig, FileScanConfigBuilder};
use datafusion::datasource::source::DataSourceExec;
use datafusion::execution::session_state::SessionState;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::repartition::RepartitionExec;
use datafusion::physical_plan::unnest::UnnestExec;

use super::Scope;

/// Shares of fewer bytes are not worth a stream of their own.
const SMALLEST: usize = 1 << 20;

/// Lets plans read files in so many shares, each of which is the same whenever it is planned.
pub(crate) fn in_shares(scope: &mut Scope, count: usize) {
    let mut state = SessionState::clone(&scope.state);
    let options = state.config_mut().options_mut();
    options.execution.target_partitions = count;
    options.execution.enable_file_stream_work_stealing = false;
    options.optimizer.repartition_file_min_size = SMALLEST;
    scope.state = Arc::new(state);
}

/// Returns what each share of a plan reads, in words that tell one state of a file from another;
/// nothing if it cannot be divided.
///
/// It can if every row comes from one row of the one scan below, and neither order nor number of
/// the rows matters: whatever else there is would have to be done in each share, or read them all.
pub(crate) fn shares(plan: &Arc<dyn ExecutionPlan>) -> Option<Vec<String>> {
    let scan = scan(plan)?;
    (scan.file_groups.len() > 1).then(|| scan.file_groups.iter().map(text).collect())
}

fn scan(plan: &Arc<dyn ExecutionPlan>) -> Option<&FileScanConfig> {
    if let Some(source) = plan.downcast_ref::<DataSourceExec>() {
        let scan = source.data_source().downcast_ref::<FileScanConfig>()?;
        let is_free = scan.limit.is_none() && scan.output_ordering.is_empty();
        return is_free.then_some(scan);
    }
    match plan.children().as_slice() {
        [input] if passes_rows(plan) => scan(input),
        _ => None,
    }
}

fn passes_rows(plan: &Arc<dyn ExecutionPlan>) -> bool {
    let is_known = plan.is::<CoalescePartitionsExec>()
        || plan.is::<CooperativeExec>()
        || plan.is::<FilterExec>()
        || plan.is::<ProjectionExec>()
        || plan.is::<RepartitionExec>()
        || plan.is::<UnnestExec>();
    is_known && plan.fetch().is_none()
}

fn text(group: &FileGroup) -> String {
    let file = |file: &PartitionedFile| {
        let object = &file.object_meta;
        let range = file.range.as_ref().map(|range| (range.start, range.end));
        format!("{} {} {} {range:?}\n", object.location, object.size, object.last_modified)
    };
    group.iter().map(file).collect()
}

/// Returns the plan that reads one share of what a plan reads.
pub(crate) fn share(plan: Arc<dyn ExecutionPlan>, index: usize) -> Result<Arc<dyn ExecutionPlan>> {
    let shared = plan.transform_up(|node| {
        let source = node.downcast_ref::<DataSourceExec>();
        let scan = source.and_then(|scan| scan.data_source().downcast_ref::<FileScanConfig>());
        let Some(scan) = scan else { return Ok(Transformed::no(node)) };
        let groups = scan.file_groups.get(index).cloned().into_iter().collect();
        let scan = FileScanConfigBuilder::from(scan.clone()).with_file_groups(groups).build();
        Ok(Transformed::yes(DataSourceExec::from_data_source(scan) as _))
    })?;
    Ok(shared.data)
}
