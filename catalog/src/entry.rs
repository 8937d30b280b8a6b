//! What the catalog knows about a table or view, and what a new one is made from.

use std::collections::BTreeMap;

use arrow::datatypes::DataType;
use chrono::{DateTime, Utc};
use godwit_formats::FormatOptions;
use uuid::Uuid;

use crate::TableName;

/// A table or view of the catalog.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The name, as it was spelled when the object was made.
    pub name: TableName,
    /// The identity, which outlives a rename and not a drop.
    pub id: Uuid,
    /// What stands behind the name.
    pub kind: EntryKind,
    /// The comment, if there is one.
    pub comment: Option<String>,
    /// When the object was made.
    pub created_at: DateTime<Utc>,
}

/// What stands behind a name.
#[derive(Debug, Clone, PartialEq)]
pub enum EntryKind {
    /// Files that somebody else owns.
    External(ExternalTable),
    /// A Delta table that Godwit made.
    Delta(DeltaTable),
    /// A directory of GeoParquet files that Godwit made.
    GeoParquet(GeoParquetTable),
    /// A query.
    View {
        /// The query, in the user's own words.
        sql: String,
        /// What the query named when the view was made, which its maker was allowed to read: tables,
        /// views, and locations in a schema without a name. Not known of older views.
        reads: Option<Vec<TableName>>,
    },
}

/// A table over files that somebody else owns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExternalTable {
    /// The format name, or none to tell it from suffix and content.
    pub format: Option<String>,
    /// A file, glob, directory or URL.
    pub location: String,
    /// The columns that come from `name=value` directories, with their types where given.
    pub partition_columns: Vec<(String, Option<DataType>)>,
    /// The format's options.
    pub options: FormatOptions,
}

/// A Delta table that Godwit made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeltaTable {
    /// The table's root, as a URL that ends with a slash.
    pub location: String,
    /// Whether the data lies in the data directory and goes when the table is dropped.
    pub managed: bool,
}

/// A directory of GeoParquet files that Godwit made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeoParquetTable {
    /// The directory of the current version, as a URL that ends with a slash.
    pub location: String,
    /// Whether the data lies in the data directory and goes when the table is dropped.
    pub managed: bool,
    /// The columns that became directories, with their types.
    pub partition_columns: Vec<(String, Option<DataType>)>,
    /// The columns of the table, in order. The files have others with bounding boxes.
    pub columns: Vec<String>,
}

impl Entry {
    /// Returns where the data is, for anything but a view.
    pub fn location(&self) -> Option<&str> {
        match &self.kind {
            EntryKind::External(table) => Some(&table.location),
            EntryKind::Delta(table) => Some(&table.location),
            EntryKind::GeoParquet(table) => Some(&table.location),
            EntryKind::View { .. } => None,
        }
    }

    /// Returns the format name, where it is known without opening the files.
    pub fn format(&self) -> Option<&str> {
        match &self.kind {
            EntryKind::External(table) => table.format.as_deref(),
            EntryKind::Delta(_) => Some("DELTA"),
            EntryKind::GeoParquet(_) => Some("GEOPARQUET"),
            EntryKind::View { .. } => None,
        }
    }

    /// Returns whether this is a view.
    pub fn is_view(&self) -> bool {
        matches!(self.kind, EntryKind::View { .. })
    }

    /// Returns the directory that goes when the table is dropped.
    pub(crate) fn managed_location(&self) -> Option<&str> {
        match &self.kind {
            EntryKind::Delta(DeltaTable { location, managed: true })
            | EntryKind::GeoParquet(GeoParquetTable { location, managed: true, .. }) => {
                Some(location)
            }
            _ => None,
        }
    }
}

/// What to do when the name of a new object is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreateMode {
    /// Refuse.
    ErrorIfExists,
    /// Leave the old object alone and do nothing.
    IfNotExists,
    /// Put the new object in place of the old one.
    Replace,
}

/// The storage of a table that Godwit makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TableFormat {
    /// A Delta table.
    #[default]
    Delta,
    /// A directory of GeoParquet files.
    GeoParquet,
}

/// How a table is made from the rows of a query.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TableSpec {
    /// The storage.
    pub format: TableFormat,
    /// The columns that become directories.
    pub partition_by: Vec<String>,
    /// The columns that the rows arrive ordered by; informative.
    pub cluster_by: Vec<String>,
    /// Whether somebody chose the types of the columns, which then keep their nanoseconds and may
    /// refuse nulls; else they are what a query happens to return.
    pub is_declared: bool,
    /// Where the data goes, if not into the data directory.
    pub location: Option<String>,
    /// The comment.
    pub comment: Option<String>,
    /// The table's properties.
    pub properties: BTreeMap<String, String>,
}

/// What a write did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// The rows written.
    pub rows: u64,
    /// The bytes of the files written.
    pub bytes: u64,
    /// The files written.
    pub files: usize,
    /// The version of the table after the write, for a Delta table.
    pub version: Option<i64>,
}

impl Written {
    /// Adds what another part of the same write did.
    pub(crate) fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.bytes += other.bytes;
        self.files += other.files;
    }
}
