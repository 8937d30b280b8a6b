//! Opens delimited text: the header of each file says where its columns are.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::common::Result;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileOpenFuture, FileOpener};

use crate::chunks::{chunks, decoded};
use crate::csv::decode::RecordDecoder;
use crate::csv::dialect::Dialect;
use crate::csv::layout::{Layout, LayoutSource};
use crate::scan::Scan;
use crate::{Compression, FormatError};

/// Opens the files of one partition of a scan.
pub(super) struct CsvOpener {
    dialect: Dialect,
    compression: Option<Compression>,
    scan: Arc<Scan>,
    projected: SchemaRef,
}

impl CsvOpener {
    pub(super) fn try_new(
        dialect: Dialect,
        compression: Option<Compression>,
        scan: Scan,
    ) -> Result<Self, FormatError> {
        let projected = Arc::new(scan.file_schema.project(&scan.projection)?);
        Ok(Self { dialect, compression, scan: Arc::new(scan), projected })
    }
}

impl FileOpener for CsvOpener {
    fn open(&self, file: PartitionedFile) -> Result<FileOpenFuture> {
        let layout = Arc::new(Layout::default());
        let decoder = Arc::new(RecordDecoder {
            dialect: self.dialect.clone(),
            table: Arc::clone(&self.scan.file_schema),
            projection: self.scan.projection.clone(),
            projected: Arc::clone(&self.projected),
            batch_size: self.scan.batch_size,
            layout: Arc::clone(&layout),
        });
        let (scan, compression) = (Arc::clone(&self.scan), self.compression);
        let (dialect, table) = (self.dialect.clone(), Arc::clone(&self.scan.file_schema));
        Ok(Box::pin(async move {
            let location = &file.object_meta.location;
            let cutter =
                move |reader, path| LayoutSource::new(reader, path, dialect, table, layout);
            let chunks = chunks(&scan.store, location, compression, cutter).await?;
            Ok(decoded(chunks, scan.width, decoder))
        }))
    }
}
