//! The tables and views that belong to one session.

use std::collections::HashMap;
use std::sync::OnceLock;

use godwit_catalog::{Catalog, TEMPORARY_SCHEMA, TableName};
use parking_lot::Mutex;

use crate::error::Error;

/// The tables and views of one session, which go with it.
///
/// They are in a schema of the catalog that nobody else can name; it is made with the first of
/// them.
#[derive(Debug)]
pub(crate) struct Temporary {
    catalog: Catalog,
    schema: OnceLock<String>,
    /// The schema of unqualified names in each view.
    homes: Mutex<HashMap<String, String>>,
}

impl Temporary {
    pub(crate) fn new(catalog: Catalog) -> Self {
        Self { catalog, schema: OnceLock::new(), homes: Mutex::default() }
    }

    /// Returns the catalog's name of the schema, once something was to be made in it.
    pub(crate) fn schema(&self) -> Option<&str> {
        self.schema.get().map(String::as_str)
    }

    /// Returns the full name of a table to make.
    pub(crate) fn name(&self, table: &str) -> TableName {
        TableName::new(self.schema.get_or_init(Catalog::new_temporary_schema), table)
    }

    /// Makes the schema, if this name is in it. Returns whether it is.
    pub(crate) async fn make_schema(&self, name: &TableName) -> Result<bool, Error> {
        if self.schema() != Some(&name.schema) {
            return Ok(false);
        }
        self.catalog.create_schema(&name.schema, true).await?;
        Ok(true)
    }

    /// Returns the schema of unqualified names in the text of a view.
    pub(crate) fn home(&self, view: &str) -> Option<String> {
        self.homes.lock().get(&view.to_lowercase()).cloned()
    }

    /// Remembers the schema of unqualified names in the text of a view.
    pub(crate) fn set_home(&self, view: &str, schema: &str) {
        self.homes.lock().insert(view.to_lowercase(), schema.to_owned());
    }

    /// Removes all tables and views, soon.
    pub(crate) fn discard(&self) {
        if let Some(schema) = self.schema() {
            self.catalog.discard_schema(schema.to_owned());
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        self.discard();
    }
}

/// The names under which a session knows its schema; the second is that of `PostgreSQL`.
const NAMES: [&str; 2] = [TEMPORARY_SCHEMA, "pg_temp"];

/// Returns whether a user means the schema of the session.
pub(crate) fn is_temporary(schema: &str) -> bool {
    spelling(schema).is_some()
}

/// Returns the name that a user gives to the schema of the session, as it is spelled.
pub(crate) fn spelling(schema: &str) -> Option<&'static str> {
    NAMES.into_iter().find(|name| schema.eq_ignore_ascii_case(name))
}
