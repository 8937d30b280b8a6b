//! How a scan makes rows of its files, so that two scans of the same files can be told apart.

use std::sync::Arc;

use datafusion::datasource::physical_plan::FileSource;

use crate::derived::DerivedSource;
use crate::parquet::SpatialParquetSource;
use crate::scan::ScanSource;

/// How a source makes rows of its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manner {
    /// The options of the format and what is computed of the columns in the files.
    pub text: String,
    /// Whether nothing is read but the files that a scan lists. The attributes of a Shapefile lie
    /// in a file beside it, which may change alone.
    pub is_closed: bool,
}

/// Returns how a source of a format of this crate makes rows of its files: with the same text,
/// schema, columns and condition they are the same rows.
pub fn manner_of(source: &Arc<dyn FileSource>) -> Option<Manner> {
    if let Some(scan) = source.downcast_ref::<ScanSource>() {
        return Some(scan.manner());
    }
    if let Some(derived) = source.downcast_ref::<DerivedSource>() {
        return derived.manner();
    }
    source.downcast_ref::<SpatialParquetSource>().map(SpatialParquetSource::manner)
}
