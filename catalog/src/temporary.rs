//! Schemas that belong to one session: hidden from everybody else, gone with it or with the server.
//!
//! What is in one is stored like any table, so everything that can be done to tables can be done
//! to it. Only its session knows the name of its schema.

use std::sync::Arc;

use datafusion::common::runtime::SpawnedTask;
use tracing::warn;
use uuid::Uuid;

use crate::catalog::Inner;
use crate::{Catalog, CatalogError};

/// What the name of each such schema begins with, which no user can say.
const PREFIX: &str = "godwit temporary ";

/// The name under which a session knows its own such schema.
pub const TEMPORARY_SCHEMA: &str = "temp";

/// Returns whether a schema belongs to one session.
pub(crate) fn is_temporary(schema: &str) -> bool {
    schema.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

impl Catalog {
    /// Returns the name of a schema for one session, which is yet to be made.
    pub fn new_temporary_schema() -> String {
        format!("{PREFIX}{}", Uuid::new_v4().simple())
    }

    /// Returns whether a schema belongs to one session. Such a name must not be taken from a user.
    pub fn is_temporary_schema(schema: &str) -> bool {
        is_temporary(schema)
    }

    /// Removes the schema of a session that has ended, with everything in it, soon.
    pub fn discard_schema(&self, schema: String) {
        if tokio::runtime::Handle::try_current().is_err() {
            // The process ends; the next one starts by removing what is left.
            return;
        }
        let inner = Arc::clone(&self.inner);
        let dropped = async move {
            match inner.discard(schema).await {
                Ok(()) | Err(CatalogError::SchemaNotFound { .. }) => {}
                Err(error) => warn!(%error, "temporary tables not removed yet"),
            }
        };
        self.inner.keep(SpawnedTask::spawn(dropped));
    }
}

impl Inner {
    /// Removes the schemas of the sessions of a server that is gone.
    pub(crate) async fn discard_temporary(&self) -> Result<(), CatalogError> {
        for schema in self.metastore.schema_names() {
            if is_temporary(&schema) {
                self.discard(schema).await?;
            }
        }
        Ok(())
    }

    async fn discard(&self, schema: String) -> Result<(), CatalogError> {
        let dropped = self.metastore.change(move |store| store.drop_schema(&schema, true)).await?;
        for location in dropped.iter().filter_map(|entry| entry.location()) {
            self.snapshots.forget(location);
        }
        Ok(())
    }
}
