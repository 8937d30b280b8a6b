//! JSON rows for DataFusion.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use arrow::json::ReaderBuilder;
use arrow::json::reader::infer_json_schema_from_iterator;
use async_trait::async_trait;
use datafusion::datasource::physical_plan::FileOpener;
use serde_json::Value;

use crate::chunks::{Chunk, ChunkDecoder, ChunkOpener, chunks, fold_chunks};
use crate::json::merge::{finish_schema, merge_schemas};
use crate::objects::{Layout, ObjectSplitter};
use crate::reader::{BatchReader, Files};
use crate::scan::{CountingDecoder, Scan};
use crate::{Compression, FormatError};

/// Reads JSON rows.
#[derive(Debug)]
pub(super) struct JsonReader {
    pub(super) compression: Option<Compression>,
    /// How many rows of a file are looked at; all of them when `None`.
    pub(super) infer_rows: Option<usize>,
}

#[async_trait]
impl BatchReader for JsonReader {
    fn name(&self) -> &'static str {
        "json"
    }

    fn compression(&self) -> Option<Compression> {
        self.compression
    }

    async fn schema(&self, files: Files<'_>) -> Result<Schema, FormatError> {
        let mut all = Schema::empty();
        for object in files.objects {
            let cutter = |reader, path| ObjectSplitter::new(reader, path, Layout::Rows);
            let chunks = chunks(files.store, &object.location, self.compression, cutter).await?;
            let look = |chunk: &Chunk| Ok((look_at(chunk)?, chunk.records));
            let mut rows = 0;
            fold_chunks(chunks, files.width, Arc::new(look), |(schema, count)| {
                all = merge_schemas(&all, &schema);
                rows += count;
                rows < self.infer_rows.unwrap_or(usize::MAX)
            })
            .await?;
        }
        Ok(finish_schema(&all))
    }

    fn opener(&self, scan: Scan) -> Result<Arc<dyn FileOpener>, FormatError> {
        let batch_size = scan.batch_size;
        let decoder: Arc<dyn ChunkDecoder> = if scan.projection.is_empty() {
            Arc::new(CountingDecoder { batch_size })
        } else {
            let schema = Arc::new(scan.file_schema.project(&scan.projection)?);
            Arc::new(RowDecoder { schema, batch_size })
        };
        Ok(Arc::new(ChunkOpener {
            store: scan.store,
            compression: self.compression,
            cutter: |reader, path| ObjectSplitter::new(reader, path, Layout::Rows),
            decoder,
            width: scan.width,
        }))
    }
}

/// Returns the columns of the rows of a chunk.
fn look_at(chunk: &Chunk) -> Result<Schema, FormatError> {
    let mut rows = serde_json::Deserializer::from_slice(&chunk.data).into_iter::<Value>();
    let refused = |reason: String, offset| chunk.malformed(offset, reason);
    let mut broken = None;
    let looked = infer_json_schema_from_iterator(std::iter::from_fn(|| match rows.next()? {
        Ok(row) => Some(Ok(row)),
        Err(error) => {
            broken = Some(error.to_string());
            None
        }
    }));
    if let Some(reason) = broken {
        return Err(refused(reason, rows.byte_offset()));
    }
    looked.map_err(|error| refused(error.to_string(), 0))
}

/// Parses rows into the projected columns.
struct RowDecoder {
    schema: SchemaRef,
    batch_size: usize,
}

impl ChunkDecoder for RowDecoder {
    fn decode(&self, chunk: &Chunk) -> Result<Vec<RecordBatch>, FormatError> {
        let reader = ReaderBuilder::new(Arc::clone(&self.schema))
            .with_batch_size(self.batch_size)
            .with_coerce_primitive(true)
            .build(chunk.data.as_slice())?;
        let mut batches = Vec::new();
        for batch in reader {
            batches.push(batch.map_err(|error| chunk.malformed(0, error.to_string()))?);
        }
        Ok(batches)
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::open;

    #[tokio::test]
    async fn rows_and_arrays_of_rows_are_read() {
        for text in [
            "{\"a\":1,\"b\":{\"c\":\"x\"}}\n{\"a\":2.5}\n",
            "[{\"a\":1,\"b\":{\"c\":\"x\"}},{\"a\":2.5}]",
        ] {
            let table = open("JSON", ".json", text.as_bytes(), &[]).await.unwrap();
            let shown = table.show("SELECT sum(a) AS s, max(b['c']) AS c FROM t").await;
            assert!(shown.contains("| 3.5 | x |"), "{shown}");
            assert!(table.show("SELECT count(*) AS n FROM t").await.contains("| 2 |"));
        }
    }

    #[tokio::test]
    async fn mixed_scalars_become_text() {
        let text = b"{\"a\":1}\n{\"a\":\"x\"}\n{\"a\":true}\n";
        let table = open("JSON", ".json", text, &[]).await.unwrap();
        assert!(table.show("SELECT string_agg(a, ',') AS a FROM t").await.contains("| 1,x,true |"));
    }

    #[tokio::test]
    async fn broken_rows_are_located() {
        let error = open("JSON", ".json", b"{\"a\":1}\n{\"a\":\n", &[]).await.unwrap_err();
        let shown = error.to_string();
        assert!(shown.contains("malformed file \"/") && shown.contains("at byte"), "{shown}");
    }
}
