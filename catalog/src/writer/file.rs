//! One Parquet file of a Delta table while it is being written.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use bytes::Bytes;
use deltalake_core::kernel::Add;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use object_store::buffered::BufWriter;
use object_store::path::Path;
use parquet::arrow::AsyncArrowWriter;
use parquet::arrow::async_writer::AsyncFileWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use super::Target;
use crate::CatalogError;
use crate::delta::{BOUNDS_FIELDS, add_action};

/// The most rows of a row group: small enough for boxes to leave most of a file out.
const ROW_GROUP_ROWS: usize = 128 * 1024;
/// The most bytes of a row group before it is encoded, which is what a writer holds in memory.
const ROW_GROUP_BYTES: usize = 32 * 1024 * 1024;
/// The rows of a page: in a table clustered by its geometries a window needs few of them.
const PAGE_ROWS: usize = 4096;
/// How many parts of one file are under way at a time.
const UPLOADS: usize = 4;

/// A file that takes rows.
pub(super) struct OpenFile {
    writer: AsyncArrowWriter<Upload>,
    path: String,
    partition_values: HashMap<String, Option<String>>,
    part_bytes: usize,
}

impl OpenFile {
    /// Returns a new file of the target at a path.
    pub(super) fn try_new(
        target: &Target,
        path: String,
        partition_values: HashMap<String, Option<String>>,
    ) -> Result<Self, CatalogError> {
        let schema: SchemaRef =
            Arc::new(Schema::new(target.schema.file_fields(&target.partition_by)));
        let upload = Upload(
            BufWriter::with_capacity(
                Arc::clone(&target.store),
                Path::from(path.as_str()),
                target.part_bytes,
            )
            .with_max_concurrency(UPLOADS),
        );
        let writer = AsyncArrowWriter::try_new(upload, schema, Some(properties(target)))
            .map_err(|error| failed(target, error))?;
        Ok(Self { writer, path, partition_values, part_bytes: target.part_bytes })
    }

    /// Adds rows.
    pub(super) async fn write(
        &mut self,
        target: &Target,
        rows: &RecordBatch,
    ) -> Result<(), CatalogError> {
        self.writer.write(rows).await.map_err(|error| failed(target, error))?;
        if self.writer.memory_size() > 2 * ROW_GROUP_BYTES {
            self.flush(target).await?;
        }
        Ok(())
    }

    /// Returns whether a row group has been begun.
    pub(super) fn has_rows_buffered(&self) -> bool {
        self.writer.in_progress_rows() > 0
    }

    /// Ends the row group that has been begun.
    pub(super) async fn flush(&mut self, target: &Target) -> Result<(), CatalogError> {
        self.writer.flush().await.map_err(|error| failed(target, error))
    }

    /// Returns the size that the file would have if it were finished now, roughly.
    pub(super) fn size(&self) -> usize {
        self.writer.bytes_written() + self.writer.in_progress_size()
    }

    /// Returns the memory that the file holds.
    pub(super) fn memory_size(&self) -> usize {
        self.writer.memory_size() + self.writer.bytes_written().min(self.part_bytes)
    }

    /// Finishes the file and returns the action that adds it.
    pub(super) async fn finish(mut self, target: &Target) -> Result<Add, CatalogError> {
        let metadata = match self.writer.finish().await {
            Ok(metadata) => metadata,
            Err(error) => {
                self.abort().await;
                return Err(failed(target, error));
            }
        };
        let size = self.writer.bytes_written() as u64;
        Ok(add_action(self.path, size, &metadata, &target.schema, self.partition_values))
    }

    /// Gives the file up.
    pub(super) async fn abort(self) {
        let mut upload = self.writer.into_inner();
        // The buffer panics when its upload is already being completed.
        let abort = std::panic::AssertUnwindSafe(upload.0.abort()).catch_unwind();
        if !matches!(abort.await, Ok(Ok(()))) {
            tracing::debug!("upload of a data file not aborted");
        }
    }
}

fn properties(target: &Target) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_created_by(concat!("godwit ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_max_row_group_bytes(Some(ROW_GROUP_BYTES))
        .set_data_page_row_count_limit(PAGE_ROWS);
    for (geometry, boxes) in &target.schema.bounds {
        // Bounds of bytes say nothing about geometries, which are seldom equal.
        let geometry = ColumnPath::from(target.schema.table.field(*geometry).name().as_str());
        properties = properties
            .set_column_statistics_enabled(geometry.clone(), EnabledStatistics::None)
            .set_column_dictionary_enabled(geometry, false);
        for ordinate in BOUNDS_FIELDS {
            let boxes = target.schema.table.field(*boxes).name().clone();
            let path = ColumnPath::new(vec![boxes, ordinate.to_owned()]);
            properties = properties.set_column_dictionary_enabled(path, false);
        }
    }
    properties.build()
}

fn failed(target: &Target, error: ParquetError) -> CatalogError {
    if crate::error::is_disk_full(&error) {
        return CatalogError::DiskFull { location: target.location.clone() };
    }
    match error {
        ParquetError::External(source) => match source.downcast::<object_store::Error>() {
            Ok(source) => CatalogError::storage(target.location.as_str(), *source),
            Err(source) => CatalogError::query(ParquetError::External(source).into()),
        },
        error => CatalogError::query(error.into()),
    }
}

/// Takes the bytes of a file without copying them.
#[derive(Debug)]
struct Upload(BufWriter);

impl AsyncFileWriter for Upload {
    fn write(&mut self, bytes: Bytes) -> BoxFuture<'_, parquet::errors::Result<()>> {
        Box::pin(async move {
            self.0.put(bytes).await.map_err(|error| ParquetError::External(Box::new(error)))
        })
    }

    fn complete(&mut self) -> BoxFuture<'_, parquet::errors::Result<()>> {
        Box::pin(async move {
            tokio::io::AsyncWriteExt::shutdown(&mut self.0)
                .await
                .map_err(|error| ParquetError::External(Box::new(error)))
        })
    }
}
