//! Shapefiles for DataFusion. The `.shp` and the `.dbf` file are read side by side, from front to
//! back, so remote ones need no more memory than a batch; only from where shapes were changed in
//! place, the `.shp` file is read by the places in the `.shx` file.

use std::io::Read;
use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryBuilder, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{Field, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::common::Result;
use datafusion::common::runtime::SpawnedTask;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileOpenFuture, FileOpener};
use godwit_geometry::{Crs, GeometryType};
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore};

use super::attributes::{Attributes, Column};
use super::encoding::TextEncoding;
use super::shapes::Shapes;
use super::siblings;
use super::source::{Source, Stream, buffered};
use crate::blocking::{Emit, batches_from_thread};
use crate::merged::merged_schema;
use crate::names::geometry_name;
use crate::reader::{BatchReader, Files};
use crate::scan::Scan;
use crate::{Compression, FormatError};

/// Reads Shapefiles.
#[derive(Debug, Clone)]
pub(super) struct ShapefileReader {
    /// The encoding of texts, if the files do not decide.
    pub(super) encoding: Option<TextEncoding>,
    /// The reference system, if the files do not decide.
    pub(super) crs: Option<Crs>,
}

/// The open files of one Shapefile.
struct OpenFiles {
    path: Arc<str>,
    shapes: Source,
    attributes: Option<Box<dyn Read + Send>>,
    encoding: Option<TextEncoding>,
}

type Opened = (Shapes, Option<Attributes<Stream>>);

impl ShapefileReader {
    async fn files(
        &self,
        store: &Arc<dyn ObjectStore>,
        location: &Path,
        (shapes, path): (Source, Arc<str>),
    ) -> Result<OpenFiles, FormatError> {
        let attributes = siblings::attributes(store, location).await?;
        let encoding = match self.encoding {
            None if attributes.is_some() => {
                let name = siblings::code_page(store, location).await?;
                TextEncoding::of_code_page(&name.unwrap_or_default(), &path)?
            }
            given => given,
        };
        Ok(OpenFiles { path, shapes, attributes, encoding })
    }

    async fn read_schema(
        &self,
        store: &Arc<dyn ObjectStore>,
        object: &ObjectMeta,
    ) -> Result<Schema, FormatError> {
        let shapes = Source::stream(store, &object.location).await?;
        let files = self.files(store, &object.location, shapes).await?;
        let crs = match &self.crs {
            Some(crs) => Some(crs.clone()),
            None => siblings::crs(store, &object.location).await?,
        };
        let task = SpawnedTask::spawn_blocking(move || files.open().map(|(_, attached)| attached));
        let attached = task.await.map_err(std::io::Error::other)??;
        let mut fields = Vec::new();
        for attribute in attached.iter().flat_map(|attached| &attached.fields) {
            fields.push(Field::new(&attribute.name, attribute.data_type.clone(), true));
        }
        fields.push(GeometryType::new(crs).field(geometry_name(&fields), true));
        Ok(Schema::new(fields))
    }
}

impl OpenFiles {
    /// Reads the headers; blocking.
    fn open(self) -> Result<Opened, FormatError> {
        let malformed =
            |offset, reason| FormatError::Malformed { path: self.path.to_string(), offset, reason };
        let shapes = Shapes::open(self.shapes).map_err(|reason| malformed(0, reason))?;
        let given = self.encoding;
        let choose = |driver| given.unwrap_or_else(|| TextEncoding::of_driver(driver));
        let attributes = self
            .attributes
            .map(|file| Attributes::open(buffered(file), choose))
            .transpose()
            .map_err(|reason| malformed(0, format!("its .dbf file: {reason}")))?;
        Ok((shapes, attributes))
    }
}

/// Emits the rows of a Shapefile in batches of the wanted columns; blocking.
fn read(
    files: OpenFiles,
    schema: &SchemaRef,
    batch_size: usize,
    emit: Emit<'_, RecordBatch>,
) -> Result<(), FormatError> {
    let path = Arc::clone(&files.path);
    let malformed =
        |offset, reason| FormatError::Malformed { path: path.to_string(), offset, reason };
    let attribute_malformed =
        |offset, reason: String| malformed(offset, format!("its .dbf file: {reason}"));
    let (mut shapes, mut attached) = files.open()?;
    let mut rows = Rows::new(schema, attached.as_ref());
    let wants_shapes = rows.wants_shapes();
    loop {
        let is_kept = match &mut attached {
            Some(attached) => attached.next(),
            None => Ok(Some(true)),
        };
        let is_kept = is_kept.map_err(|reason| attribute_malformed(shapes.offset, reason))?;
        let is_shape_left = shapes.next().map_err(|reason| malformed(shapes.offset, reason))?;
        let is_over = if attached.is_some() { is_kept.is_none() } else { !is_shape_left };
        let is_full = rows.count == batch_size || (is_over && rows.count > 0);
        if (is_full && !emit(rows.finish()?)) || is_over {
            return Ok(());
        }
        if is_kept == Some(false) {
            continue;
        }
        if wants_shapes && is_shape_left && shapes.is_multipatch() {
            return Err(FormatError::Multipatch { path: path.to_string() });
        }
        if wants_shapes {
            let geometry = if is_shape_left { shapes.geometry() } else { Ok(None) };
            let geometry = geometry.map_err(|reason| malformed(shapes.offset, reason))?;
            rows.geometries.append_option(geometry);
        }
        rows.append(attached.as_ref())
            .map_err(|reason| attribute_malformed(shapes.offset, reason))?;
    }
}

/// What a column of a batch is made of.
enum Origin {
    Shape,
    /// The attribute in a place.
    Attribute(usize),
    /// Nulls: the file has no such attribute.
    Nothing,
}

/// The rows of the next batch.
struct Rows<'a> {
    schema: &'a SchemaRef,
    columns: Vec<(Origin, Column)>,
    geometries: BinaryBuilder,
    count: usize,
}

impl<'a> Rows<'a> {
    fn new(schema: &'a SchemaRef, attached: Option<&Attributes<Stream>>) -> Self {
        let place = |field: &Field| {
            let fields = &attached?.fields;
            fields.iter().position(|attribute| attribute.name == *field.name())
        };
        let columns = schema.fields().iter().map(|field| {
            let origin = match place(field) {
                _ if godwit_geometry::is_geometry(field) => Origin::Shape,
                Some(place) => Origin::Attribute(place),
                None => Origin::Nothing,
            };
            (origin, Column::new(field.data_type()))
        });
        Self { schema, columns: columns.collect(), geometries: BinaryBuilder::new(), count: 0 }
    }

    fn wants_shapes(&self) -> bool {
        self.columns.iter().any(|(origin, _)| matches!(origin, Origin::Shape))
    }

    /// Appends a row but for its shape.
    fn append(&mut self, attached: Option<&Attributes<Stream>>) -> Result<(), String> {
        for (origin, column) in &mut self.columns {
            match (origin, attached) {
                (Origin::Shape, _) => {}
                (Origin::Attribute(place), Some(attached)) => attached.append(*place, column)?,
                _ => column.append_null(),
            }
        }
        self.count += 1;
        Ok(())
    }

    /// Returns the rows so far, after which there are none.
    fn finish(&mut self) -> Result<RecordBatch, FormatError> {
        let geometries = &mut self.geometries;
        let arrays = self.columns.iter_mut().map(|(origin, column)| -> ArrayRef {
            match origin {
                Origin::Shape => Arc::new(geometries.finish()),
                _ => column.finish(),
            }
        });
        let options =
            RecordBatchOptions::new().with_row_count(Some(std::mem::take(&mut self.count)));
        let schema = Arc::clone(self.schema);
        Ok(RecordBatch::try_new_with_options(schema, arrays.collect(), &options)?)
    }
}

#[async_trait]
impl BatchReader for ShapefileReader {
    fn name(&self) -> &'static str {
        "shapefile"
    }

    fn extension(&self) -> &'static str {
        "shp"
    }

    /// Attributes, their encoding and the reference system lie in files of their own.
    fn reads_beside(&self) -> bool {
        true
    }

    fn compression(&self) -> Option<Compression> {
        Some(Compression::None)
    }

    async fn schema(&self, files: Files<'_>) -> Result<Schema, FormatError> {
        let mut schemas = Vec::new();
        for object in files.objects {
            schemas.push(self.read_schema(files.store, object).await?);
        }
        merged_schema(files.store, files.objects, schemas).await
    }

    fn opener(&self, scan: Scan) -> Result<Arc<dyn FileOpener>, FormatError> {
        let schema = Arc::new(scan.file_schema.project(&scan.projection)?);
        Ok(Arc::new(ShapefileOpener {
            reader: self.clone(),
            store: scan.store,
            schema,
            batch_size: scan.batch_size,
        }))
    }
}

struct ShapefileOpener {
    reader: ShapefileReader,
    store: Arc<dyn ObjectStore>,
    schema: SchemaRef,
    batch_size: usize,
}

impl FileOpener for ShapefileOpener {
    fn open(&self, file: PartitionedFile) -> Result<FileOpenFuture> {
        let (reader, store) = (self.reader.clone(), Arc::clone(&self.store));
        let schema = Arc::clone(&self.schema);
        let batch_size = self.batch_size.max(1);
        Ok(Box::pin(async move {
            let location = &file.object_meta.location;
            let shapes = Source::open(&store, &file.object_meta).await?;
            let files = reader.files(&store, location, shapes).await?;
            Ok(batches_from_thread(move |emit| read(files, &schema, batch_size, emit)))
        }))
    }
}
