//! Results to files: one file or a directory, complete or not there.

mod compress;
mod directory;
mod file;

use std::path::Path;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::common::runtime::SpawnedTask;
use datafusion::execution::SendableRecordBatchStream;
use godwit_formats::encode::{EncodeOptions, Encoding};
use godwit_formats::{Compression, FormatError, FormatOptions, detect};
use object_store::ObjectStoreExt as _;
use url::Url;
use uuid::Uuid;

use crate::location::Location;
use crate::metastore::{PendingWrite, WriteKind};
use crate::recovery::WriteGuard;
use crate::{Catalog, CatalogError, Written};

pub(crate) use self::directory::write_directory;

/// How rows become the bytes of files.
#[derive(Debug, Clone)]
pub(crate) struct Recipe {
    pub(crate) encoding: Encoding,
    pub(crate) options: EncodeOptions,
    pub(crate) compression: Compression,
}

impl Recipe {
    /// Returns the recipe of a format with options, or of the format that a suffix names.
    fn try_new(
        location: &Location,
        format: Option<&str>,
        options: &FormatOptions,
    ) -> Result<Self, CatalogError> {
        let path = location.url.path();
        let driver = driver(format, options)?;
        let (format, options) = match &driver {
            Some((name, options)) => (Some(name.as_str()), options),
            None => (format, options),
        };
        let unknown = |subject: &str| CatalogError::UnknownFormat { subject: subject.to_owned() };
        let name = match format {
            Some(name) if godwit_formats::format_named(name).is_none() => {
                return Err(unknown(name));
            }
            Some(name) => name,
            None => detect(path, b"")
                .map(|detected| detected.format.describe().name)
                .ok_or_else(|| unknown(&location.text))?,
        };
        let (encoding, mut encode, compression) =
            EncodeOptions::from_format_options(name, options)?;
        encode.layer = encode.layer.or_else(|| layer_of(location));
        let is_named = options.keys().any(|key| key.eq_ignore_ascii_case("compression"));
        let by_suffix = if encoding.is_compressible() && !is_named {
            Compression::of_path(path).0
        } else {
            compression
        };
        Ok(Self { encoding, options: encode, compression: by_suffix })
    }

    /// Returns the suffix of the files, without the first dot.
    fn suffix(&self) -> String {
        format!("{}{}", self.encoding.extension(), self.compression.suffix())
    }
}

/// Returns the format and its options when they are written as those of a driver of GDAL: `(FORMAT
/// gdal, DRIVER 'GPKG', SRS 'EPSG:3301')`.
fn driver(
    format: Option<&str>,
    options: &FormatOptions,
) -> Result<Option<(String, FormatOptions)>, CatalogError> {
    if !format.is_some_and(|format| format.eq_ignore_ascii_case("GDAL")) {
        return Ok(None);
    }
    let mut name = None;
    let mut others = FormatOptions::new();
    for (key, value) in options {
        match key.to_ascii_lowercase().as_str() {
            "driver" => name = Some(value.clone()),
            "srs" => {
                others.insert("assume_crs".to_owned(), value.clone());
            }
            _ => {
                others.insert(key.clone(), value.clone());
            }
        }
    }
    let name = name.ok_or_else(|| FormatError::Unsupported {
        reason: "FORMAT gdal needs a DRIVER, such as DRIVER 'FlatGeobuf' or DRIVER 'GPKG'"
            .to_owned(),
    })?;
    Ok(Some((name, others)))
}

/// Returns the name of a layer that is called as its file.
fn layer_of(location: &Location) -> Option<String> {
    let path = location.path().ok()?;
    let stem = path.filename()?.split('.').next().filter(|stem| !stem.is_empty())?;
    Some(stem.to_owned())
}

impl Catalog {
    /// Writes the rows of all streams to a location.
    ///
    /// A location that is a directory, ends with a slash, or is partitioned becomes a directory of
    /// files, which are written in parallel; it has to be empty or absent. Anything else becomes
    /// one file, in the place of one that was there. Local files and directories get their name
    /// when they are complete; so do single objects of a store. Files of a directory in an object
    /// store appear one by one.
    ///
    /// Whether the location may be named is for [`Catalog::check_location`] to say.
    #[expect(clippy::too_many_arguments, reason = "each is a clause of the statement")]
    pub async fn copy_to(
        &self,
        location: &str,
        format: Option<&str>,
        options: &FormatOptions,
        partition_by: &[String],
        schema: SchemaRef,
        streams: Vec<SendableRecordBatchStream>,
    ) -> Result<Written, CatalogError> {
        let place = Location::parse(location)?;
        let is_directory = place.is_directory() || !partition_by.is_empty();
        let place = if is_directory { self.table_location(location)? } else { place };
        if place.is_collection() && !is_directory {
            return Err(CatalogError::InvalidLocation {
                location: location.to_owned(),
                reason: "a file is needed, not a pattern".to_owned(),
            });
        }
        if matches!(place.url.scheme(), "http" | "https") {
            return Err(CatalogError::InvalidLocation {
                location: location.to_owned(),
                reason: "web servers cannot be written to".to_owned(),
            });
        }
        self.inner.rules.check_target(&place)?;
        let recipe = Recipe::try_new(&place, format, options)?;
        if is_directory {
            return Box::pin(self.copy_to_directory(&place, recipe, partition_by, schema, streams))
                .await;
        }
        Box::pin(self.copy_to_file(&place, recipe, schema, streams)).await
    }

    async fn copy_to_file(
        &self,
        place: &Location,
        recipe: Recipe,
        schema: SchemaRef,
        streams: Vec<SendableRecordBatchStream>,
    ) -> Result<Written, CatalogError> {
        let store = self.inner.stores.store(place)?;
        let failed = |error| CatalogError::storage(&place.text, error);
        let target = place.path()?;
        let Some(final_path) = place.local_path() else {
            // The object appears when its last part is there.
            let file = file::NewFile::try_new(store, target, place, &recipe, &schema)?;
            return file::write_file(file, streams).await;
        };
        let write = Uuid::now_v7();
        let draft = Location::from_url(draft_url(place, &final_path, write, false)?);
        let pending =
            PendingWrite { id: write, kind: WriteKind::File, location: draft.url.to_string() };
        let guard = WriteGuard::begin(self, pending).await?;
        let made = async {
            let path = draft.path()?;
            let file =
                file::NewFile::try_new(Arc::clone(&store), path.clone(), place, &recipe, &schema)?;
            let written = file::write_file(file, streams).await?;
            store.rename(&path, &target).await.map_err(failed)?;
            Ok(written)
        };
        let made = Box::pin(made).await;
        guard.end(made).await
    }

    async fn copy_to_directory(
        &self,
        place: &Location,
        recipe: Recipe,
        partition_by: &[String],
        schema: SchemaRef,
        streams: Vec<SendableRecordBatchStream>,
    ) -> Result<Written, CatalogError> {
        self.check_empty(place).await?;
        let store = self.inner.stores.store(place)?;
        let write = Uuid::now_v7();
        let draft = match place.local_path() {
            Some(path) => Location::from_url(draft_url(place, &path, write, true)?),
            None => place.clone(),
        };
        let pending =
            PendingWrite { id: write, kind: WriteKind::Directory, location: draft.url.to_string() };
        let guard = WriteGuard::begin(self, pending).await?;
        let made = async {
            let written =
                write_directory(store, &draft, &recipe, partition_by, &schema, streams).await?;
            if let (Some(from), Some(to)) = (draft.local_path(), place.local_path()) {
                let renamed = SpawnedTask::spawn_blocking(move || std::fs::rename(from, to));
                renamed
                    .await
                    .map_err(|_lost| CatalogError::TaskLost)?
                    .map_err(|error| CatalogError::io(&place.text, error))?;
            }
            Ok(written)
        };
        let made = Box::pin(made).await;
        guard.end(made).await
    }
}

/// Returns the place next to a path where it is put together.
fn draft_url(
    place: &Location,
    path: &Path,
    write: Uuid,
    is_directory: bool,
) -> Result<Url, CatalogError> {
    let invalid = || CatalogError::InvalidLocation {
        location: place.text.clone(),
        reason: "it has no name".to_owned(),
    };
    let name = path.file_name().ok_or_else(invalid)?.to_string_lossy();
    let draft = path.with_file_name(format!(".{name}.{}.tmp", write.simple()));
    let url =
        if is_directory { Url::from_directory_path(draft) } else { Url::from_file_path(draft) };
    url.map_err(|()| invalid())
}
