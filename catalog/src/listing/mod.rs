//! The files at a location as one table.

mod partition;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};
use bytes::Bytes;
use datafusion::catalog::Session;
use datafusion::datasource::TableProvider;
use datafusion::datasource::file_format::FileFormat;
use datafusion::datasource::table_schema::TableSchema;
use futures::TryStreamExt as _;
use godwit_formats::{
    FileExtents, Format, FormatError, check_format, check_head, detect, format_named, nearest_name,
};
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _};
use parking_lot::Mutex;

use self::partition::Partitions;
use crate::catalog::Inner;
use crate::files::{DataFile, FileTable};
use crate::location::Location;
use crate::{CatalogError, ExternalTable};

/// How many first bytes of a file tell its format.
const HEAD_BYTES: u64 = 64 * 1024;
/// How many of the files that a reader refuses are looked at once more.
const CHECKED_FILES: usize = 16;
/// How many files beside one that is missing are looked at for its name.
const LISTED_FILES: usize = 10_000;
/// How many schemas are remembered.
const CACHED_SCHEMAS: usize = 1024;

/// The schemas of locations whose files have not changed.
#[derive(Debug, Default)]
pub(crate) struct SchemaCache {
    schemas: Mutex<HashMap<String, Known>>,
}

/// What is known of the files at a location.
#[derive(Debug, Clone)]
struct Known {
    fingerprint: u64,
    schema: SchemaRef,
    /// The reader that found the schema, which may know more of the files since then.
    reader: Arc<dyn FileFormat>,
}

/// A file with its path below the base of its location.
#[derive(Debug)]
struct Listed {
    meta: ObjectMeta,
    relative: String,
}

/// Returns the files of a table, as they are at this moment.
pub(crate) async fn open(
    catalog: &Inner,
    session: &dyn Session,
    location: &Location,
    table: &ExternalTable,
) -> Result<Arc<dyn TableProvider>, CatalogError> {
    let store = catalog.stores.store(location)?;
    let mut files = list(catalog, &store, location).await?;
    let has_known_suffix = |file: &&Listed| detect(file.meta.location.as_ref(), b"").is_some();
    let Some(first) = files.iter().find(has_known_suffix).or(files.first()) else {
        return Err(CatalogError::LocationNotFound { location: location.text.clone(), near: None });
    };
    let format = match &table.format {
        Some(name) => format_named(name)
            .ok_or_else(|| CatalogError::UnknownFormat { subject: name.clone() })?,
        None => detect_format(&store, location, first).await?,
    };
    if location.is_directory() {
        keep_format(&mut files, format);
    }
    let reader = format.file_format(&table.options)?;
    let partitions = Partitions::new(
        location,
        &table.partition_columns,
        &files.iter().map(|file| file.relative.as_str()),
    );
    let Known { schema: file_schema, reader, .. } =
        known(catalog, session, &store, location, table, format, reader, &files).await?;
    let partitions = partitions.without(&file_schema);

    let fields = partitions.fields().into_iter().map(Arc::new).collect::<Vec<_>>();
    let table_schema = TableSchema::builder(file_schema).with_table_partition_cols(fields).build();
    let columns = (0..table_schema.table_schema().fields().len()).collect();
    let mut data_files = Vec::with_capacity(files.len());
    for file in files {
        let partition_values = partitions.values(&file.relative)?;
        data_files.push(DataFile {
            meta: file.meta,
            partition_values,
            statistics: None,
            extents: FileExtents::default(),
        });
    }
    let table = FileTable::try_new(
        location.store_url()?,
        reader,
        table_schema,
        columns,
        data_files.into(),
    )?;
    Ok(Arc::new(table))
}

/// Returns the files of a location in the order of their paths.
async fn list(
    catalog: &Inner,
    store: &Arc<dyn ObjectStore>,
    location: &Location,
) -> Result<Vec<Listed>, CatalogError> {
    let failed = |error| CatalogError::storage(&location.text, error);
    let base = location.path()?;
    if !location.is_collection() {
        let meta = match store.head(&base).await {
            Err(object_store::Error::NotFound { .. }) => {
                let near = location.local_path().and_then(|path| near(&path));
                return Err(CatalogError::LocationNotFound {
                    location: location.text.clone(),
                    near,
                });
            }
            found => found.map_err(failed)?,
        };
        if meta.size == 0 {
            return Err(FormatError::Malformed {
                path: location.text.clone(),
                offset: 0,
                reason: "the file is empty".to_owned(),
            }
            .into());
        }
        return Ok(vec![Listed { meta, relative: String::new() }]);
    }
    if let Some(path) = location.local_path()
        && !path.is_dir()
    {
        return Ok(Vec::new());
    }
    let hidden = location
        .local_path()
        .and_then(|path| catalog.rules.hidden_below(&path).map(Path::from_absolute_path))
        .and_then(Result::ok);
    let mut listing = store.list(Some(&base));
    let mut files = Vec::new();
    while let Some(meta) = listing.try_next().await.map_err(failed)? {
        if hidden.as_ref().is_some_and(|hidden| meta.location.prefix_matches(hidden)) {
            continue;
        }
        let Some(parts) = meta.location.prefix_match(&base) else {
            continue;
        };
        let parts: Vec<String> = parts.map(|part| part.as_ref().to_owned()).collect();
        let relative = parts.join("/");
        let is_hidden = parts.iter().any(|part| part.starts_with(['.', '_']));
        if meta.size > 0 && location.matches(&relative) && !(is_hidden && location.is_directory()) {
            files.push(Listed { meta, relative });
        }
    }
    files.sort_by(|a, b| a.meta.location.cmp(&b.meta.location));
    Ok(files)
}

async fn detect_format(
    store: &Arc<dyn ObjectStore>,
    location: &Location,
    file: &Listed,
) -> Result<&'static dyn Format, CatalogError> {
    let path = &file.meta.location;
    let head = head(store, location, file).await?;
    check_head(&location.text, &head)?;
    detect(path.as_ref(), &head)
        .map(|detected| detected.format)
        .ok_or_else(|| CatalogError::UnknownFormat { subject: location.text.clone() })
}

/// Returns the name of a file in the same directory that was probably meant.
fn near(path: &std::path::Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let entries = std::fs::read_dir(path.parent()?).ok()?.take(LISTED_FILES);
    let names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    let shown = names.iter().map(String::as_str).filter(|name| !name.starts_with('.'));
    nearest_name(name, shown).map(str::to_owned)
}

/// Returns the first bytes of a file.
async fn head(
    store: &Arc<dyn ObjectStore>,
    location: &Location,
    file: &Listed,
) -> Result<Bytes, CatalogError> {
    let range = 0..HEAD_BYTES.min(file.meta.size);
    let read = store.get_range(&file.meta.location, range).await;
    read.map_err(|error| CatalogError::storage(&location.text, error))
}

/// Leaves out the files of a directory that have the suffix of another format.
fn keep_format(files: &mut Vec<Listed>, format: &'static dyn Format) {
    let name = format.describe().name;
    let family = |name: &str| name.contains("JSON") || name.contains("PARQUET");
    let is_other = |file: &Listed| {
        detect(file.meta.location.as_ref(), b"").is_none_or(|detected| {
            let found = detected.format.describe().name;
            found != name && !(family(found) && family(name))
        })
    };
    if !files.iter().all(is_other) {
        files.retain(|file| !is_other(file));
    }
}

#[expect(clippy::too_many_arguments, reason = "they are all parts of the table that is opened")]
async fn known(
    catalog: &Inner,
    session: &dyn Session,
    store: &Arc<dyn ObjectStore>,
    location: &Location,
    table: &ExternalTable,
    format: &'static dyn Format,
    reader: Arc<dyn FileFormat>,
    files: &[Listed],
) -> Result<Known, CatalogError> {
    let views = session.config_options().execution.parquet.schema_force_view_types;
    let key = format!(
        "{}\n{}\n{:?}\n{views}",
        location.absolute_text(),
        format.describe().name,
        table.options
    );
    let fingerprint = fingerprint(files);
    if let Some(known) = catalog.schemas.schemas.lock().get(&key)
        && known.fingerprint == fingerprint
    {
        return Ok(known.clone());
    }
    let metas: Vec<ObjectMeta> = files.iter().map(|file| file.meta.clone()).collect();
    let schema = match reader.infer_schema(session, store, &metas).await {
        Ok(schema) => schema,
        Err(error) => {
            // What the reader does not find says less than what the file is.
            for file in files.iter().take(CHECKED_FILES) {
                let head = head(store, location, file).await?;
                check_head(&location.text, &head)?;
                check_format(&location.text, &head, format)?;
            }
            return Err(error.into());
        }
    };
    // Files of one table may lack columns that others have.
    let fields = schema.fields().iter();
    let fields: Vec<Field> =
        fields.map(|field| field.as_ref().clone().with_nullable(true)).collect();
    let schema = Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()));
    let mut schemas = catalog.schemas.schemas.lock();
    if schemas.len() >= CACHED_SCHEMAS {
        schemas.clear();
    }
    let known = Known { fingerprint, schema, reader };
    schemas.insert(key, known.clone());
    Ok(known)
}

/// Returns a number that changes when the files change.
fn fingerprint(files: &[Listed]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for Listed { meta, .. } in files {
        meta.location.as_ref().hash(&mut hasher);
        meta.size.hash(&mut hasher);
        meta.last_modified.timestamp_nanos_opt().hash(&mut hasher);
        meta.e_tag.hash(&mut hasher);
    }
    hasher.finish()
}
