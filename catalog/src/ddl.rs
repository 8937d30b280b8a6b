//! Schemas, views, external tables, comments and drops.

use chrono::Utc;
use datafusion::catalog::Session;
use uuid::Uuid;

use crate::metastore::{Metastore, Published};
use crate::{Catalog, CatalogError, CreateMode, Entry, EntryKind, ExternalTable, TableName};

impl Catalog {
    /// Makes a schema. Returns whether it was made; with `if_not_exists` it may be there already.
    pub async fn create_schema(
        &self,
        name: &str,
        if_not_exists: bool,
    ) -> Result<bool, CatalogError> {
        if name.is_empty() {
            return Err(CatalogError::invalid("a schema needs a name"));
        }
        let schema = name.to_owned();
        let is_new = self.inner.metastore.change(move |store| store.create_schema(&schema)).await?;
        if !is_new && !if_not_exists {
            return Err(CatalogError::DuplicateSchema { schema: name.to_owned() });
        }
        Ok(is_new)
    }

    /// Removes a schema, with `cascade` together with all that is in it. Returns whether it was
    /// there; without `if_exists` it has to be.
    pub async fn drop_schema(
        &self,
        name: &str,
        if_exists: bool,
        cascade: bool,
    ) -> Result<bool, CatalogError> {
        let schema = name.to_owned();
        let dropped =
            self.inner.metastore.change(move |store| store.drop_schema(&schema, cascade)).await;
        match dropped {
            Ok(_) => Ok(true),
            Err(CatalogError::SchemaNotFound { .. }) if if_exists => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Makes a table over files that somebody else owns, after opening them once. Returns whether
    /// it was made.
    pub async fn create_external(
        &self,
        session: &dyn Session,
        name: &TableName,
        table: &ExternalTable,
        comment: Option<String>,
        mode: CreateMode,
    ) -> Result<bool, CatalogError> {
        if !self.must_make(name, mode)? {
            return Ok(false);
        }
        let mut table = table.clone();
        table.location = crate::location::Location::parse(&table.location)?.absolute_text();
        Box::pin(self.open_external(session, &table)).await?;
        self.publish(name, EntryKind::External(table), comment, mode).await
    }

    /// Makes a view of a query, which is kept in the user's words with what it names. Returns
    /// whether it was made.
    pub async fn create_view(
        &self,
        name: &TableName,
        sql: &str,
        reads: Vec<TableName>,
        comment: Option<String>,
        mode: CreateMode,
    ) -> Result<bool, CatalogError> {
        if !self.must_make(name, mode)? {
            return Ok(false);
        }
        let view = EntryKind::View { sql: sql.to_owned(), reads: Some(reads) };
        self.publish(name, view, comment, mode).await
    }

    /// Removes a table, with its data if Godwit made it in the data directory. Returns whether it
    /// was there; without `if_exists` it has to be.
    pub async fn drop_table(
        &self,
        name: &TableName,
        if_exists: bool,
    ) -> Result<bool, CatalogError> {
        self.drop_entry(name, if_exists, false).await
    }

    /// Removes a view. Returns whether it was there; without `if_exists` it has to be.
    pub async fn drop_view(&self, name: &TableName, if_exists: bool) -> Result<bool, CatalogError> {
        self.drop_entry(name, if_exists, true).await
    }

    /// Sets or clears the comment of a table or view.
    pub async fn comment(
        &self,
        name: &TableName,
        comment: Option<String>,
    ) -> Result<(), CatalogError> {
        let name = name.clone();
        self.inner.metastore.change(move |store| store.set_comment(&name, comment)).await
    }

    /// Returns whether an object of the name is to be made; an error if it must not be.
    pub(crate) fn must_make(
        &self,
        name: &TableName,
        mode: CreateMode,
    ) -> Result<bool, CatalogError> {
        if name.table.is_empty() {
            return Err(CatalogError::invalid("a table needs a name"));
        }
        if !self.has_schema(&name.schema) {
            return Err(CatalogError::SchemaNotFound { schema: name.schema.clone() });
        }
        match (self.entry(name), mode) {
            (Some(_), CreateMode::ErrorIfExists) => {
                Err(CatalogError::DuplicateTable { name: name.clone() })
            }
            (Some(_), CreateMode::IfNotExists) => Ok(false),
            _ => Ok(true),
        }
    }

    async fn publish(
        &self,
        name: &TableName,
        kind: EntryKind,
        comment: Option<String>,
        mode: CreateMode,
    ) -> Result<bool, CatalogError> {
        let entry =
            Entry { name: name.clone(), id: Uuid::now_v7(), kind, comment, created_at: Utc::now() };
        let published =
            self.inner.metastore.change(move |store| store.publish(entry, mode, None)).await?;
        Ok(matches!(published, Published::Done))
    }

    async fn drop_entry(
        &self,
        name: &TableName,
        if_exists: bool,
        is_view: bool,
    ) -> Result<bool, CatalogError> {
        let Some(entry) = self.entry(name) else {
            return if if_exists {
                Ok(false)
            } else {
                Err(CatalogError::TableNotFound { name: name.clone() })
            };
        };
        if entry.is_view() != is_view {
            let (found, expected) = if is_view { ("table", "view") } else { ("view", "table") };
            return Err(CatalogError::WrongKind { name: name.clone(), found, expected });
        }
        // A write that is about to be committed is committed before or finds the table gone.
        let gate = self.inner.gate(entry.id);
        let _open = gate.lock().await;
        let dropped = entry.name.clone();
        let removed =
            self.inner.metastore.change(move |store: &Metastore| store.remove(&dropped)).await?;
        if let Some(location) = entry.location() {
            self.inner.snapshots.forget(location);
        }
        Ok(removed.is_some())
    }
}
