//! From entries and locations to tables that can be scanned.

use std::sync::Arc;

use arrow::datatypes::{Field, Fields, Schema, SchemaRef};
use datafusion::catalog::Session;
use datafusion::datasource::TableProvider;
use godwit_formats::{Format, FormatOptions, detect};
use object_store::ObjectStoreExt as _;

use crate::files::FileTable;
use crate::location::Location;
use crate::{Catalog, CatalogError, Entry, EntryKind, ExternalTable, TableVersion, delta, listing};

/// The format name of Delta tables.
const DELTA: &str = "DELTA";

impl Catalog {
    /// Returns the table behind an entry as it is at this moment. Views are not the catalog's.
    pub async fn provider(
        &self,
        session: &dyn Session,
        entry: &Entry,
    ) -> Result<Arc<dyn TableProvider>, CatalogError> {
        match &entry.kind {
            EntryKind::External(table) => self.open_external(session, table).await,
            EntryKind::Delta(table) => {
                let location = Location::parse(&table.location)?.into_directory();
                self.open_delta(session, &location, &FormatOptions::new()).await
            }
            EntryKind::GeoParquet(table) => self.open_geoparquet(session, table).await,
            EntryKind::View { .. } => Err(CatalogError::WrongKind {
                name: entry.name.clone(),
                found: "view",
                expected: "table",
            }),
        }
    }

    /// Returns the files at a location as a table. The format is told from suffix and content
    /// unless it is named.
    ///
    /// Whether the location may be named is for [`Catalog::check_location`] to say.
    pub async fn open_location(
        &self,
        session: &dyn Session,
        location: &str,
        format: Option<&str>,
        options: &FormatOptions,
    ) -> Result<Arc<dyn TableProvider>, CatalogError> {
        let table = ExternalTable {
            format: format.map(str::to_owned),
            location: location.to_owned(),
            partition_columns: Vec::new(),
            options: options.clone(),
        };
        self.open_external(session, &table).await
    }

    /// Returns the format of the files behind a table that was opened by its location; a Delta
    /// table has none.
    pub fn format_of(table: &dyn TableProvider) -> Option<&'static dyn Format> {
        let extension = table.downcast_ref::<FileTable>()?.extension();
        detect(&format!("file.{extension}"), b"").map(|detected| detected.format)
    }

    /// Returns the names of the tables in the files behind a table that was opened by its location,
    /// of which it shows the first; none where a file is one table.
    pub async fn layers_of(
        session: &dyn Session,
        table: &dyn TableProvider,
    ) -> Result<Vec<String>, CatalogError> {
        match table.downcast_ref::<FileTable>() {
            Some(table) => Ok(table.layers(session).await?),
            None => Ok(Vec::new()),
        }
    }

    /// Returns the newest version of a Delta table, and nothing for anything else.
    pub async fn version(&self, entry: &Entry) -> Result<Option<TableVersion>, CatalogError> {
        let Some(location) = delta_location(entry)? else {
            return Ok(None);
        };
        Ok(Some(Box::pin(self.version_at(&location)).await?))
    }

    /// Returns the newest version of the Delta table at a location.
    pub(crate) async fn version_at(
        &self,
        location: &Location,
    ) -> Result<TableVersion, CatalogError> {
        let stores = &self.inner.stores;
        let snapshot = Box::pin(self.inner.snapshots.newest(stores, location, true)).await?;
        Ok(snapshot.table_version())
    }

    /// Returns the columns of a table with what it demands of their values, the lengths of texts
    /// and the kinds of geometries, which its provider does not show.
    pub async fn with_constraints(
        &self,
        entry: &Entry,
        columns: SchemaRef,
    ) -> Result<SchemaRef, CatalogError> {
        let Some(location) = delta_location(entry)? else { return Ok(columns) };
        let stores = &self.inner.stores;
        let snapshot = Box::pin(self.inner.snapshots.newest(stores, &location, true)).await?;
        let stored = &snapshot.schema.table;
        let fields = columns.fields().iter().map(|field| {
            let stored = stored.field_with_name(field.name()).ok();
            stored.map_or_else(
                || Arc::clone(field),
                |stored| Arc::new(delta::constrained(Field::clone(field), stored)),
            )
        });
        Ok(Arc::new(Schema::new(fields.collect::<Fields>())))
    }

    pub(crate) async fn open_external(
        &self,
        session: &dyn Session,
        table: &ExternalTable,
    ) -> Result<Arc<dyn TableProvider>, CatalogError> {
        let location = Location::parse(&table.location)?;
        let location = self.as_it_is(location).await?;
        let is_delta = match &table.format {
            Some(format) => format.eq_ignore_ascii_case(DELTA),
            None => location.is_directory() && self.is_delta(&location).await?,
        };
        if is_delta {
            return self.open_delta(session, &location.into_directory(), &table.options).await;
        }
        Box::pin(listing::open(&self.inner, session, &location, table)).await
    }

    async fn open_delta(
        &self,
        session: &dyn Session,
        location: &Location,
        options: &FormatOptions,
    ) -> Result<Arc<dyn TableProvider>, CatalogError> {
        let views = session.config_options().execution.parquet.schema_force_view_types;
        let stores = &self.inner.stores;
        let snapshot = match asked_version(options)? {
            None => Box::pin(self.inner.snapshots.newest(stores, location, views)).await?,
            Some(version) => {
                let mut table = Box::pin(delta::open(stores, location)).await?;
                Box::pin(table.load_version(version))
                    .await
                    .map_err(|error| CatalogError::delta(&location.text, error))?;
                let loaded = delta::TableSnapshot::load(table, location, views).await?;
                Arc::new(loaded)
            }
        };
        Box::pin(delta::provider(session, location, &snapshot)).await
    }

    /// Returns the location, as a directory if it is one although it was not written like one.
    async fn as_it_is(&self, location: Location) -> Result<Location, CatalogError> {
        if location.is_collection() || location.local_path().is_some() {
            return Ok(location);
        }
        let store = self.inner.stores.store(&location)?;
        match store.head(&location.path()?).await {
            Err(object_store::Error::NotFound { .. })
                if !matches!(location.url.scheme(), "http" | "https") =>
            {
                Ok(location.into_directory())
            }
            Err(error) => Err(CatalogError::storage(&location.text, error)),
            Ok(_) => Ok(location),
        }
    }

    async fn is_delta(&self, location: &Location) -> Result<bool, CatalogError> {
        if matches!(location.url.scheme(), "http" | "https") {
            return Ok(false);
        }
        let log = delta::log_store(&self.inner.stores, location)?;
        log.is_delta_table_location()
            .await
            .map_err(|error| CatalogError::delta(&location.text, error))
    }
}

/// Returns where the Delta table of an entry is, if it is one.
pub(crate) fn delta_location(entry: &Entry) -> Result<Option<Location>, CatalogError> {
    let location = match &entry.kind {
        EntryKind::Delta(table) => &table.location,
        EntryKind::External(ExternalTable { format: Some(format), location, .. })
            if format.eq_ignore_ascii_case(DELTA) =>
        {
            location
        }
        _ => return Ok(None),
    };
    Ok(Some(Location::parse(location)?.into_directory()))
}

/// Returns the version that the options ask for; they know nothing else.
fn asked_version(options: &FormatOptions) -> Result<Option<u64>, CatalogError> {
    let mut version = None;
    for (name, value) in options {
        if !name.eq_ignore_ascii_case("version") {
            return Err(CatalogError::invalid(format!(
                "unknown option \"{name}\" for format DELTA, it has \"version\""
            )));
        }
        let number = value.parse().map_err(|_malformed| {
            CatalogError::invalid(format!("option \"version\" takes a number, not \"{value}\""))
        })?;
        version = Some(number);
    }
    Ok(version)
}
