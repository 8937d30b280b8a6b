//! The name of a table inside the catalog.

use std::fmt;

use crate::temporary::{TEMPORARY_SCHEMA, is_temporary};

/// A schema and a table name, as the user spelled them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableName {
    /// The schema.
    pub schema: String,
    /// The table or view.
    pub table: String,
}

impl TableName {
    /// Returns the name of `table` in `schema`.
    pub fn new(schema: impl Into<String>, table: impl Into<String>) -> Self {
        Self { schema: schema.into(), table: table.into() }
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schema = if is_temporary(&self.schema) { TEMPORARY_SCHEMA } else { &self.schema };
        write!(f, "{schema}.{}", self.table)
    }
}

/// Returns the key under which a name is found, whatever its letter case.
pub(crate) fn key(name: &str) -> String {
    name.to_lowercase()
}
