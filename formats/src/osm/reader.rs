//! `OpenStreetMap` data for DataFusion: a file is cut into its blobs, which are read in parallel.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::datasource::physical_plan::FileOpener;
use futures::TryStreamExt as _;

use super::rows::{Rows, schema};
use super::splitter::BlobSplitter;
use super::{blob, block};
use crate::chunks::{Chunk, ChunkDecoder, ChunkOpener, chunks};
use crate::reader::{BatchReader, Files};
use crate::scan::Scan;
use crate::{Compression, FormatError};

/// Reads `OpenStreetMap` data.
#[derive(Debug)]
pub(super) struct OsmReader;

#[async_trait]
impl BatchReader for OsmReader {
    fn name(&self) -> &'static str {
        "osm"
    }

    fn extension(&self) -> &'static str {
        "osm.pbf"
    }

    fn compression(&self) -> Option<Compression> {
        Some(Compression::None)
    }

    async fn schema(&self, files: Files<'_>) -> Result<Schema, FormatError> {
        for object in files.objects {
            // All have the same columns, so only the beginning is checked.
            let (store, compression) = (files.store, self.compression());
            let mut blobs = chunks(store, &object.location, compression, BlobSplitter::new).await?;
            blobs.try_next().await?;
        }
        Ok(schema())
    }

    fn opener(&self, scan: Scan) -> Result<Arc<dyn FileOpener>, FormatError> {
        let schema = Arc::new(scan.file_schema.project(&scan.projection)?);
        Ok(Arc::new(ChunkOpener {
            store: scan.store,
            compression: self.compression(),
            cutter: BlobSplitter::new,
            decoder: Arc::new(BlobDecoder { schema, batch_size: scan.batch_size }),
            width: scan.width,
        }))
    }
}

/// Reads blobs into the wanted columns.
struct BlobDecoder {
    schema: SchemaRef,
    batch_size: usize,
}

impl ChunkDecoder for BlobDecoder {
    fn decode(&self, chunk: &Chunk) -> Result<Vec<RecordBatch>, FormatError> {
        let malformed = |reason| chunk.malformed(0, reason);
        let content = blob::content(&chunk.data).map_err(malformed)?;
        let mut rows = Rows::new(&self.schema, self.batch_size);
        block::read(&content, &mut rows)?.map_err(malformed)?;
        rows.finish()
    }
}
