//! Whether two parts of a plan read the same rows.

use std::sync::Arc;

use datafusion::datasource::physical_plan::{FileGroup, FileScanConfig};
use datafusion::datasource::source::DataSourceExec;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::DynamicFilterTracking;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::projection::ProjectionExec;

/// Returns whether two parts of a plan surely read the same columns of the same rows of files.
pub(super) fn is_same(one: &Arc<dyn ExecutionPlan>, other: &Arc<dyn ExecutionPlan>) -> bool {
    let children = one.children().into_iter().zip(other.children());
    one.name() == other.name()
        && one.children().len() == other.children().len()
        && one.schema() == other.schema()
        && does_same(one.as_ref(), other.as_ref())
        && children.into_iter().all(|(one, other)| is_same(one, other))
}

fn does_same(one: &dyn ExecutionPlan, other: &dyn ExecutionPlan) -> bool {
    if let (Some(one), Some(other)) = (
        one.downcast_ref::<CoalescePartitionsExec>(),
        other.downcast_ref::<CoalescePartitionsExec>(),
    ) {
        return one.fetch() == other.fetch() && one.fetch().is_none();
    }
    if let (Some(one), Some(other)) =
        (one.downcast_ref::<ProjectionExec>(), other.downcast_ref::<ProjectionExec>())
    {
        return one.expr() == other.expr();
    }
    if let (Some(one), Some(other)) =
        (one.downcast_ref::<FilterExec>(), other.downcast_ref::<FilterExec>())
    {
        return is_same_condition(Some(one.predicate()), Some(other.predicate()))
            && one.projection() == other.projection()
            && one.fetch() == other.fetch();
    }
    match (scan(one), scan(other)) {
        (Some(one), Some(other)) => scans_same(one, other),
        _ => false,
    }
}

fn scan(plan: &dyn ExecutionPlan) -> Option<&FileScanConfig> {
    plan.downcast_ref::<DataSourceExec>()?.data_source().downcast_ref::<FileScanConfig>()
}

fn scans_same(one: &FileScanConfig, other: &FileScanConfig) -> bool {
    let files = |scan: &FileScanConfig| -> Vec<_> {
        let files = scan.file_groups.iter().flat_map(FileGroup::files);
        files
            .map(|file| {
                let range = file.range.as_ref().map(|range| (range.start, range.end));
                (file.object_meta.clone(), range, file.partition_values.clone())
            })
            .collect()
    };
    // What else a file carries may say that rows are left out.
    let is_plain = |scan: &FileScanConfig| {
        scan.file_groups.iter().flat_map(FileGroup::files).all(|file| file.extensions.is_empty())
    };
    let (source, other_source) = (&one.file_source, &other.file_source);
    one.object_store_url == other.object_store_url
        && is_plain(one)
        && is_plain(other)
        && one.limit.is_none()
        && other.limit.is_none()
        && source.file_type() == other_source.file_type()
        && is_same_condition(source.filter().as_ref(), other_source.filter().as_ref())
        && format!("{:?}", source.projection()) == format!("{:?}", other_source.projection())
        && files(one) == files(other)
}

/// Returns whether two conditions are the same and stay so.
fn is_same_condition(
    one: Option<&Arc<dyn PhysicalExpr>>,
    other: Option<&Arc<dyn PhysicalExpr>>,
) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => one == other && !changes(one) && !changes(other),
        _ => false,
    }
}

fn changes(condition: &Arc<dyn PhysicalExpr>) -> bool {
    DynamicFilterTracking::classify(condition).contains_dynamic_filter()
}
