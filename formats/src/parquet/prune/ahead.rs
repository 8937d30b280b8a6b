//! Boxes of rows that are read before a condition asks for them.
//!
//! They are those that the first scan with a spatial condition would read, in the same place; what
//! a scan would not look for is not read here either.

use std::collections::HashSet;
use std::sync::Arc;

use datafusion::common::runtime::JoinSet;
use datafusion::common::{DataFusionError, Result};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfig};
use datafusion::execution::TaskContext;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryPool};
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};
use tokio::sync::RwLock;

use super::blocks::Geometries;
use super::leaf::Leaf;
use super::morselizer::Pruner;
use super::page_headers;
use super::row_boxes::{BOX_BYTES, is_worthwhile};
use super::source::SpatialParquetSource;

/// What was read ahead.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct BoxesRead {
    /// The files there are.
    pub files: usize,
    /// Those of them of which something was read.
    pub files_read: usize,
    /// The row groups whose boxes were read, once for each of their columns.
    pub row_groups: usize,
    /// The boxes.
    pub rows: usize,
}

impl BoxesRead {
    /// Returns what was read of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            files: self.files + other.files,
            files_read: self.files_read + other.files_read,
            row_groups: self.row_groups + other.row_groups,
            rows: self.rows + other.rows,
        }
    }
}

/// Reads boxes of rows ahead, of all scans that it is given no more than are kept together.
#[derive(Debug)]
pub struct ReadAhead {
    context: Arc<TaskContext>,
    /// The bytes that further boxes may take.
    room: usize,
    /// Shared by those who read, unless there is memory for one alone.
    turns: Arc<RwLock<()>>,
}

impl ReadAhead {
    /// Returns what reads for a statement.
    pub fn new(context: Arc<TaskContext>) -> Self {
        let cache = context.runtime_env().cache_manager.get_file_metadata_cache();
        // Boxes beyond that would push out footers, or those that have just been read.
        let room = cache.cache_limit() / 4 * 3;
        Self { context, room, turns: Arc::default() }
    }

    /// Reads the boxes that are missing of some columns in the files of a scan. A column that
    /// cannot be read as geometries is left out; a scan will say what is wrong with it.
    pub async fn read(&mut self, scan: &FileScanConfig, columns: &[String]) -> Result<BoxesRead> {
        let files: Vec<PartitionedFile> =
            scan.file_groups.iter().flat_map(FileGroup::files).cloned().collect();
        let mut read = BoxesRead { files: files.len(), ..BoxesRead::default() };
        let source = scan.file_source.downcast_ref::<SpatialParquetSource>();
        let Some(source) = source.filter(|_| !columns.is_empty()) else { return Ok(read) };
        let store = self.context.runtime_env().object_store(&scan.object_store_url)?;
        let pruner = Arc::new(source.pruner(store, None, 0));
        let columns: Arc<[String]> = columns.into();
        let config = Arc::clone(self.context.session_config().options());
        let at_once = config.execution.target_partitions.max(1);
        let mut reading: JoinSet<Result<Option<Done>>> = JoinSet::new();
        let mut done: Vec<Done> = Vec::new();
        let mut files = files.into_iter().enumerate();
        loop {
            // Of no more files the footers are in memory.
            let some: Vec<(usize, PartitionedFile)> =
                files.by_ref().take(config.execution.meta_fetch_concurrency.get()).collect();
            if some.is_empty() {
                break;
            }
            for chunk in chunks(some, &pruner, &columns).await? {
                let Some(room) = self.room.checked_sub(chunk.boxes_bytes) else { continue };
                self.room = room;
                if chunk.is_known {
                    continue;
                }
                if reading.len() >= at_once {
                    done.extend(next(&mut reading).await?.flatten());
                }
                let pool = Arc::clone(self.context.memory_pool());
                reading.spawn(chunk.read(Arc::clone(&pruner), pool, Arc::clone(&self.turns)));
            }
        }
        while let Some(chunk) = next(&mut reading).await? {
            done.extend(chunk);
        }
        read.files_read = done.iter().map(|done| done.place).collect::<HashSet<_>>().len();
        read.row_groups = done.len();
        read.rows = done.iter().map(|done| done.row_count).sum();
        Ok(read)
    }
}

/// Returns the chunks whose boxes a scan of these files would look for, in the order of the files.
async fn chunks(
    files: Vec<(usize, PartitionedFile)>,
    pruner: &Arc<Pruner>,
    columns: &Arc<[String]>,
) -> Result<Vec<Chunk>> {
    let mut looking: JoinSet<Result<Vec<Chunk>>> = JoinSet::new();
    for (place, file) in files {
        looking.spawn(chunks_of(place, file, Arc::clone(pruner), Arc::clone(columns)));
    }
    let mut chunks: Vec<Chunk> = Vec::new();
    while let Some(found) = next(&mut looking).await? {
        chunks.extend(found);
    }
    chunks.sort_by_key(|chunk| (chunk.place, chunk.group));
    Ok(chunks)
}

/// Waits for one of several tasks; nothing if there are none.
async fn next<T: 'static>(tasks: &mut JoinSet<Result<T>>) -> Result<Option<T>> {
    match tasks.join_next().await {
        Some(Ok(outcome)) => outcome.map(Some),
        Some(Err(error)) => Err(DataFusionError::ExecutionJoin(Box::new(error))),
        None => Ok(None),
    }
}

/// The geometries of a row group whose boxes a scan would look for.
struct Chunk {
    /// The place of the file among the others.
    place: usize,
    file: Arc<PartitionedFile>,
    metadata: Arc<ParquetMetaData>,
    group: usize,
    leaf: Leaf,
    row_count: usize,
    /// Whether the boxes are there.
    is_known: bool,
    /// The bytes that the boxes take.
    boxes_bytes: usize,
    /// The bytes of the file that are read for them.
    file_bytes: usize,
}

/// A chunk whose boxes were read.
struct Done {
    /// The place of the file among the others.
    place: usize,
    row_count: usize,
}

/// Returns the chunks of a file.
async fn chunks_of(
    place: usize,
    file: PartitionedFile,
    pruner: Arc<Pruner>,
    columns: Arc<[String]>,
) -> Result<Vec<Chunk>> {
    let file = Arc::new(file);
    let metadata = pruner.metadata(&file, PageIndexPolicy::Skip).await?;
    let Some(boxed) = pruner.boxed(&file, &metadata) else { return Ok(Vec::new()) };
    let names = columns.iter().map(String::as_str);
    let geometries = Geometries::of_columns(&metadata, names, &pruner.coverings);
    let mut chunks = Vec::new();
    for (group, row_group) in metadata.row_groups().iter().enumerate() {
        for (_, leaf) in geometries.unknown(row_group) {
            if !is_worthwhile(row_group, leaf) {
                continue;
            }
            let row_count = usize::try_from(row_group.num_rows()).unwrap_or(0);
            let known = boxed.kept(group, leaf).map(|boxes| boxes.memory_size());
            let range = row_group.columns().get(leaf.0).and_then(page_headers::range);
            let file_bytes = range.map_or(0, |range| range.end.saturating_sub(range.start));
            chunks.push(Chunk {
                place,
                file: Arc::clone(&file),
                metadata: Arc::clone(&metadata),
                group,
                leaf,
                row_count,
                is_known: known.is_some(),
                boxes_bytes: known.unwrap_or(row_count.saturating_mul(BOX_BYTES)),
                file_bytes: usize::try_from(file_bytes).unwrap_or(usize::MAX),
            });
        }
    }
    Ok(chunks)
}

impl Chunk {
    /// Reads the boxes, for which the bytes of the chunk are in memory at once; nothing is done if
    /// these are no geometries.
    async fn read(
        self,
        pruner: Arc<Pruner>,
        pool: Arc<dyn MemoryPool>,
        turns: Arc<RwLock<()>>,
    ) -> Result<Option<Done>> {
        let reservation = MemoryConsumer::new("ANALYZE").register(&pool);
        let needed = self.file_bytes.saturating_add(self.boxes_bytes);
        let shared = turns.read().await;
        if reservation.try_grow(needed).is_ok() {
            return Ok(self.boxed(&pruner).await);
        }
        // The others hold what is missing.
        drop(shared);
        let _alone = turns.write().await;
        reservation.try_grow(needed)?;
        Ok(self.boxed(&pruner).await)
    }

    async fn boxed(&self, pruner: &Pruner) -> Option<Done> {
        let file = pruner.boxed(&self.file, &self.metadata)?;
        file.row_group(self.group, self.leaf).await?;
        Some(Done { place: self.place, row_count: self.row_count })
    }
}
