//! Files that are gone when they are read although they were there when the table was opened.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use datafusion::common::Result;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::ParquetFileReaderFactory;
use datafusion::error::DataFusionError;
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use parquet::arrow::arrow_reader::ArrowReaderOptions;
use parquet::arrow::async_reader::AsyncFileReader;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::ParquetMetaData;

use crate::{FormatError, input};

/// Makes readers that say so when their file is gone.
#[derive(Debug)]
pub(super) struct WatchedReaders {
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) readers: Arc<dyn ParquetFileReaderFactory>,
}

impl ParquetFileReaderFactory for WatchedReaders {
    fn create_reader(
        &self,
        partition: usize,
        file: PartitionedFile,
        footer_bytes: Option<usize>,
        metrics: &ExecutionPlanMetricsSet,
    ) -> Result<Box<dyn AsyncFileReader + Send>> {
        let location = file.object_meta.location.clone();
        let reader = self.readers.create_reader(partition, file, footer_bytes, metrics)?;
        Ok(Box::new(WatchedReader { reader, store: Arc::clone(&self.store), location }))
    }
}

struct WatchedReader {
    reader: Box<dyn AsyncFileReader + Send>,
    store: Arc<dyn ObjectStore>,
    location: Path,
}

impl AsyncFileReader for WatchedReader {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, ParquetResult<Bytes>> {
        let Self { reader, store, location } = self;
        let read = reader.get_bytes(range);
        async move { explained(read.await, store, location).await }.boxed()
    }

    fn get_byte_ranges(
        &mut self,
        ranges: Vec<Range<u64>>,
    ) -> BoxFuture<'_, ParquetResult<Vec<Bytes>>> {
        let Self { reader, store, location } = self;
        let read = reader.get_byte_ranges(ranges);
        async move { explained(read.await, store, location).await }.boxed()
    }

    fn get_metadata<'a>(
        &'a mut self,
        options: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, ParquetResult<Arc<ParquetMetaData>>> {
        let Self { reader, store, location } = self;
        let read = reader.get_metadata(options);
        async move { explained(read.await, store, location).await }.boxed()
    }
}

async fn explained<T>(
    read: ParquetResult<T>,
    store: &Arc<dyn ObjectStore>,
    location: &Path,
) -> ParquetResult<T> {
    match read {
        Ok(read) => Ok(read),
        Err(error) => match vanished(store, location).await {
            Some(vanished) => Err(ParquetError::External(Box::new(vanished))),
            None => Err(error),
        },
    }
}

/// Returns what is to be said instead of a failure to read a file, if the file is gone.
pub(super) async fn explained_failure(
    error: DataFusionError,
    store: &Arc<dyn ObjectStore>,
    location: &Path,
) -> DataFusionError {
    vanished(store, location).await.map_or(error, DataFusionError::from)
}

async fn vanished(store: &Arc<dyn ObjectStore>, location: &Path) -> Option<FormatError> {
    match store.head(location).await {
        Err(object_store::Error::NotFound { .. }) => {
            Some(FormatError::Vanished { path: input::shown_path(store, location).await })
        }
        _ => None,
    }
}
