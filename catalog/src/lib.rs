//! Names to tables: files, listings, object stores and Delta, with a durable metadata store.
//!
//! This is the only crate that links `deltalake` and the only one that knows object store
//! credentials. It parses no SQL and knows no session beyond the one a scan is planned in.

mod catalog;
mod changed;
mod copy;
mod create;
mod ddl;
mod delta;
mod entry;
mod error;
mod files;
mod geoparquet;
mod insert;
mod listing;
mod location;
mod metastore;
mod name;
mod open;
mod recovery;
mod temporary;
mod writer;

pub use catalog::Catalog;
pub use delta::{Rewrite, TableVersion, TextLength, declared_type, fitted, without_declared_type};
pub use entry::{
    CreateMode, DeltaTable, Entry, EntryKind, ExternalTable, GeoParquetTable, TableFormat,
    TableSpec, Written,
};
pub use error::CatalogError;
pub use insert::Held;
pub use location::Access;
pub use name::TableName;
pub use temporary::TEMPORARY_SCHEMA;

#[cfg(test)]
mod tests;
