//! Delta tables: types, the log, reading and committing.
//!
//! Geometries are plain binary columns. Their type and reference system are in the field's
//! metadata, and a struct column with their bounding boxes lies beside them, so that file
//! statistics bound them. That column is not shown.

mod commit;
mod constraints;
mod declared;
mod lengths;
mod log;
mod partition;
mod provider;
mod scalar;
mod schema;
mod snapshot;
mod statistics;
mod tail;
mod types;

pub(crate) use self::commit::{Change, Definition, commit, landed};
pub use self::commit::{Rewrite, TableVersion};
pub(crate) use self::constraints::constrained;
pub use self::constraints::fitted;
pub use self::declared::{declared_type, without_declared_type};
pub use self::lengths::TextLength;
pub(crate) use self::log::{log_store, newest_version, open, remove_first_version};
pub(crate) use self::partition::{OPEN_FILES, PartitionSplitter};
pub(crate) use self::provider::provider;
pub(crate) use self::schema::{BOUNDS_FIELDS, StoredSchema};
pub(crate) use self::snapshot::{SnapshotCache, TableSnapshot, features};
pub(crate) use self::statistics::add_action;
