//! Whether two parts of a plan read the same rows.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::{ParquetAccessPlan, ParquetRowSelection};
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfig};
use datafusion::datasource::source::DataSourceExec;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{Column, DynamicFilterTracking};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::projection::ProjectionExec;

/// Returns whether two parts of a plan surely read the same columns of the same rows of files,
/// whatever names they give them.
pub(super) fn is_same(one: &Arc<dyn ExecutionPlan>, other: &Arc<dyn ExecutionPlan>) -> bool {
    if let (Some(reading), Some(others)) = (Reading::of(one), Reading::of(other)) {
        let types = |plan: &Arc<dyn ExecutionPlan>| -> Vec<DataType> {
            plan.schema().fields().iter().map(|field| field.data_type().clone()).collect()
        };
        return scans_same(reading.scan, others.scan)
            && reading.columns == others.columns
            && types(one) == types(other);
    }
    let children = one.children().into_iter().zip(other.children());
    one.name() == other.name()
        && one.children().len() == other.children().len()
        && one.schema() == other.schema()
        && does_same(one.as_ref(), other.as_ref())
        && children.into_iter().all(|(one, other)| is_same(one, other))
}

/// Returns whether two expressions over the same columns are the same, whatever the names of the
/// columns.
pub(super) fn is_same_value(one: &Arc<dyn PhysicalExpr>, other: &Arc<dyn PhysicalExpr>) -> bool {
    let unnamed = |expression: &Arc<dyn PhysicalExpr>| {
        let columns = Arc::clone(expression).transform_up(|node| {
            Ok(match node.downcast_ref::<Column>() {
                Some(column) => Transformed::yes(Arc::new(Column::new("", column.index())) as _),
                None => Transformed::no(node),
            })
        });
        columns.ok().map(|columns| columns.data)
    };
    let (one, other) = (unnamed(one), unnamed(other));
    one.is_some() && one == other
}

/// A scan and what is computed of its files, in terms of their columns.
struct Reading<'a> {
    scan: &'a FileScanConfig,
    columns: Vec<Arc<dyn PhysicalExpr>>,
}

impl<'a> Reading<'a> {
    /// Returns what a plan reads, if it does no more than to compute columns.
    fn of(plan: &'a Arc<dyn ExecutionPlan>) -> Option<Self> {
        if let Some(coalesce) = plan.downcast_ref::<CoalescePartitionsExec>() {
            return coalesce.fetch().is_none().then(|| Self::of(coalesce.input()))?;
        }
        if let Some(projection) = plan.downcast_ref::<ProjectionExec>() {
            let below = Self::of(projection.input())?;
            let columns = projection.expr().iter();
            let columns = columns.map(|column| below.value(&column.expr)).collect::<Option<_>>()?;
            return Some(Self { scan: below.scan, columns });
        }
        let scan = scan(plan.as_ref())?;
        let projection = scan.file_source.projection()?;
        let columns = projection.iter().map(|column| Arc::clone(&column.expr)).collect();
        Some(Self { scan, columns })
    }

    /// Returns an expression over the columns in terms of those of the files.
    fn value(&self, expression: &Arc<dyn PhysicalExpr>) -> Option<Arc<dyn PhysicalExpr>> {
        let mut is_known = true;
        let value = Arc::clone(expression).transform_up(|node| {
            let Some(column) = node.downcast_ref::<Column>() else {
                return Ok(Transformed::no(node));
            };
            let Some(value) = self.columns.get(column.index()) else {
                is_known = false;
                return Ok(Transformed::no(node));
            };
            // What is put in must not be looked at again.
            Ok(Transformed::new(Arc::clone(value), true, TreeNodeRecursion::Jump))
        });
        value.ok().filter(|_| is_known).map(|value| value.data)
    }
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
        (Some(one), Some(other)) => {
            let (columns, others) = (one.file_source.projection(), other.file_source.projection());
            format!("{columns:?}") == format!("{others:?}") && scans_same(one, other)
        }
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
    // A file may carry which of its rows are read.
    let is_whole = |file: &PartitionedFile| {
        let extensions = &file.extensions;
        extensions.get::<ParquetAccessPlan>().is_none()
            && extensions.get::<ParquetRowSelection>().is_none()
    };
    let is_plain =
        |scan: &FileScanConfig| scan.file_groups.iter().flat_map(FileGroup::files).all(is_whole);
    let (source, other_source) = (&one.file_source, &other.file_source);
    one.object_store_url == other.object_store_url
        && is_plain(one)
        && is_plain(other)
        && one.limit.is_none()
        && other.limit.is_none()
        && source.file_type() == other_source.file_type()
        && is_same_condition(source.filter().as_ref(), other_source.filter().as_ref())
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
