//! GeoJSON for DataFusion.

use std::sync::Arc;

use arrow::datatypes::Schema;
use async_trait::async_trait;
use datafusion::datasource::physical_plan::FileOpener;
use godwit_geometry::Crs;

use crate::chunks::{ChunkDecoder, ChunkOpener, chunks, fold_chunks};
use crate::geojson::feature::FeatureDecoder;
use crate::geojson::infer::Inferred;
use crate::objects::{Layout, ObjectSplitter};
use crate::reader::{BatchReader, Files};
use crate::scan::{CountingDecoder, Scan};
use crate::{Compression, FormatError, input};

/// Reads GeoJSON in all its layouts.
#[derive(Debug)]
pub(super) struct GeoJsonReader {
    pub(super) layout: Layout,
    pub(super) compression: Option<Compression>,
    /// How many features of a file are looked at; all of them when `None`.
    pub(super) infer_rows: Option<usize>,
    /// The reference system to assume instead of the file's.
    pub(super) crs: Option<Crs>,
}

#[async_trait]
impl BatchReader for GeoJsonReader {
    fn name(&self) -> &'static str {
        "geojson"
    }

    fn extension(&self) -> &'static str {
        match self.layout {
            Layout::FeatureSequence => "geojsonl",
            _ => "geojson",
        }
    }

    fn compression(&self) -> Option<Compression> {
        self.compression
    }

    async fn schema(&self, files: Files<'_>) -> Result<Schema, FormatError> {
        let mut all = Inferred::default();
        let mut common: Option<Option<Crs>> = None;
        for object in files.objects {
            let mut inferred = Inferred::default();
            let limit = self.infer_rows.unwrap_or(usize::MAX);
            let layout = self.layout;
            let cutter = move |reader, path| ObjectSplitter::new(reader, path, layout);
            let chunks = chunks(files.store, &object.location, self.compression, cutter).await?;
            fold_chunks(chunks, files.width, Arc::new(Inferred::from_chunk), |part| {
                inferred.merge(part);
                inferred.features < limit
            })
            .await?;
            // What the files say does not matter where the option says it.
            let crs = if self.crs.is_some() { self.crs.clone() } else { inferred.crs()? };
            if let Some(other) = common.as_ref().filter(|other| **other != crs) {
                let path = input::shown_path(files.store, &object.location).await;
                return Err(mixed_crs(&path, other.as_ref(), crs.as_ref()));
            }
            common = Some(crs);
            all.merge(inferred);
        }
        let without_files = || self.crs.clone().or_else(|| Some(Crs::wgs84()));
        let crs = common.unwrap_or_else(without_files);
        all.schema(crs)
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

fn mixed_crs(path: &str, left: Option<&Crs>, right: Option<&Crs>) -> FormatError {
    let name = |crs: Option<&Crs>| crs.map_or_else(|| "unknown".to_owned(), Crs::name);
    FormatError::Unsupported {
        reason: format!(
            "file \"{path}\" has reference system {}, the files before it have {}; give one with \
             the option crs",
            name(right),
            name(left)
        ),
    }
}
