//! Delimited text for DataFusion.

use std::sync::{Arc, OnceLock};

use arrow::datatypes::Schema;
use async_trait::async_trait;
use datafusion::common::Result;
use datafusion::common::runtime::SpawnedTask;
use datafusion::datasource::physical_plan::{FileOpener, FileSource};
use datafusion::datasource::table_schema::TableSchema;

use crate::csv::dialect::Dialect;
use crate::csv::geometry::GeometryColumn;
use crate::csv::infer::Inferred;
use crate::csv::opener::CsvOpener;
use crate::derived::DerivedSource;
use crate::reader::{BatchReader, Files};
use crate::scan::{Scan, ScanSource};
use crate::{Compression, FormatError, input};

/// Reads delimited text.
#[derive(Debug, Clone)]
pub(super) struct CsvReader {
    pub(super) dialect: Dialect,
    /// The delimiter of all files: an option says it, or the first file whose columns are looked
    /// for.
    pub(super) delimiter: Arc<OnceLock<u8>>,
    pub(super) compression: Option<Compression>,
    pub(super) infer_rows: usize,
    pub(super) geometry: Option<GeometryColumn>,
}

#[async_trait]
impl BatchReader for CsvReader {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn compression(&self) -> Option<Compression> {
        self.compression
    }

    async fn schema(&self, files: Files<'_>) -> Result<Schema, FormatError> {
        let mut all = Inferred::default();
        for object in files.objects {
            let left = self.infer_rows.saturating_sub(all.rows);
            // The headers of the other files are looked at when they are read.
            if left == 0 && all.rows > 0 {
                break;
            }
            let input = input::open(files.store, &object.location).await?;
            let path = Arc::clone(&input.path);
            let (dialect, compression) = (self.file_dialect(), self.compression);
            let is_known = self.delimiter.get().is_some();
            let task = SpawnedTask::spawn_blocking(move || {
                let path = Arc::clone(&input.path);
                let reader = input.decompress(compression)?;
                Inferred::from_reader(reader, path, &dialect, is_known, left)
            });
            let inferred = task.await.map_err(std::io::Error::other)??;
            if let Some(delimiter) = inferred.delimiter {
                self.delimiter.get_or_init(|| delimiter);
            }
            all.merge(inferred, &path)?;
        }
        if let (false, Some(object)) = (all.has_columns(), files.objects.first()) {
            return Err(FormatError::Malformed {
                path: input::shown_path(files.store, &object.location).await,
                offset: 0,
                reason: "it has nothing but empty lines, where its columns should be".to_owned(),
            });
        }
        let schema = all.schema();
        match &self.geometry {
            Some(geometry) => geometry.add_to(&schema),
            None => Ok(schema),
        }
    }

    fn opener(&self, scan: Scan) -> Result<Arc<dyn FileOpener>, FormatError> {
        let opener = CsvOpener::try_new(self.file_dialect(), self.compression, scan)?;
        Ok(Arc::new(opener))
    }

    fn derived_source(&self, table_schema: &TableSchema) -> Result<Option<Arc<dyn FileSource>>> {
        let source = |geometry| self.source_with_geometry(geometry, table_schema);
        self.geometry.as_ref().map(source).transpose()
    }
}

impl CsvReader {
    /// Returns the dialect with the delimiter as far as it is known.
    fn file_dialect(&self) -> Dialect {
        let delimiter = self.delimiter.get().copied();
        self.dialect.with_delimiter(delimiter.unwrap_or(self.dialect.delimiter))
    }

    /// Returns the source of the file's own columns, with the geometry on top.
    fn source_with_geometry(
        &self,
        geometry: &GeometryColumn,
        table_schema: &TableSchema,
    ) -> Result<Arc<dyn FileSource>> {
        let table = Arc::clone(table_schema.file_schema());
        let file = GeometryColumn::file_schema(&table);
        let expressions = geometry.expressions(&table, &file)?;
        let partitions = table_schema.table_partition_cols().clone();
        let inner = TableSchema::builder(file).with_table_partition_cols(partitions).build();
        let inner = ScanSource::new(Arc::new(self.clone()), inner);
        Ok(Arc::new(DerivedSource::try_new(table_schema.clone(), expressions, Arc::new(inner))?))
    }
}
