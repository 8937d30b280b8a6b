//! JSON rows for DataFusion.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
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
            Arc::new(RowDecoder::new(schema, batch_size, self.infer_rows.is_some()))
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
    /// Whether rows were left out when the types were found.
    is_sampled: bool,
    /// Whether there were objects or arrays among texts.
    has_nested_texts: AtomicBool,
}

impl RowDecoder {
    fn new(schema: SchemaRef, batch_size: usize, is_sampled: bool) -> Self {
        Self { schema, batch_size, is_sampled, has_nested_texts: AtomicBool::new(false) }
    }

    /// Refuses rows with values that their columns would change.
    fn check(&self, chunk: &Chunk) -> Result<(), FormatError> {
        let columns = self.schema.fields();
        if look_at(chunk)?.misfit(columns).is_none() {
            return Ok(());
        }
        let mut cursor = Cursor::new(&chunk.data);
        loop {
            cursor.skip_between_objects();
            let start = cursor.position();
            if cursor.peek().is_none() {
                return Ok(());
            }
            let mut row = Shape::default();
            let added = row.add(&mut cursor);
            added.map_err(|fault| chunk.malformed(fault.offset, fault.reason))?;
            if let Some(column) = row.misfit(columns) {
                return Err(chunk.malformed(start, refusal(column)));
            }
        }
    }

    /// Writes objects and arrays among texts as texts, if there are any, and parses the rows.
    fn parse_with_texts(&self, chunk: &Chunk) -> Result<Vec<RecordBatch>, FormatError> {
        let rewritten = with_texts(&chunk.data, self.schema.fields());
        let (rows, found) =
            rewritten.map_err(|fault| chunk.malformed(fault.offset, fault.reason))?;
        if found {
            self.has_nested_texts.store(true, Ordering::Relaxed);
        }
        self.parse(&rows).map_err(|error| chunk.malformed(0, error.to_string()))
    }

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
        if self.is_sampled {
            self.check(chunk)?;
        }
        // Most files have no objects or arrays among texts, so they are looked for only where the
        // rows cannot be parsed as they are.
        if !self.has_nested_texts.load(Ordering::Relaxed)
            && let Ok(batches) = self.parse(&chunk.data)
        {
            return Ok(batches);
        }
        self.parse_with_texts(chunk)
    }
}

fn refusal(column: &Field) -> String {
    let what = match column.data_type() {
        DataType::Boolean => "true or false",
        DataType::Int64 => "a whole number",
        DataType::Float64 => "a number that a double holds",
        DataType::List(_) => "an array of such values",
        _ => "an object of such members",
    };
    format!(
        "column \"{}\" of this record is not {what}, as it is in the records from which its type \
         was found; the option infer_rows 'all' looks at every record",
        column.name()
    )
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
    async fn values_behind_the_sample_are_never_changed() {
        for (good, bad, expected) in [
            ("1.5", "9007199254740993", "not a number that a double holds"),
            ("1", "1.5", "not a whole number"),
            ("1", "\"007\"", "not a whole number"),
            ("[1.5]", "[9007199254740993]", "not an array of such values"),
            ("{\"b\":1}", "{\"b\":2.5}", "not an object of such members"),
        ] {
            // The sample is a piece of a file at least.
            let rows = format!("{{\"a\":{good}}}\n").repeat(250_000);
            let text = format!("{rows} {{\"a\":{bad}}}\n");
            let options = [("infer_rows", "1")];
            let table = open("JSON", ".json", text.as_bytes(), &options).await.unwrap();
            let error = table.select("SELECT a FROM t").await.unwrap_err().to_string();
            let place = format!("at byte {}: column \"a\" of this record is ", rows.len() + 1);
            assert!(error.contains(&(place + expected)), "{error}");
            assert!(error.contains("infer_rows 'all'"), "{error}");
            assert!(table.show("SELECT count(*) AS n FROM t").await.contains("| 250001 |"));
        }
    }

    #[tokio::test]
    async fn broken_rows_are_located() {
        let error = open("JSON", ".json", b"{\"a\":1}\n{\"a\":\n", &[]).await.unwrap_err();
        let shown = error.to_string();
        assert!(shown.contains("malformed file \"/") && shown.contains("at byte"), "{shown}");
    }
}
