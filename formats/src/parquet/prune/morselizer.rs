//! The step before a file is read: its boxes say which row groups and pages are.
//!
//! The query engine calls the traits here experimental; nothing outside of this file uses them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::datatypes::SchemaRef;
use datafusion::common::{HashMap, Result};
use datafusion::datasource::listing::{FileRange, PartitionedFile};
use datafusion::datasource::physical_plan::parquet::metadata::DFParquetMetadata;
use datafusion::datasource::physical_plan::parquet::{ParquetAccessPlan, ParquetRowSelection};
use datafusion::execution::cache::cache_manager::FileMetadataCache;
use datafusion::physical_plan::PhysicalExpr;
use datafusion_datasource::morsel::{MorselPlan, MorselPlanner, Morselizer};
use godwit_geometry::SpatialFilter;
use object_store::ObjectStore;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};

use super::blocks::Geometries;
use super::columns::Coverings;
use super::extents::FileExtents;
use super::late;
use super::metrics::Counters;
use super::paged::Paged;
use super::parts::Part;
use super::row_boxes::{Boxed, BoxedRows, is_worthwhile};
use super::selection::Selection;
use crate::parquet::vanished::explained_failure;
use crate::spatial_filter::{Constants, spatial_filter};

/// Such a share of the rows is most of them.
const MOST: f64 = 0.5;

/// What one partition of a scan needs to leave out parts of files.
#[derive(Debug)]
pub(super) struct Pruner {
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) cache: Option<Arc<FileMetadataCache>>,
    pub(super) footer_bytes: Option<usize>,
    pub(super) predicate: Option<Arc<dyn PhysicalExpr>>,
    pub(super) table_schema: SchemaRef,
    pub(super) coverings: Coverings,
    /// The names of the columns that the scan delivers.
    pub(super) projected: Vec<String>,
    /// The names of the columns in the predicate.
    pub(super) condition: Vec<String>,
    pub(super) reads_page_index: bool,
    pub(super) counters: Counters,
    /// Whether a row group was seen of which most rows are needed.
    pub(super) needs_most: AtomicBool,
}

/// Prunes a file and hands what is left to the reader of the query engine.
#[derive(Debug)]
pub(super) struct SpatialMorselizer {
    pub(super) pruner: Arc<Pruner>,
    /// Reads all columns at once.
    pub(super) reader: Arc<dyn Morselizer>,
    /// Reads the columns of the predicate first.
    pub(super) late_reader: Arc<dyn Morselizer>,
}

impl Morselizer for SpatialMorselizer {
    fn plan_file(&self, file: PartitionedFile) -> Result<Box<dyn MorselPlanner>> {
        let has_plan = file.extensions.get::<ParquetAccessPlan>().is_some()
            || file.extensions.get::<ParquetRowSelection>().is_some();
        if has_plan {
            return self.reader.plan_file(file);
        }
        Ok(Box::new(SpatialPlanner {
            pruner: Arc::clone(&self.pruner),
            reader: Arc::clone(&self.reader),
            late_reader: Arc::clone(&self.late_reader),
            file,
        }))
    }
}

#[derive(Debug)]
struct SpatialPlanner {
    pruner: Arc<Pruner>,
    reader: Arc<dyn Morselizer>,
    late_reader: Arc<dyn Morselizer>,
    file: PartitionedFile,
}

impl MorselPlanner for SpatialPlanner {
    fn plan(self: Box<Self>) -> Result<Option<MorselPlan>> {
        // The values of subqueries and joins are known by now.
        let filter = self.pruner.filter(Constants::Current);
        if filter.is_anything() && self.file.range.is_none() {
            let planner = self.reader.plan_file(self.file)?;
            return Ok(Some(MorselPlan::new().with_planners(vec![planner])));
        }
        let extents = self.file.extensions.get::<FileExtents>();
        let fits = match extents {
            Some(extents) => filter.select(extents),
            None => filter != SpatialFilter::Nothing,
        };
        if !fits {
            let size = usize::try_from(self.file.effective_size()).unwrap_or(0);
            self.pruner.counters.skip_file(size);
            return Ok(None);
        }
        Ok(Some(MorselPlan::new().with_pending_planner(self.narrowed(filter))))
    }
}

impl SpatialPlanner {
    async fn narrowed(self: Box<Self>, filter: SpatialFilter) -> Result<Box<dyn MorselPlanner>> {
        let Self { pruner, reader, late_reader, mut file } = *self;
        let mut metadata = pruner.metadata(&file, PageIndexPolicy::Skip).await?;
        let range = file.range.take();
        let part = range.as_ref().map(|bytes| pruner.part(&file, bytes));
        let shares = |part: Part<'_>| {
            metadata.row_groups().iter().any(|group| part.shares(&metadata, group))
        };
        let is_shared = part.is_some_and(shares);
        if filter.is_anything() && !is_shared {
            return reader.plan_file(PartitionedFile { range, ..file });
        }
        let geometries = Geometries::of_file(&metadata, &filter, &pruner.coverings);
        let mut selection = Selection::of_row_groups(&metadata, part, &geometries, &filter);
        let reads_pages = pruner.reads_page_index
            && !selection.is_empty()
            && (is_shared || geometries.have_pages(&metadata));
        if reads_pages {
            metadata = pruner.metadata(&file, PageIndexPolicy::Optional).await?;
            selection.narrow_to_pages(&metadata, &geometries, &filter);
        }
        let boxed =
            pruner.narrow_to_rows(&file, &metadata, &geometries, &filter, &mut selection).await;
        if boxed.iter().any(|(_, rows)| rows.pages().is_some()) {
            if let Some(paged) = pruner.paged(&file, &metadata, &selection, &boxed) {
                metadata = Arc::clone(&paged.0);
                file = file.with_extension(paged);
            }
        } else if !boxed.is_empty() && pruner.reads_page_index {
            metadata = pruner.metadata(&file, PageIndexPolicy::Optional).await?;
        }
        let projected = leaves(&metadata, &pruner.projected);
        if !filter.is_anything() {
            pruner.counters.read_file(&selection.pruned(&metadata, &projected));
        }
        if selection.is_empty() {
            return Ok(Box::new(Finished));
        }
        let condition = leaves(&metadata, &pruner.condition);
        let plan = selection.access_plan(&metadata);
        // What a join has found out lets most rows of a file through that it does not leave out.
        let is_late = !pruner.filter(Constants::Computed).is_anything()
            && late::is_worthwhile(&metadata, &selection, &condition, &projected);
        if is_late {
            pruner.counters.read_late();
        }
        let reader = if is_late { late_reader } else { reader };
        reader.plan_file(file.with_extension(plan))
    }
}

/// There is nothing to read.
#[derive(Debug)]
struct Finished;

impl MorselPlanner for Finished {
    fn plan(self: Box<Self>) -> Result<Option<MorselPlan>> {
        Ok(None)
    }
}

impl Pruner {
    /// Returns what is known of the geometries that are looked for.
    fn filter(&self, constants: Constants) -> SpatialFilter {
        let predicate = self.predicate.as_ref();
        predicate.map_or(SpatialFilter::Anything, |predicate| {
            spatial_filter(predicate, &self.table_schema, constants)
        })
    }

    fn part<'a>(&self, file: &PartitionedFile, bytes: &'a FileRange) -> Part<'a> {
        Part { bytes, size: file.object_meta.size, knows_pages: self.reads_page_index }
    }

    /// Leaves out rows by boxes of their own where a file says nothing about them; returns the row
    /// groups that have such boxes.
    ///
    /// When most rows of a row group are needed, the boxes of others are not looked for. Where
    /// several parts of the scan share a row group, the first of them reads its boxes.
    async fn narrow_to_rows(
        &self,
        file: &PartitionedFile,
        metadata: &Arc<ParquetMetaData>,
        geometries: &Geometries,
        filter: &SpatialFilter,
        selection: &mut Selection,
    ) -> Vec<(usize, BoxedRows)> {
        let Some(file) = self.boxed(file, metadata) else { return Vec::new() };
        let mut boxed = Vec::new();
        for index in selection.groups() {
            let Some(group) = metadata.row_groups().get(index) else { continue };
            let mut columns = HashMap::new();
            for (name, leaf) in geometries.unknown(group) {
                if self.needs_most.load(Ordering::Relaxed) || !is_worthwhile(group, leaf) {
                    continue;
                }
                let boxes = if selection.begins(index) {
                    file.row_group(index, leaf).await
                } else {
                    file.kept(index, leaf)
                };
                columns.extend(boxes.map(|boxes| (name.clone(), boxes)));
            }
            if columns.is_empty() {
                continue;
            }
            let row_count = usize::try_from(group.num_rows()).unwrap_or(0);
            let rows = BoxedRows { columns, row_count };
            let share = selection.narrow_to_rows(index, &rows, filter);
            self.needs_most.fetch_or(share > MOST, Ordering::Relaxed);
            boxed.push((index, rows));
        }
        boxed
    }

    /// Returns the metadata with where the pages of what is read lie, if their headers say it.
    fn paged(
        &self,
        file: &PartitionedFile,
        metadata: &Arc<ParquetMetaData>,
        selection: &Selection,
        boxed: &[(usize, BoxedRows)],
    ) -> Option<Paged> {
        self.boxed(file, metadata)?.paged(&selection.groups(), boxed)
    }

    /// Returns what is kept of the boxes of a file's rows.
    pub(super) fn boxed<'a>(
        &'a self,
        file: &'a PartitionedFile,
        metadata: &'a Arc<ParquetMetaData>,
    ) -> Option<Boxed<'a>> {
        let (store, object, counters) = (&self.store, &file.object_meta, &self.counters);
        let cache = self.cache.as_ref()?;
        Some(Boxed { store, cache, object, metadata, counters })
    }

    /// Returns the footer of a file.
    pub(super) async fn metadata(
        &self,
        file: &PartitionedFile,
        pages: PageIndexPolicy,
    ) -> Result<Arc<ParquetMetaData>> {
        let fetched = DFParquetMetadata::new(self.store.as_ref(), &file.object_meta)
            .with_file_metadata_cache(self.cache.clone())
            .with_metadata_size_hint(file.metadata_size_hint.or(self.footer_bytes))
            .with_page_index_policy(Some(pages))
            .fetch_metadata()
            .await;
        match fetched {
            Ok(metadata) => Ok(metadata),
            Err(error) => {
                Err(explained_failure(error, &self.store, &file.object_meta.location).await)
            }
        }
    }
}

/// Returns the leaves of the columns with these names.
fn leaves(metadata: &ParquetMetaData, columns: &[String]) -> Vec<usize> {
    let all = metadata.file_metadata().schema_descr().columns().iter().enumerate();
    let named = all.filter(|(_, column)| {
        column.path().parts().first().is_some_and(|first| columns.contains(first))
    });
    named.map(|(leaf, _)| leaf).collect()
}
