//! JSON rows for DataFusion.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::json::ReaderBuilder;
use async_trait::async_trait;
use datafusion::datasource::physical_plan::FileOpener;

use crate::chunks::{Chunk, ChunkDecoder, ChunkOpener, chunks, fold_chunks};
use crate::json::nested_text::with_texts;
use crate::json::shape::Shape;
use crate::objects::{Cursor, Layout, ObjectSplitter};
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
        let mut all = Shape::default();
        for object in files.objects {
            let cutter = |reader, path| ObjectSplitter::new(reader, path, Layout::Rows);
            let chunks = chunks(files.store, &object.location, self.compression, cutter).await?;
            let look = |chunk: &Chunk| Ok((look_at(chunk)?, chunk.records));
            let mut rows = 0;
            fold_chunks(chunks, files.width, Arc::new(look), |(shape, count)| {
                all.merge(shape);
                rows += count;
                rows < self.infer_rows.unwrap_or(usize::MAX)
            })
            .await?;
        }
        Ok(all.schema())
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

/// Returns what the rows of a chunk look like.
fn look_at(chunk: &Chunk) -> Result<Shape, FormatError> {
    let mut shape = Shape::default();
    let mut cursor = Cursor::new(&chunk.data);
    loop {
        cursor.skip_between_objects();
        let looked = match cursor.peek() {
            None => return Ok(shape),
            Some(b'{') => shape.add(&mut cursor),
            Some(_) => Err(cursor.expected_what("an object")),
        };
        looked.map_err(|fault| chunk.malformed(fault.offset, fault.reason))?;
    }
}

/// Parses rows into the projected columns.
struct RowDecoder {
    schema: SchemaRef,
    batch_size: usize,
}

impl RowDecoder {
    fn parse(&self, rows: &[u8]) -> Result<Vec<RecordBatch>, ArrowError> {
        let reader = ReaderBuilder::new(Arc::clone(&self.schema))
            .with_batch_size(self.batch_size)
            .with_coerce_primitive(true)
            .build(rows)?;
        reader.collect()
    }
}

impl ChunkDecoder for RowDecoder {
    fn decode(&self, chunk: &Chunk) -> Result<Vec<RecordBatch>, FormatError> {
        let refused = |error: ArrowError| chunk.malformed(0, error.to_string());
        let error = match self.parse(&chunk.data) {
            Ok(batches) => return Ok(batches),
            Err(error) => error,
        };
        // Most files have no objects or arrays among texts, so they are looked for only now.
        match with_texts(&chunk.data, self.schema.fields()) {
            Ok((rows, true)) => self.parse(&rows).map_err(refused),
            Ok((_, false)) => Err(refused(error)),
            Err(fault) => Err(chunk.malformed(fault.offset, fault.reason)),
        }
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
    async fn what_has_no_common_type_becomes_json() {
        for (rows, expected) in [
            (&["{\"a\":{}}", "{\"a\":{}}"][..], "{};{}"),
            (&["{\"a\":{\"b\":1}}", "{\"a\":[1, \"x\"]}"], "{\"b\":1};[1, \"x\"]"),
            (&["{\"a\":7}", "{\"a\":[1]}", "{}"], "7;[1];-"),
            (&["{\"a\":true}", "{\"a\":{\"b\":\"é\\n\"}}"], "true;{\"b\":\"é\\n\"}"),
            (&["{\"a\":\"x\"}", "{\"a\":[[]]}"], "x;[[]]"),
        ] {
            let text = rows.join("\n");
            let table = open("JSON", ".json", text.as_bytes(), &[]).await.unwrap();
            let shown = table.show("SELECT string_agg(coalesce(a, '-'), ';') AS a FROM t").await;
            assert!(shown.contains(&format!("| {expected} ")), "{shown}");
        }
        let text = br#"{"s":{"a":{},"b":[1]}} {"s":{"a":1,"b":["x"]},"l":[{"c":1},{"c":[2]}]}"#;
        let table = open("JSON", ".json", text, &[]).await.unwrap();
        let shown = table.show("SELECT s['a'] AS a, s['b'][1] AS b, l[2]['c'] AS c FROM t").await;
        assert!(shown.contains("| {} | 1 | ") && shown.contains("| 1  | x | [2] |"), "{shown}");
    }

    #[tokio::test]
    async fn whole_numbers_keep_their_digits() {
        for (rows, expected) in [
            ("{\"a\":9007199254740993} {\"a\":1.5}", "9007199254740993;1.5"),
            ("{\"a\":18446744073709551615} {\"a\":1}", "18446744073709551615;1"),
            ("{\"a\":9007199254740993} {\"a\":-1}", "9007199254740993;-1"),
            ("{\"a\":9007199254740992} {\"a\":1.5}", "9007199254740992.0;1.5"),
        ] {
            let table = open("JSON", ".json", rows.as_bytes(), &[]).await.unwrap();
            let sql = "SELECT string_agg(arrow_cast(a, 'Utf8'), ';') AS a FROM t";
            let shown = table.show(sql).await;
            assert!(shown.contains(&format!("| {expected} |")), "{shown}");
        }
    }

    #[tokio::test]
    async fn broken_rows_are_located() {
        let error = open("JSON", ".json", b"{\"a\":1}\n{\"a\":\n", &[]).await.unwrap_err();
        let shown = error.to_string();
        assert!(shown.contains("malformed file \"/") && shown.contains("at byte"), "{shown}");
    }
}
