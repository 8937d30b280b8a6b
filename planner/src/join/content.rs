//! What a part of a plan reads of files, which says whether two parts read the same: in one plan,
//! or in two of which the second comes later.
//!
//! Columns and conditions are brought to expressions over the columns of the files, whatever the
//! planner calls them and wherever it computes them. The text of a plan is not compared, because
//! it may leave out what tells two constants apart.

use std::sync::Arc;

use arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::ScalarValue;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::datasource::file_format::file_compression_type::FileCompressionType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::{ParquetAccessPlan, ParquetRowSelection};
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfig, FileSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::object_store::ObjectMeta;
use datafusion::physical_expr::expressions::{Column, DynamicFilterTracking};
use datafusion::physical_expr::{PhysicalExpr, split_conjunction};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::repartition::RepartitionExec;

use super::lasting::{is_known_file, lasts};

/// How a source makes rows of its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manner {
    /// What tells it from other ways: its options, and what it computes.
    pub text: String,
    /// Whether nothing is read but the files that a scan lists.
    pub is_closed: bool,
}

/// Says how a source makes rows of its files, if that is known.
pub type MannerOf = fn(&Arc<dyn FileSource>) -> Option<Manner>;

/// What a part of a plan reads, if that is files alone: some of their rows, and what is computed
/// of each.
#[derive(Debug, PartialEq)]
pub(crate) struct Content {
    pieces: Vec<Piece>,
    store: ObjectStoreUrl,
    compression: FileCompressionType,
    manner: Manner,
    /// The columns of the files, and those of the places that they lie in.
    schema: SchemaRef,
    /// What the scan was told about the rows that are needed.
    told: Vec<Arc<dyn PhysicalExpr>>,
    conditions: Vec<Arc<dyn PhysicalExpr>>,
    columns: Vec<Arc<dyn PhysicalExpr>>,
    types: Vec<DataType>,
}

/// A file or a part of one, as it was when it was listed.
#[derive(Debug, PartialEq)]
struct Piece {
    object: ObjectMeta,
    range: Option<(i64, i64)>,
    partition_values: Vec<ScalarValue>,
}

impl Content {
    /// Returns what a plan reads, if it does no more than to read files, to compute columns and to
    /// leave out rows, and if its conditions stay as they are.
    pub(super) fn of(plan: &Arc<dyn ExecutionPlan>, manner_of: MannerOf) -> Option<Self> {
        let Reading { scan, told, conditions, columns } = Reading::of(plan)?;
        Some(Self {
            pieces: pieces(scan)?,
            store: scan.object_store_url.clone(),
            compression: scan.file_compression_type,
            manner: manner_of(&scan.file_source)?,
            schema: Arc::clone(scan.file_source.table_schema().table_schema()),
            told,
            conditions,
            columns,
            types: plan.schema().fields().iter().map(|field| field.data_type().clone()).collect(),
        })
    }

    /// Returns an expression over the columns that are read as one over those of the files.
    pub(super) fn value(
        &self,
        expression: &Arc<dyn PhysicalExpr>,
    ) -> Option<Arc<dyn PhysicalExpr>> {
        over_files(&self.columns, expression)
    }

    /// Returns whether later plans of the same content read the same rows.
    pub(super) fn lasts(&self) -> bool {
        self.manner.is_closed
            && self.pieces.iter().all(|piece| is_known_file(&piece.object))
            && self.told.iter().chain(&self.conditions).chain(&self.columns).all(lasts)
    }

    /// Returns about how many bytes are taken to know the content.
    pub(super) fn memory_size(&self) -> usize {
        let path_bytes = |piece: &Piece| piece.object.location.as_ref().len();
        let paths: usize = self.pieces.iter().map(path_bytes).sum();
        size_of_val(self.pieces.as_slice()) + paths
    }
}

/// A scan and what becomes of its rows, in terms of the columns of its files.
struct Reading<'a> {
    scan: &'a FileScanConfig,
    told: Vec<Arc<dyn PhysicalExpr>>,
    conditions: Vec<Arc<dyn PhysicalExpr>>,
    columns: Vec<Arc<dyn PhysicalExpr>>,
}

impl<'a> Reading<'a> {
    fn of(plan: &'a Arc<dyn ExecutionPlan>) -> Option<Self> {
        if let Some(coalesce) = plan.downcast_ref::<CoalescePartitionsExec>() {
            return coalesce.fetch().is_none().then(|| Self::of(coalesce.input()))?;
        }
        if let Some(spread) = plan.downcast_ref::<RepartitionExec>() {
            return Self::of(spread.input());
        }
        if let Some(projection) = plan.downcast_ref::<ProjectionExec>() {
            let below = Self::of(projection.input())?;
            let columns = projection.expr().iter();
            let columns = columns.map(|column| over_files(&below.columns, &column.expr));
            return Some(Self { columns: columns.collect::<Option<_>>()?, ..below });
        }
        if let Some(filter) = plan.downcast_ref::<FilterExec>() {
            return Self::of(filter.input())?.filtered(filter);
        }
        let scan = plan.downcast_ref::<DataSourceExec>()?;
        let scan = scan.data_source().downcast_ref::<FileScanConfig>()?;
        if scan.limit.is_some() {
            return None;
        }
        let told = scan.file_source.filter();
        let told = told.iter().flat_map(split_conjunction).map(Arc::clone).collect::<Vec<_>>();
        if told.iter().any(changes) {
            return None;
        }
        let columns = scan.file_source.projection()?.iter();
        let columns = columns.map(|column| Arc::clone(&column.expr)).collect();
        Some(Self { scan, told, conditions: Vec::new(), columns })
    }

    /// Returns the rows among these that a filter lets through.
    fn filtered(mut self, filter: &FilterExec) -> Option<Self> {
        if filter.fetch().is_some() || changes(filter.predicate()) {
            return None;
        }
        for condition in split_conjunction(filter.predicate()) {
            let condition = over_files(&self.columns, condition)?;
            self.conditions.push(condition);
        }
        if let Some(projection) = filter.projection() {
            let columns = projection.iter().map(|index| self.columns.get(*index).cloned());
            self.columns = columns.collect::<Option<_>>()?;
        }
        Some(self)
    }
}

/// Returns the pieces of files that a scan reads, unless it leaves out some of their rows.
fn pieces(scan: &FileScanConfig) -> Option<Vec<Piece>> {
    let files = scan.file_groups.iter().flat_map(FileGroup::files);
    files.map(|file| is_whole(file).then(|| Piece::of(file))).collect()
}

/// Returns whether a file does not carry which of its rows are read.
fn is_whole(file: &PartitionedFile) -> bool {
    let extensions = &file.extensions;
    extensions.get::<ParquetAccessPlan>().is_none()
        && extensions.get::<ParquetRowSelection>().is_none()
}

impl Piece {
    fn of(file: &PartitionedFile) -> Self {
        Self {
            object: file.object_meta.clone(),
            range: file.range.as_ref().map(|range| (range.start, range.end)),
            partition_values: file.partition_values.clone(),
        }
    }
}

/// Returns an expression over columns in terms of what these are made of.
fn over_files(
    columns: &[Arc<dyn PhysicalExpr>],
    expression: &Arc<dyn PhysicalExpr>,
) -> Option<Arc<dyn PhysicalExpr>> {
    let mut is_known = true;
    let value = Arc::clone(expression).transform_up(|node| {
        let Some(column) = node.downcast_ref::<Column>() else {
            return Ok(Transformed::no(node));
        };
        let Some(value) = columns.get(column.index()) else {
            is_known = false;
            return Ok(Transformed::no(node));
        };
        Ok(Transformed::yes(Arc::clone(value)))
    });
    value.ok().filter(|_| is_known).map(|value| value.data)
}

/// Returns whether a condition may become another one while the query runs.
fn changes(condition: &Arc<dyn PhysicalExpr>) -> bool {
    DynamicFilterTracking::classify(condition).contains_dynamic_filter()
}
