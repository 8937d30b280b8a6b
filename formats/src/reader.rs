//! Formats that are read as streams of batches, for DataFusion.

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use arrow::datatypes::{Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::common::{GetExt as _, Result, Statistics};
use datafusion::datasource::file_format::FileFormat;
use datafusion::datasource::file_format::file_compression_type::FileCompressionType;
use datafusion::datasource::physical_plan::{FileOpener, FileScanConfig, FileSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::physical_plan::ExecutionPlan;
use object_store::{ObjectMeta, ObjectStore};

use crate::scan::{Scan, ScanSource, apply_parallelism};
use crate::{Compression, FormatError};

/// The files of a table whose columns are looked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Files<'a> {
    pub(crate) store: &'a Arc<dyn ObjectStore>,
    pub(crate) objects: &'a [ObjectMeta],
    /// How many pieces of a file may be worked on at a time.
    pub(crate) width: usize,
}

/// What differs between such formats.
#[async_trait]
pub(crate) trait BatchReader: Debug + Send + Sync + 'static {
    /// Returns the name shown in plans.
    fn name(&self) -> &'static str;

    /// Returns the suffix of the files, without the dot.
    fn extension(&self) -> &'static str {
        self.name()
    }

    /// Returns the compression around the files, `None` when each is looked at.
    fn compression(&self) -> Option<Compression>;

    /// Returns the columns of all files together.
    async fn schema(&self, files: Files<'_>) -> Result<Schema, FormatError>;

    /// Returns the names of the tables in the files, of which a scan reads one; none where a file
    /// is one table.
    async fn layers(&self, _files: Files<'_>) -> Result<Vec<String>, FormatError> {
        Ok(Vec::new())
    }

    /// Returns what opens the files of one partition of a scan.
    fn opener(&self, scan: Scan) -> Result<Arc<dyn FileOpener>, FormatError>;

    /// Returns whether more is read than the files that a scan lists.
    fn reads_beside(&self) -> bool {
        false
    }

    /// Returns whether files are read by the place of their rows, so that a spatial condition can
    /// leave out others.
    fn reads_by_place(&self) -> bool {
        false
    }

    /// Returns the source of a table that shows more columns than the files have, if this one
    /// does.
    fn derived_source(&self, _table_schema: &TableSchema) -> Result<Option<Arc<dyn FileSource>>> {
        Ok(None)
    }
}

/// Returns the names of the tables in files, those alone that the options of the format let
/// through; none where a file is one table.
pub async fn layers(
    format: &dyn FileFormat,
    store: &Arc<dyn ObjectStore>,
    objects: &[ObjectMeta],
) -> Result<Vec<String>, FormatError> {
    let format: &dyn Any = format;
    match format.downcast_ref::<ReaderFormat>() {
        Some(format) => format.reader.layers(Files { store, objects, width: 1 }).await,
        None => Ok(Vec::new()),
    }
}

/// The format of DataFusion that a reader makes.
#[derive(Debug)]
pub(crate) struct ReaderFormat {
    reader: Arc<dyn BatchReader>,
}

impl ReaderFormat {
    /// Returns the format of a reader.
    pub(crate) fn of(reader: impl BatchReader) -> Arc<dyn FileFormat> {
        Arc::new(Self { reader: Arc::new(reader) })
    }
}

#[async_trait]
impl FileFormat for ReaderFormat {
    fn get_ext(&self) -> String {
        self.reader.extension().to_owned()
    }

    fn get_ext_with_compression(&self, compression: &FileCompressionType) -> Result<String> {
        Ok(format!("{}{}", self.get_ext(), compression.get_ext()))
    }

    fn compression_type(&self) -> Option<FileCompressionType> {
        self.reader.compression().map(Compression::to_datafusion)
    }

    async fn infer_schema(
        &self,
        state: &dyn Session,
        store: &Arc<dyn ObjectStore>,
        objects: &[ObjectMeta],
    ) -> Result<SchemaRef> {
        let width = state.config().target_partitions();
        Ok(Arc::new(self.reader.schema(Files { store, objects, width }).await?))
    }

    async fn infer_stats(
        &self,
        _state: &dyn Session,
        _store: &Arc<dyn ObjectStore>,
        table_schema: SchemaRef,
        _object: &ObjectMeta,
    ) -> Result<Statistics> {
        Ok(Statistics::new_unknown(&table_schema))
    }

    async fn create_physical_plan(
        &self,
        state: &dyn Session,
        config: FileScanConfig,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let config = apply_parallelism(config, state.config().target_partitions())?;
        Ok(DataSourceExec::from_data_source(config))
    }

    fn file_source(&self, table_schema: TableSchema) -> Arc<dyn FileSource> {
        match self.reader.derived_source(&table_schema) {
            Ok(Some(source)) => return source,
            Ok(None) => {}
            // The columns were checked when the schema was inferred.
            Err(error) => tracing::warn!(error = %error, "columns cannot be derived"),
        }
        Arc::new(ScanSource::new(Arc::clone(&self.reader), table_schema))
    }
}
