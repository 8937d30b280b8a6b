//! What can go wrong between a name and its bytes.

use std::io;

use datafusion::error::DataFusionError;
use deltalake_core::DeltaTableError;
use deltalake_core::kernel::transaction::TransactionError;
use godwit_formats::FormatError;
use godwit_geometry::GeometryError;

use crate::TableName;

/// A failure of the catalog, its stores or its tables.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// No table or view has this name.
    #[error("table \"{name}\" does not exist")]
    TableNotFound {
        /// The name as it was asked for.
        name: TableName,
    },
    /// No schema has this name.
    #[error("schema \"{schema}\" does not exist")]
    SchemaNotFound {
        /// The name as it was asked for.
        schema: String,
    },
    /// The name is taken.
    #[error("table \"{name}\" already exists")]
    DuplicateTable {
        /// The taken name.
        name: TableName,
    },
    /// The schema name is taken.
    #[error("schema \"{schema}\" already exists")]
    DuplicateSchema {
        /// The taken name.
        schema: String,
    },
    /// A schema that still holds tables was dropped without `CASCADE`.
    #[error("schema \"{schema}\" is not empty, it holds {tables} tables and views")]
    SchemaNotEmpty {
        /// The schema.
        schema: String,
        /// How many tables and views it holds.
        tables: usize,
    },
    /// The object has another kind than the statement is about.
    #[error("\"{name}\" is a {found}, not a {expected}")]
    WrongKind {
        /// The object.
        name: TableName,
        /// What it is.
        found: &'static str,
        /// What the statement needs.
        expected: &'static str,
    },
    /// Nothing is at the location.
    #[error("no file found at '{location}'")]
    LocationNotFound {
        /// The location as it was given.
        location: String,
        /// A file in the same directory that was probably meant.
        near: Option<String>,
    },
    /// The location may not be named by this principal.
    #[error("access to location '{location}' is not allowed: {reason}")]
    LocationDenied {
        /// The location as it was given.
        location: String,
        /// Which rule refused it.
        reason: String,
    },
    /// The text is not a location.
    #[error("invalid location '{location}': {reason}")]
    InvalidLocation {
        /// The location as it was given.
        location: String,
        /// What is wrong with it.
        reason: String,
    },
    /// No object store is configured for the location.
    #[error("no object store is configured for '{location}'")]
    UnknownStore {
        /// The location as it was given.
        location: String,
    },
    /// The format is not known, by name or from suffix and content.
    #[error("cannot tell the file format of '{subject}'")]
    UnknownFormat {
        /// The format name or the location.
        subject: String,
    },
    /// A file format refused its options or its bytes.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// Geometry types do not agree.
    #[error(transparent)]
    Geometry(#[from] GeometryError),
    /// The query that feeds a write, or the planning of a scan, failed.
    #[error(transparent)]
    Query(#[from] DataFusionError),
    /// An object store failed.
    #[error("cannot access '{location}'")]
    Storage {
        /// The location.
        location: String,
        /// What the store said.
        #[source]
        source: Box<object_store::Error>,
    },
    /// The local file system failed.
    #[error("cannot access '{path}'")]
    Io {
        /// The path.
        path: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The disk or quota of a write target is full.
    #[error("no space left to write '{location}'")]
    DiskFull {
        /// The location that was being written.
        location: String,
    },
    /// Another writer changed the table in a way that cannot be reconciled.
    #[error("another writer changed '{location}' at the same time")]
    Conflict {
        /// The table's location.
        location: String,
    },
    /// A Delta table or its log is broken or not supported.
    #[error("cannot use the Delta table at '{location}'")]
    Delta {
        /// The table's location.
        location: String,
        /// What the Delta library said.
        #[source]
        source: Box<DeltaTableError>,
    },
    /// A table uses something that Godwit does not do.
    #[error("not supported: {reason}")]
    Unsupported {
        /// What, and where.
        reason: String,
    },
    /// A column cannot be stored.
    #[error("column \"{column}\" of type {data_type} cannot be stored: {reason}")]
    UnsupportedType {
        /// The column.
        column: String,
        /// Its type.
        data_type: String,
        /// Why, and what to do instead.
        reason: String,
    },
    /// The rows do not fit the table.
    #[error("the rows do not fit the table: {reason}")]
    SchemaMismatch {
        /// What does not fit.
        reason: String,
    },
    /// A row has no value where the table demands one.
    #[error("column \"{column}\" does not take nulls")]
    NotNull {
        /// The column.
        column: String,
    },
    /// A text has more characters than its column takes.
    #[error("value too long for type {declared}, in column \"{column}\"")]
    TooLong {
        /// The column.
        column: String,
        /// Its type.
        declared: String,
    },
    /// The statement asks for something that makes no sense.
    #[error("{reason}")]
    Invalid {
        /// What is wrong.
        reason: String,
    },
    /// Another server uses the data directory.
    #[error("data directory '{path}' is in use by another server")]
    DataDirectoryLocked {
        /// The directory.
        path: String,
    },
    /// The metadata store failed.
    #[error("the metadata store failed")]
    Metastore(#[from] rusqlite::Error),
    /// The metadata store holds something that this version cannot read.
    #[error("the metadata store holds an unreadable row: {reason}")]
    MetastoreContent {
        /// Which row and why.
        reason: String,
    },
    /// A background task of the catalog was lost.
    #[error("a catalog task was cancelled")]
    TaskLost,
}

impl CatalogError {
    /// Returns the error for a failed access to an object store, telling missing files and full
    /// disks apart.
    pub(crate) fn storage(location: impl Into<String>, source: object_store::Error) -> Self {
        let location = location.into();
        if is_disk_full(&source) {
            return Self::DiskFull { location };
        }
        match source {
            object_store::Error::NotFound { .. } => Self::LocationNotFound { location, near: None },
            source => Self::Storage { location, source: Box::new(source) },
        }
    }

    /// Returns the error for a failed access to the local file system.
    pub(crate) fn io(path: impl Into<String>, source: io::Error) -> Self {
        let path = path.into();
        if is_disk_full(&source) {
            return Self::DiskFull { location: path };
        }
        match source.kind() {
            io::ErrorKind::NotFound => Self::LocationNotFound { location: path, near: None },
            _ => Self::Io { path, source },
        }
    }

    /// Returns the error for a failed use of a Delta table, telling conflicts and full disks
    /// apart.
    pub(crate) fn delta(location: impl Into<String>, source: DeltaTableError) -> Self {
        let location = location.into();
        if is_disk_full(&source) {
            return Self::DiskFull { location };
        }
        match source {
            DeltaTableError::ObjectStore { source } => Self::storage(location, source),
            DeltaTableError::VersionAlreadyExists(_)
            | DeltaTableError::Transaction {
                source:
                    TransactionError::CommitConflict(_)
                    | TransactionError::MaxCommitAttempts(_)
                    | TransactionError::VersionAlreadyExists(_),
            } => Self::Conflict { location },
            DeltaTableError::NotATable(_) => Self::LocationNotFound { location, near: None },
            source => Self::Delta { location, source: Box::new(source) },
        }
    }

    /// Returns the error of a stream that feeds a write, without wrapping our own errors twice.
    pub(crate) fn query(source: DataFusionError) -> Self {
        Self::Query(source)
    }

    /// Returns the error for a statement that makes no sense.
    pub(crate) fn invalid(reason: impl Into<String>) -> Self {
        Self::Invalid { reason: reason.into() }
    }
}

/// Returns whether the chain of sources ends in a full disk or an exhausted quota.
pub(crate) fn is_disk_full(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut current = Some(error);
    while let Some(error) = current {
        if let Some(io) = error.downcast_ref::<io::Error>()
            && matches!(io.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
        {
            return true;
        }
        current = error.source();
    }
    false
}
