//! Arrow IPC for DataFusion. Files are read as the streams they contain, from front to back, so
//! remote and compressed ones need no more memory than a batch.

use std::io::{BufRead as _, BufReader, Read};
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, new_null_array};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};
use arrow::ipc::reader::StreamReader;
use async_trait::async_trait;
use datafusion::common::Result;
use datafusion::common::runtime::SpawnedTask;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileOpenFuture, FileOpener};
use godwit_geometry::{GeometryType, is_geometry};
use object_store::{ObjectMeta, ObjectStore};

use crate::blocking::batches_from_thread;
use crate::geoarrow::{native_shape, to_wkb, wkb_field};
use crate::input::{self, Input};
use crate::merged::merged_schema;
use crate::names::numbered;
use crate::reader::{BatchReader, Files};
use crate::scan::Scan;
use crate::{Compression, FormatError};

const FILE_MAGIC: &[u8] = b"ARROW1\0\0";
const READ_BUFFER_BYTES: usize = 1024 * 1024;

/// Reads Arrow IPC.
#[derive(Debug)]
pub(super) struct ArrowReader {
    pub(super) compression: Option<Compression>,
}

fn open_stream(
    input: Input,
    compression: Option<Compression>,
) -> Result<StreamReader<BufReader<Box<dyn Read + Send>>>, FormatError> {
    let reader = input.decompress(compression)?;
    let mut reader = BufReader::with_capacity(READ_BUFFER_BYTES, reader);
    if reader.fill_buf()?.starts_with(FILE_MAGIC) {
        reader.consume(FILE_MAGIC.len());
        // Writers may pad the beginning further, to their alignment.
        while reader.fill_buf()?.starts_with(&[0; 8]) {
            reader.consume(8);
        }
    }
    Ok(StreamReader::try_new(reader, None)?)
}

fn malformed(path: &str, error: &FormatError) -> FormatError {
    FormatError::Malformed { path: path.to_owned(), offset: 0, reason: error.to_string() }
}

impl ArrowReader {
    async fn read_schema(
        &self,
        store: &Arc<dyn ObjectStore>,
        object: &ObjectMeta,
    ) -> Result<SchemaRef, FormatError> {
        let input = input::open(store, &object.location).await?;
        let (path, compression) = (Arc::clone(&input.path), self.compression);
        let task = SpawnedTask::spawn_blocking(move || {
            open_stream(input, compression).map(|reader| uniquely_named(&reader.schema()))
        });
        let schema = task.await.map_err(std::io::Error::other)?;
        schema.map_err(|error| malformed(&path, &error))
    }
}

#[async_trait]
impl BatchReader for ArrowReader {
    fn name(&self) -> &'static str {
        "arrow"
    }

    fn compression(&self) -> Option<Compression> {
        self.compression
    }

    async fn schema(&self, files: Files<'_>) -> Result<Schema, FormatError> {
        let mut schemas = Vec::new();
        for object in files.objects {
            let schema = self.read_schema(files.store, object).await?;
            let mut fields = Vec::new();
            for field in schema.fields() {
                fields.push(shown_field(field)?);
            }
            schemas.push(Schema::new(fields));
        }
        merged_schema(files.store, files.objects, schemas).await
    }

    fn opener(&self, scan: Scan) -> Result<Arc<dyn FileOpener>, FormatError> {
        let schema = Arc::new(scan.file_schema.project(&scan.projection)?);
        Ok(Arc::new(ArrowOpener {
            store: scan.store,
            compression: self.compression,
            schema,
            batch_size: scan.batch_size,
        }))
    }
}

struct ArrowOpener {
    store: Arc<dyn ObjectStore>,
    compression: Option<Compression>,
    schema: SchemaRef,
    batch_size: usize,
}

impl FileOpener for ArrowOpener {
    fn open(&self, file: PartitionedFile) -> Result<FileOpenFuture> {
        let store = Arc::clone(&self.store);
        let (schema, compression) = (Arc::clone(&self.schema), self.compression);
        let batch_size = self.batch_size.max(1);
        Ok(Box::pin(async move {
            let input = input::open(&store, &file.object_meta.location).await?;
            let path = Arc::clone(&input.path);
            Ok(batches_from_thread(move |emit| {
                let refused = |error: FormatError| malformed(&path, &error);
                let reader = open_stream(input, compression).map_err(refused)?;
                let own = uniquely_named(&reader.schema());
                for batch in reader {
                    let batch = batch.map_err(|error| refused(error.into()))?;
                    let batch = arrange(&batch, &own, &schema)?;
                    for start in (0..batch.num_rows()).step_by(batch_size) {
                        let count = batch_size.min(batch.num_rows() - start);
                        if !emit(batch.slice(start, count)) {
                            return Ok(());
                        }
                    }
                }
                Ok(())
            }))
        }))
    }
}

/// Returns a schema with a number behind names that were there before.
fn uniquely_named(schema: &Schema) -> SchemaRef {
    let names = numbered(schema.fields().iter().map(|field| field.name().clone()));
    let fields = schema.fields().iter().zip(names);
    let fields = fields.map(|(field, name)| Arc::new(field.as_ref().clone().with_name(name)));
    Arc::new(Schema::new_with_metadata(fields.collect::<Fields>(), schema.metadata().clone()))
}

/// Picks the columns of a batch by their own names and gives them the types of the table.
fn arrange(
    batch: &RecordBatch,
    own: &SchemaRef,
    schema: &SchemaRef,
) -> Result<RecordBatch, FormatError> {
    // A value that does not fit is an error, not a null.
    let strict = CastOptions { safe: false, ..CastOptions::default() };
    let cast = |array: &ArrayRef, wanted: &DataType| cast_with_options(array, wanted, &strict);
    let mut columns = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        let found = own.column_with_name(field.name());
        let found = found.and_then(|(place, own)| Some((batch.columns().get(place)?, own)));
        let column = match found {
            Some((column, own)) => match native_shape(own).filter(|_| is_geometry(field)) {
                Some(shape) => cast(&to_wkb(column, shape)?, field.data_type())?,
                None => cast(column, field.data_type())?,
            },
            None => new_null_array(field.data_type(), batch.num_rows()),
        };
        columns.push(column);
    }
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    Ok(RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)?)
}

/// Returns a field as the table shows it: native geometries are WKB.
fn shown_field(field: &Field) -> Result<Field, FormatError> {
    if native_shape(field).is_some() {
        return Ok(wkb_field(field)?);
    }
    // Metadata that cannot be read is an error now, not in the middle of a query.
    GeometryType::from_field(field)?;
    Ok(field.clone())
}
