//! What a client says about the rows it streams into a table.

use std::collections::BTreeMap;

/// Where rows go, and what becomes of a table that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingest {
    /// The catalog; the only one when absent.
    pub catalog: Option<String>,
    /// The schema; that of the session when absent.
    pub schema: Option<String>,
    /// The table, spelled as it is.
    pub table: String,
    /// Whether the table is the session's own.
    pub is_temporary: bool,
    /// What to do when the table is there, and when it is not.
    pub mode: IngestMode,
    /// How a new table is stored: `partition_by` and `format`, as in `CREATE TABLE`.
    pub options: BTreeMap<String, String>,
}

/// What to do when the table of an ingestion is there, and when it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IngestMode {
    /// Make the table, which must not be there.
    Create,
    /// Add rows to the table, which must be there.
    Append,
    /// Make the table, in the place of the one that is there.
    Replace,
    /// Add rows to the table, and make it when it is not there.
    CreateOrAppend,
}
