//! Files whose pages were found, for the reader of the query engine.

use std::any::Any;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use datafusion::common::{HashMap, Result};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::ParquetFileReaderFactory;
use datafusion::execution::cache::cache_manager::FileMetadata;
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use futures::FutureExt as _;
use futures::future::{BoxFuture, ready};
use parquet::arrow::arrow_reader::ArrowReaderOptions;
use parquet::arrow::async_reader::AsyncFileReader;
use parquet::errors::Result as ParquetResult;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::page_index::offset_index::OffsetIndexMetaData;

/// The metadata of a file with the places of pages that it does not have itself.
#[derive(Debug, Clone)]
pub(super) struct Paged(pub(super) Arc<ParquetMetaData>);

impl Paged {
    /// Returns what was kept about a file, if it is this.
    pub(super) fn of(known: &dyn FileMetadata) -> Option<Self> {
        known.as_any().downcast_ref::<Self>().cloned()
    }

    /// Returns whether it has the pages of all these row groups.
    pub(super) fn has(&self, groups: &[usize]) -> bool {
        let has = |group: &usize| {
            let pages = self.0.offset_index().and_then(|index| index.get(*group));
            pages.is_some_and(|columns| !columns.is_empty())
        };
        groups.iter().all(has)
    }

    /// Returns metadata with the pages of further row groups.
    pub(super) fn with<'a>(
        metadata: &ParquetMetaData,
        found: impl IntoIterator<Item = (usize, &'a Vec<OffsetIndexMetaData>)>,
    ) -> Self {
        let group_count = metadata.num_row_groups();
        let mut pages = metadata.offset_index().cloned().unwrap_or_default();
        pages.resize_with(group_count, Vec::new);
        for (group, columns) in found {
            if let Some(pages) = pages.get_mut(group) {
                pages.clone_from(columns);
            }
        }
        // Without these, the reader would look for the index of the file.
        let column_count = metadata.file_metadata().schema_descr().num_columns();
        let nothing = vec![vec![ColumnIndexMetaData::NONE; column_count]; group_count];
        let builder = metadata.clone().into_builder();
        let paged = builder.set_offset_index(Some(pages)).set_column_index(Some(nothing));
        Self(Arc::new(paged.build()))
    }
}

impl FileMetadata for Paged {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn memory_size(&self) -> usize {
        self.0.memory_size()
    }

    fn extra_info(&self) -> HashMap<String, String> {
        HashMap::from([("pages".to_owned(), "found".to_owned())])
    }
}

/// Makes readers that know the pages of files that come with them.
#[derive(Debug)]
pub(in crate::parquet) struct PagedReaders(
    pub(in crate::parquet) Arc<dyn ParquetFileReaderFactory>,
);

impl ParquetFileReaderFactory for PagedReaders {
    fn create_reader(
        &self,
        partition: usize,
        file: PartitionedFile,
        footer_bytes: Option<usize>,
        metrics: &ExecutionPlanMetricsSet,
    ) -> Result<Box<dyn AsyncFileReader + Send>> {
        let paged = file.extensions.get::<Paged>().cloned();
        let reader = self.0.create_reader(partition, file, footer_bytes, metrics)?;
        Ok(match paged {
            Some(Paged(metadata)) => Box::new(PagedReader { reader, metadata }),
            None => reader,
        })
    }
}

struct PagedReader {
    reader: Box<dyn AsyncFileReader + Send>,
    metadata: Arc<ParquetMetaData>,
}

impl AsyncFileReader for PagedReader {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, ParquetResult<Bytes>> {
        self.reader.get_bytes(range)
    }

    fn get_byte_ranges(
        &mut self,
        ranges: Vec<Range<u64>>,
    ) -> BoxFuture<'_, ParquetResult<Vec<Bytes>>> {
        self.reader.get_byte_ranges(ranges)
    }

    fn get_metadata<'a>(
        &'a mut self,
        _options: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, ParquetResult<Arc<ParquetMetaData>>> {
        ready(Ok(Arc::clone(&self.metadata))).boxed()
    }
}
