//! The boxes around the geometries of a row group, row by row, kept from one scan to the next.
//!
//! Many files say nothing about where their geometries are. The first scan that could leave rows
//! out reads the geometries of a row group for their boxes alone, and then only what it needs;
//! later scans need no more than that. The boxes lie with the footers in the cache of what is known
//! about files, which bounds them and forgets those of a file that has changed.

use std::any::Any;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use datafusion::common::HashMap;
use datafusion::execution::cache::cache_manager::{
    CachedFileMetadataEntry, FileMetadata, FileMetadataCache,
};
use futures::future::{BoxFuture, ready};
use futures::{FutureExt as _, StreamExt as _};
use godwit_geometry::filter::Boxes;
use godwit_geometry::{Bounds, Candidates, Geometry, Kinds, Reach, WkbColumn};
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::arrow::async_reader::AsyncFileReader;
use parquet::arrow::{ParquetRecordBatchStreamBuilder, ProjectionMask};
use parquet::basic::{ConvertedType, Type};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::page_index::offset_index::OffsetIndexMetaData;

use super::leaf::Leaf;
use super::metrics::Counters;
use super::page_headers;
use super::paged::Paged;
use super::ranges::RowRanges;

/// Geometries of fewer bytes cost about as much to read as their boxes.
const WIDE: i64 = 128;
/// A row group with fewer bytes of geometries is read at once.
const LARGE: i64 = 1 << 20;
/// So many geometries are read at a time.
const TOGETHER: usize = 512;

/// The bytes of memory that the box of a row takes.
pub(super) const BOX_BYTES: usize = size_of::<[f32; 4]>();

/// The box of a row without a position.
const NOWHERE: [f32; 4] = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
/// The box of a row that is not understood here; whoever reads it will say so.
const ANYWHERE: [f32; 4] = [f32::NEG_INFINITY, f32::NEG_INFINITY, f32::INFINITY, f32::INFINITY];

/// The boxes around the geometries of a row group, rounded outward: least X, least Y, greatest X,
/// greatest Y.
#[derive(Debug)]
pub(super) struct RowBoxes {
    bounds: Box<[[f32; 4]]>,
    /// Where the pages of the row group's columns lie, if the file does not say it.
    pages: Option<Vec<OffsetIndexMetaData>>,
}

impl RowBoxes {
    /// Returns the rows whose boxes reach so far.
    fn reaching(&self, reach: &Reach) -> RowRanges {
        let reaches = |[xmin, ymin, xmax, ymax]: &[f32; 4]| {
            f64::from(*xmin) <= reach.xmin_at_most
                && f64::from(*ymin) <= reach.ymin_at_most
                && f64::from(*xmax) >= reach.xmax_at_least
                && f64::from(*ymax) >= reach.ymax_at_least
        };
        self.rows(reaches)
    }

    /// Returns the rows whose boxes meet one of several.
    fn meeting(&self, boxes: &Boxes) -> RowRanges {
        self.rows(|sides| {
            let [xmin, ymin, xmax, ymax] = sides.map(f64::from);
            boxes.meet(&Bounds::new(xmin, ymin, xmax, ymax))
        })
    }

    fn rows(&self, is_needed: impl Fn(&[f32; 4]) -> bool) -> RowRanges {
        let rows = self.bounds.iter().enumerate().filter(|(_, bounds)| is_needed(bounds));
        RowRanges::from_ordered(rows.map(|(row, _)| row..row + 1))
    }
}

impl FileMetadata for RowBoxes {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn memory_size(&self) -> usize {
        let pages = self.pages.iter().flatten();
        let pages = pages.map(|column| size_of_val(column.page_locations().as_slice()));
        size_of::<Self>() + size_of_val(&*self.bounds) + pages.sum::<usize>()
    }

    fn extra_info(&self) -> HashMap<String, String> {
        HashMap::from([("boxes".to_owned(), self.bounds.len().to_string())])
    }
}

/// The rows of a row group by the boxes of some of its columns.
pub(super) struct BoxedRows {
    pub(super) columns: HashMap<String, Arc<dyn FileMetadata>>,
    pub(super) row_count: usize,
}

impl BoxedRows {
    fn boxes(&self, column: &str) -> Option<&RowBoxes> {
        self.columns.get(column)?.as_any().downcast_ref()
    }

    /// Returns where the pages of the row group's columns lie, if only their headers say it.
    pub(super) fn pages(&self) -> Option<&Vec<OffsetIndexMetaData>> {
        self.columns
            .values()
            .find_map(|boxes| boxes.as_any().downcast_ref::<RowBoxes>()?.pages.as_ref())
    }
}

impl Candidates for BoxedRows {
    type Rows = RowRanges;

    fn everything(&self) -> RowRanges {
        RowRanges::first(self.row_count)
    }

    fn nothing(&self) -> RowRanges {
        RowRanges::default()
    }

    fn reaching(&self, column: &str, reach: &Reach) -> RowRanges {
        self.boxes(column).map_or_else(|| self.everything(), |boxes| boxes.reaching(reach))
    }

    fn meeting(&self, column: &str, boxes: &Boxes) -> RowRanges {
        self.boxes(column).map_or_else(|| self.everything(), |known| known.meeting(boxes))
    }

    fn both(&self, left: RowRanges, right: RowRanges) -> RowRanges {
        left.intersection(&right)
    }

    fn either(&self, left: RowRanges, right: RowRanges) -> RowRanges {
        left.union(&right)
    }
}

/// Returns whether the boxes of a row group's geometries are worth being kept: where nothing says
/// where its pages lie, all of it is read for one row.
pub(super) fn is_worthwhile(group: &RowGroupMetaData, leaf: Leaf) -> bool {
    let Some(chunk) = group.columns().get(leaf.0) else { return false };
    let bytes = chunk.uncompressed_size();
    let column = chunk.column_descr();
    let is_text = matches!(column.converted_type(), ConvertedType::UTF8 | ConvertedType::JSON);
    column.physical_type() == Type::BYTE_ARRAY
        && !is_text
        && (chunk.offset_index_offset().is_some() || page_headers::can_be_found(group, leaf))
        && bytes >= LARGE
        && bytes / group.num_rows().max(1) >= WIDE
}

/// A file whose boxes are kept.
pub(super) struct Boxed<'a> {
    pub(super) store: &'a Arc<dyn ObjectStore>,
    pub(super) cache: &'a Arc<FileMetadataCache>,
    pub(super) object: &'a ObjectMeta,
    pub(super) metadata: &'a Arc<ParquetMetaData>,
    pub(super) counters: &'a Counters,
}

impl Boxed<'_> {
    /// Returns the boxes of a row group that were kept.
    pub(super) fn kept(&self, group: usize, leaf: Leaf) -> Option<Arc<dyn FileMetadata>> {
        self.known(&self.boxes_key(group, leaf))
    }

    /// Returns the boxes of a row group, from the cache or the file; nothing for a column that
    /// cannot be read as geometries. The scan itself will say what is wrong with it.
    pub(super) async fn row_group(
        &self,
        group: usize,
        leaf: Leaf,
    ) -> Option<Arc<dyn FileMetadata>> {
        let key = self.boxes_key(group, leaf);
        if let Some(known) = self.known(&key) {
            return Some(known);
        }
        let boxes: Arc<dyn FileMetadata> = Arc::new(self.read(group, leaf).await?);
        self.counters.read_boxes();
        self.keep(&key, &boxes);
        Some(boxes)
    }

    /// Returns the metadata with the pages of the row groups that are read, if only their headers
    /// say where they lie and all of these were read, now or before.
    pub(super) fn paged(&self, read: &[usize], boxed: &[(usize, BoxedRows)]) -> Option<Paged> {
        let key = self.key("#pages");
        let known = self.known(&key).and_then(|known| Paged::of(known.as_ref()));
        if let Some(known) = known.as_ref().filter(|known| known.has(read)) {
            return Some(known.clone());
        }
        let found = boxed.iter().filter_map(|(group, rows)| Some((*group, rows.pages()?)));
        let before = known.as_ref().map_or(self.metadata, |known| &known.0);
        let paged = Paged::with(before, found);
        self.keep(&key, &(Arc::new(paged.clone()) as _));
        paged.has(read).then_some(paged)
    }

    fn boxes_key(&self, group: usize, leaf: Leaf) -> Path {
        self.key("#boxes").join(leaf.0.to_string()).join(group.to_string())
    }

    /// Returns the key of something about the file, which is that of no file.
    fn key(&self, of: &str) -> Path {
        self.object.location.clone().join(of)
    }

    fn known(&self, key: &Path) -> Option<Arc<dyn FileMetadata>> {
        let known = self.cache.get(key).filter(|entry| {
            entry.is_valid_for(self.object) && entry.meta.e_tag == self.object.e_tag
        });
        known.map(|known| known.file_metadata)
    }

    fn keep(&self, key: &Path, known: &Arc<dyn FileMetadata>) {
        self.cache.put(key, CachedFileMetadataEntry::new(self.object.clone(), Arc::clone(known)));
    }

    async fn read(&self, group: usize, leaf: Leaf) -> Option<RowBoxes> {
        let row_group = self.metadata.row_groups().get(group)?;
        let chunk = row_group.columns().get(leaf.0)?;
        let range = page_headers::range(chunk)?;
        let location = &self.object.location;
        let bytes = self.store.get_range(location, range.clone()).await.ok()?;
        let pages = match chunk.offset_index_offset() {
            Some(_) => None,
            None => page_headers::find(self.store, location, row_group, (leaf, &bytes)).await,
        };
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let metadata = ArrowReaderMetadata::try_new(Arc::clone(self.metadata), options).ok()?;
        let reader = Chunk { start: range.start, bytes, metadata: Arc::clone(self.metadata) };
        let schema = self.metadata.file_metadata().schema_descr();
        let mut batches = ParquetRecordBatchStreamBuilder::new_with_metadata(reader, metadata)
            .with_projection(ProjectionMask::leaves(schema, [leaf.0]))
            .with_row_groups(vec![group])
            .with_batch_size(TOGETHER)
            .build()
            .ok()?;
        let row_count = row_group.num_rows();
        let mut boxes = Vec::with_capacity(usize::try_from(row_count).ok()?);
        while let Some(batch) = batches.next().await {
            let batch = batch.ok()?;
            let column = WkbColumn::try_new(batch.columns().first()?.as_ref())?;
            boxes.extend((0..column.len()).map(|row| bounds(column, row)));
            // Whoever else is served by this thread has its turn.
            tokio::task::consume_budget().await;
        }
        let is_whole = i64::try_from(boxes.len()) == Ok(row_count);
        is_whole.then(|| RowBoxes { bounds: boxes.into_boxed_slice(), pages })
    }
}

/// A column chunk that was read from a file.
struct Chunk {
    /// Where the chunk begins in the file.
    start: u64,
    bytes: Bytes,
    metadata: Arc<ParquetMetaData>,
}

impl Chunk {
    fn slice(&self, range: &Range<u64>) -> Option<Bytes> {
        let place = |at: u64| usize::try_from(at.checked_sub(self.start)?).ok();
        let (start, end) = (place(range.start)?, place(range.end)?);
        (start <= end && end <= self.bytes.len()).then(|| self.bytes.slice(start..end))
    }
}

impl AsyncFileReader for Chunk {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, ParquetResult<Bytes>> {
        let bytes = self.slice(&range);
        let outside = || ParquetError::EOF(format!("the column chunk has no bytes {range:?}"));
        ready(bytes.ok_or_else(outside)).boxed()
    }

    fn get_metadata<'a>(
        &'a mut self,
        _options: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, ParquetResult<Arc<ParquetMetaData>>> {
        ready(Ok(Arc::clone(&self.metadata))).boxed()
    }
}

fn bounds(column: WkbColumn<'_>, row: usize) -> [f32; 4] {
    match column.geometry_of(row, Kinds::All) {
        Ok(geometry) => match geometry.and_then(Geometry::bounds) {
            Some(bounds) => bounds.to_f32_outward(),
            None => NOWHERE,
        },
        Err(_) => ANYWHERE,
    }
}
