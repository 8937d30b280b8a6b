//! GeoJSON for DataFusion.

use std::sync::Arc;

use arrow::datatypes::{Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::common::{Result, Statistics};
use datafusion::datasource::file_format::FileFormat;
use datafusion::datasource::file_format::file_compression_type::FileCompressionType;
use datafusion::datasource::physical_plan::{FileOpener, FileScanConfig, FileSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::physical_plan::ExecutionPlan;
use godwit_geometry::Crs;
use object_store::{ObjectMeta, ObjectStore};

use crate::chunks::{ChunkDecoder, ChunkOpener, chunks, fold_chunks};
use crate::geojson::feature::FeatureDecoder;
use crate::geojson::infer::Inferred;
use crate::objects::{Layout, ObjectSplitter};
use crate::scan::{BatchReader, CountingDecoder, Scan, ScanSource, apply_parallelism};
use crate::{Compression, FormatError};

/// Reads GeoJSON in all its layouts.
#[derive(Debug, Clone)]
pub(super) struct GeoJsonReader {
    pub(super) layout: Layout,
    pub(super) compression: Option<Compression>,
    /// How many features of a file are looked at; all of them when `None`.
    pub(super) infer_rows: Option<usize>,
    /// The reference system to assume instead of the file's.
    pub(super) crs: Option<Crs>,
}

impl GeoJsonReader {
    async fn infer(
        &self,
        store: &Arc<dyn ObjectStore>,
        objects: &[ObjectMeta],
        width: usize,
    ) -> Result<Schema, FormatError> {
        let mut all = Inferred::default();
        let mut common: Option<Option<Crs>> = None;
        for object in objects {
            let mut inferred = Inferred::default();
            let limit = self.infer_rows.unwrap_or(usize::MAX);
            let layout = self.layout;
            let cutter = move |reader, path| ObjectSplitter::new(reader, path, layout);
            let chunks = chunks(store, &object.location, self.compression, cutter).await?;
            fold_chunks(chunks, width, Arc::new(Inferred::from_chunk), |part| {
                inferred.merge(part);
                inferred.features < limit
            })
            .await?;
            let crs = inferred.crs()?;
            if let Some(other) = common.as_ref().filter(|other| **other != crs)
                && self.crs.is_none()
            {
                return Err(mixed_crs(object, other.as_ref(), crs.as_ref()));
            }
            common = Some(crs);
            all.merge(inferred);
        }
        let crs = self.crs.clone().or(common.unwrap_or_else(|| Some(Crs::wgs84())));
        all.schema(crs)
    }
}

fn mixed_crs(object: &ObjectMeta, left: Option<&Crs>, right: Option<&Crs>) -> FormatError {
    let name = |crs: Option<&Crs>| crs.map_or_else(|| "unknown".to_owned(), Crs::name);
    FormatError::Unsupported {
        reason: format!(
            "file \"{}\" has reference system {}, the files before it have {}; give one with the \
             option crs",
            object.location,
            name(right),
            name(left)
        ),
    }
}

impl BatchReader for GeoJsonReader {
    fn name(&self) -> &'static str {
        "geojson"
    }

    fn opener(&self, scan: Scan) -> Result<Arc<dyn FileOpener>, FormatError> {
        let decoder: Arc<dyn ChunkDecoder> = if scan.projection.is_empty() {
            Arc::new(CountingDecoder { batch_size: scan.batch_size })
        } else {
            Arc::new(FeatureDecoder::try_new(
                &scan.file_schema,
                &scan.projection,
                scan.batch_size,
                self.infer_rows.is_some(),
            )?)
        };
        let layout = self.layout;
        Ok(Arc::new(ChunkOpener {
            store: scan.store,
            compression: self.compression,
            cutter: move |reader, path| ObjectSplitter::new(reader, path, layout),
            decoder,
            width: scan.width,
        }))
    }
}

#[async_trait]
impl FileFormat for GeoJsonReader {
    fn get_ext(&self) -> String {
        match self.layout {
            Layout::FeatureSequence => "geojsonl".to_owned(),
            _ => "geojson".to_owned(),
        }
    }

    fn get_ext_with_compression(&self, compression: &FileCompressionType) -> Result<String> {
        use datafusion::common::GetExt as _;
        Ok(format!("{}{}", self.get_ext(), compression.get_ext()))
    }

    fn compression_type(&self) -> Option<FileCompressionType> {
        self.compression.map(Compression::to_datafusion)
    }

    async fn infer_schema(
        &self,
        state: &dyn Session,
        store: &Arc<dyn ObjectStore>,
        objects: &[ObjectMeta],
    ) -> Result<SchemaRef> {
        let width = state.config().target_partitions();
        Ok(Arc::new(self.infer(store, objects, width).await?))
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
        Arc::new(ScanSource::new(Arc::new(self.clone()), table_schema))
    }
}
