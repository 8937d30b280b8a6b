//! `GeoPackage` for DataFusion: the rows of one table, as the database delivers them.

use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{Field, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::common::Result;
use datafusion::common::runtime::SpawnedTask;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileOpenFuture, FileOpener};
use godwit_geometry::{Crs, SpatialFilter};
use object_store::ObjectStore;
use rusqlite::Connection;

use super::database::DatabaseFile;
use super::layer::{self, Index, Layer, quoted};
use super::values::Values;
use crate::blocking::{Emit, batches_from_thread};
use crate::merged::merged_schema;
use crate::reader::{BatchReader, Files};
use crate::scan::{Condition, Scan};
use crate::{Compression, FormatError};

/// Reads a layer of a `GeoPackage`.
#[derive(Debug, Clone)]
pub(super) struct GeoPackageReader {
    /// The layer, the first one when none is named.
    pub(super) layer: Option<String>,
    /// The reference system, if the files do not decide.
    pub(super) crs: Option<Crs>,
}

impl GeoPackageReader {
    /// Opens a file and finds the layer; blocking.
    fn open(&self, file: &DatabaseFile) -> Result<(Connection, Layer), FormatError> {
        let database = file.open()?;
        let names = self.names(&database, file)?;
        let table = names.first().map_or("", String::as_str);
        let layer = Layer::read(&database, table).map_err(|error| file.malformed(&error))?;
        Ok((database, layer))
    }

    /// Returns the names of the layers, at least one: that which was asked for alone, if one was;
    /// blocking.
    fn names(
        &self,
        database: &Connection,
        file: &DatabaseFile,
    ) -> Result<Vec<String>, FormatError> {
        let mut names = layer::names(database).map_err(|error| file.malformed(&error))?;
        let all = names.join(", ");
        if let Some(wanted) = &self.layer {
            names.retain(|name| name.eq_ignore_ascii_case(wanted));
        }
        if names.is_empty() {
            let wanted = self.layer.as_ref().map(|layer| format!(" \"{layer}\""));
            let reason = format!(
                "file \"{}\" has no layer{}; its layers are {all}",
                file.shown,
                wanted.unwrap_or_default(),
            );
            return Err(FormatError::Unsupported { reason });
        }
        Ok(names)
    }
}

#[async_trait]
impl BatchReader for GeoPackageReader {
    fn name(&self) -> &'static str {
        "geopackage"
    }

    fn extension(&self) -> &'static str {
        "gpkg"
    }

    /// What was written last may lie in a journal.
    fn reads_beside(&self) -> bool {
        true
    }

    fn compression(&self) -> Option<Compression> {
        Some(Compression::None)
    }

    fn reads_by_place(&self) -> bool {
        true
    }

    async fn schema(&self, files: Files<'_>) -> Result<Schema, FormatError> {
        let mut schemas = Vec::new();
        for object in files.objects {
            let file = DatabaseFile::fetch(files.store, &object.location).await?;
            let reader = self.clone();
            let task =
                SpawnedTask::spawn_blocking(move || reader.open(&file).map(|(_, layer)| layer));
            let layer = task.await.map_err(std::io::Error::other)??;
            schemas.push(Schema::new(layer.fields(self.crs.as_ref())));
        }
        merged_schema(files.store, files.objects, schemas).await
    }

    async fn layers(&self, files: Files<'_>) -> Result<Vec<String>, FormatError> {
        let Some(object) = files.objects.first() else { return Ok(Vec::new()) };
        let file = DatabaseFile::fetch(files.store, &object.location).await?;
        let reader = self.clone();
        let names = move || reader.names(&file.open()?, &file);
        SpawnedTask::spawn_blocking(names).await.map_err(std::io::Error::other)?
    }

    fn opener(&self, scan: Scan) -> Result<Arc<dyn FileOpener>, FormatError> {
        let schema = Arc::new(scan.file_schema.project(&scan.projection)?);
        Ok(Arc::new(GeoPackageOpener {
            reader: self.clone(),
            store: scan.store,
            schema,
            batch_size: scan.batch_size.max(1),
            condition: scan.condition,
        }))
    }
}

struct GeoPackageOpener {
    reader: GeoPackageReader,
    store: Arc<dyn ObjectStore>,
    schema: SchemaRef,
    batch_size: usize,
    condition: Option<Condition>,
}

impl FileOpener for GeoPackageOpener {
    fn open(&self, file: PartitionedFile) -> Result<FileOpenFuture> {
        let (reader, store) = (self.reader.clone(), Arc::clone(&self.store));
        let (schema, batch_size) = (Arc::clone(&self.schema), self.batch_size);
        let condition = self.condition.clone();
        Ok(Box::pin(async move {
            let file = DatabaseFile::fetch(&store, &file.object_meta.location).await?;
            // The values of subqueries and joins are known by now.
            let filter = condition.map_or(SpatialFilter::Anything, |condition| condition.filter());
            Ok(batches_from_thread(move |emit| {
                let (database, layer) = reader.open(&file)?;
                let rows = Rows { file: &file, layer: &layer, schema: &schema, batch_size };
                rows.read(&database, &filter, emit)
            }))
        }))
    }
}

/// The wanted columns of a layer.
struct Rows<'a> {
    file: &'a DatabaseFile,
    layer: &'a Layer,
    schema: &'a SchemaRef,
    batch_size: usize,
}

impl Rows<'_> {
    /// Returns for each wanted column the one of the layer, if it has it.
    fn places(&self) -> Vec<Option<usize>> {
        let place = |field: &Arc<Field>| {
            self.layer.columns.iter().position(|column| column.name == *field.name())
        };
        self.schema.fields().iter().map(place).collect()
    }

    /// Emits the rows in batches; blocking.
    fn read(
        &self,
        database: &Connection,
        filter: &SpatialFilter,
        emit: Emit<'_, RecordBatch>,
    ) -> Result<(), FormatError> {
        let malformed = |error| self.file.malformed(&error);
        let columns: Vec<_> = self
            .places()
            .into_iter()
            .map(|place| place.and_then(|place| self.layer.columns.get(place)))
            .collect();
        let mut values: Vec<Values> = columns
            .iter()
            .zip(self.schema.fields())
            .map(|(column, field)| match column {
                Some(column) => Values::new(&column.data_type, column.is_geometry),
                None => Values::new(field.data_type(), false),
            })
            .collect();
        let sql = self.sql(filter);
        let mut statement = database.prepare(&sql).map_err(malformed)?;
        let mut rows = statement.query([]).map_err(malformed)?;
        let mut count = 0;
        while let Some(row) = rows.next().map_err(malformed)? {
            for (index, values) in values.iter_mut().enumerate() {
                let appended = values.append(row.get_ref(index).map_err(malformed)?);
                appended.map_err(|reason| {
                    let name = columns.get(index).copied().flatten().map(|column| &column.name);
                    let name = name.map_or("", String::as_str);
                    let number = row.get(columns.len()).map(|number: i64| number.to_string());
                    let number = number.unwrap_or_else(|_none| "unknown".to_owned());
                    let table = &self.layer.table;
                    let place = format!("table \"{table}\", column \"{name}\", rowid {number}");
                    self.file.broken(format!("{place}: {reason}"))
                })?;
            }
            count += 1;
            if count == self.batch_size {
                if !emit(self.batch(&mut values, count)?) {
                    return Ok(());
                }
                count = 0;
            }
        }
        if count > 0 {
            emit(self.batch(&mut values, count)?);
        }
        Ok(())
    }

    /// Returns the query for the wanted columns of the rows that the filter may let through.
    fn sql(&self, filter: &SpatialFilter) -> String {
        let mut wanted: Vec<String> = self
            .places()
            .into_iter()
            .map(|place| place.and_then(|place| self.layer.columns.get(place)))
            .map(|column| column.map_or("NULL".to_owned(), |column| quoted(&column.name)))
            .collect();
        // Behind the columns, for errors.
        wanted.push(self.layer.row_number.unwrap_or("NULL").to_owned());
        let condition = match &self.layer.index {
            Some((table, row_number)) => filter.select(&Index { table, row_number }),
            None if *filter == SpatialFilter::Nothing => "FALSE".to_owned(),
            None => "TRUE".to_owned(),
        };
        let table = quoted(&self.layer.table);
        format!("SELECT {} FROM {table} WHERE {condition}", wanted.join(", "))
    }

    fn batch(&self, values: &mut [Values], count: usize) -> Result<RecordBatch, FormatError> {
        // A value that does not fit its column is an error, not a null.
        let strict = CastOptions { safe: false, ..CastOptions::default() };
        let mut arrays = Vec::with_capacity(values.len());
        for (values, field) in values.iter_mut().zip(self.schema.fields()) {
            let array = cast_with_options(&values.finish(), field.data_type(), &strict);
            arrays.push(array.map_err(|error| {
                self.file.broken(format!("column \"{}\": {error}", field.name()))
            })?);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(count));
        Ok(RecordBatch::try_new_with_options(Arc::clone(self.schema), arrays, &options)?)
    }
}
