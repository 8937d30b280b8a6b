//! Delimited text for DataFusion.

use std::sync::Arc;

use arrow::datatypes::{Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::common::runtime::SpawnedTask;
use datafusion::common::{GetExt as _, Result, Statistics};
use datafusion::datasource::file_format::FileFormat;
use datafusion::datasource::file_format::file_compression_type::FileCompressionType;
use datafusion::datasource::physical_plan::{FileOpener, FileScanConfig, FileSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::physical_plan::ExecutionPlan;
use object_store::{ObjectMeta, ObjectStore};

use crate::chunks::ChunkOpener;
use crate::csv::decode::RecordDecoder;
use crate::csv::dialect::Dialect;
use crate::csv::geometry::GeometryColumn;
use crate::csv::infer::Inferred;
use crate::csv::splitter::RecordSplitter;
use crate::derived::DerivedSource;
use crate::scan::{BatchReader, Scan, ScanSource, apply_parallelism};
use crate::{Compression, FormatError, input};

/// Reads delimited text.
#[derive(Debug, Clone)]
pub(super) struct CsvReader {
    pub(super) dialect: Dialect,
    pub(super) compression: Option<Compression>,
    pub(super) infer_rows: usize,
    pub(super) geometry: Option<GeometryColumn>,
}

impl CsvReader {
    async fn infer(
        &self,
        store: &Arc<dyn ObjectStore>,
        objects: &[ObjectMeta],
    ) -> Result<Schema, FormatError> {
        let mut all = Inferred::default();
        for object in objects {
            let left = self.infer_rows.saturating_sub(all.rows);
            if left == 0 && all.rows > 0 {
                break;
            }
            let raw = input::open(store, &object.location).await?;
            let path: Arc<str> = object.location.as_ref().into();
            let (dialect, compression) = (self.dialect.clone(), self.compression);
            let task = SpawnedTask::spawn_blocking(move || {
                let reader = input::decompress(raw, compression)?;
                Inferred::from_reader(reader, path, &dialect, left)
            });
            let inferred = task.await.map_err(std::io::Error::other)??;
            all.merge(inferred, object.location.as_ref())?;
        }
        let schema = all.schema();
        match &self.geometry {
            Some(geometry) => geometry.add_to(&schema),
            None => Ok(schema),
        }
    }

    /// Returns the source of the file's own columns, with the geometry on top.
    fn source_with_geometry(
        &self,
        geometry: &GeometryColumn,
        table_schema: TableSchema,
    ) -> Result<Arc<dyn FileSource>> {
        let table = Arc::clone(table_schema.file_schema());
        let file = GeometryColumn::file_schema(&table);
        let expressions = geometry.expressions(&table, &file)?;
        let partitions = table_schema.table_partition_cols().clone();
        let inner = TableSchema::builder(file).with_table_partition_cols(partitions).build();
        let inner = ScanSource::new(Arc::new(self.clone()), inner);
        Ok(Arc::new(DerivedSource::try_new(table_schema, expressions, Arc::new(inner))?))
    }
}

impl BatchReader for CsvReader {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn opener(&self, scan: Scan) -> Result<Arc<dyn FileOpener>, FormatError> {
        let dialect = self.dialect.clone();
        Ok(Arc::new(ChunkOpener {
            store: scan.store,
            compression: self.compression,
            cutter: move |reader, path| RecordSplitter::new(reader, path, dialect.clone()),
            decoder: Arc::new(RecordDecoder {
                dialect: self.dialect.clone(),
                file_schema: scan.file_schema,
                projection: scan.projection,
                batch_size: scan.batch_size,
            }),
            width: scan.width,
        }))
    }
}

#[async_trait]
impl FileFormat for CsvReader {
    fn get_ext(&self) -> String {
        "csv".to_owned()
    }

    fn get_ext_with_compression(&self, compression: &FileCompressionType) -> Result<String> {
        Ok(format!("{}{}", self.get_ext(), compression.get_ext()))
    }

    fn compression_type(&self) -> Option<FileCompressionType> {
        self.compression.map(Compression::to_datafusion)
    }

    async fn infer_schema(
        &self,
        _state: &dyn Session,
        store: &Arc<dyn ObjectStore>,
        objects: &[ObjectMeta],
    ) -> Result<SchemaRef> {
        Ok(Arc::new(self.infer(store, objects).await?))
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
        let plain = |table_schema| {
            Arc::new(ScanSource::new(Arc::new(self.clone()), table_schema)) as Arc<dyn FileSource>
        };
        let Some(geometry) = &self.geometry else { return plain(table_schema) };
        // The columns were checked when the schema was inferred.
        match self.source_with_geometry(geometry, table_schema.clone()) {
            Ok(source) => source,
            Err(error) => {
                tracing::warn!(error = %error, "geometry column cannot be derived");
                plain(table_schema)
            }
        }
    }
}
