//! The files that belong to a `.shp` file.

use std::io::Read;
use std::sync::Arc;

use godwit_geometry::Crs;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};

use super::projection;
use crate::{FormatError, input};

/// A `.prj` or `.cpg` file is never as long.
const LONGEST_TEXT: u64 = 64 * 1024;

/// Returns the files of the same name with another suffix, in the case of the first one's.
fn beside(shapes: &Path, suffix: &str) -> [Path; 2] {
    let name = shapes.as_ref();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let (same, other) = if name.ends_with("SHP") {
        (suffix.to_ascii_uppercase(), suffix.to_owned())
    } else {
        (suffix.to_owned(), suffix.to_ascii_uppercase())
    };
    [same, other].map(|suffix| Path::from(format!("{stem}.{suffix}")))
}

/// Opens the file with the attributes, if there is one.
pub(super) async fn attributes(
    store: &Arc<dyn ObjectStore>,
    shapes: &Path,
) -> Result<Option<Box<dyn Read + Send>>, FormatError> {
    bytes(store, shapes, "dbf").await
}

/// Opens the file with the places of the shapes, if there is one.
pub(super) async fn places(
    store: &Arc<dyn ObjectStore>,
    shapes: &Path,
) -> Result<Option<Box<dyn Read + Send>>, FormatError> {
    bytes(store, shapes, "shx").await
}

async fn bytes(
    store: &Arc<dyn ObjectStore>,
    shapes: &Path,
    suffix: &str,
) -> Result<Option<Box<dyn Read + Send>>, FormatError> {
    for path in beside(shapes, suffix) {
        match input::open(store, &path).await {
            Err(FormatError::Store(object_store::Error::NotFound { .. })) => {}
            opened => return opened.map(|input| Some(input.raw)),
        }
    }
    Ok(None)
}

/// Returns the reference system in the `.prj` file, if there is one that is understood.
pub(super) async fn crs(
    store: &Arc<dyn ObjectStore>,
    shapes: &Path,
) -> Result<Option<Crs>, FormatError> {
    Ok(text(store, shapes, "prj").await?.and_then(|text| projection::system(&text)))
}

/// Returns the name of the encoding in the `.cpg` file, if there is one.
pub(super) async fn code_page(
    store: &Arc<dyn ObjectStore>,
    shapes: &Path,
) -> Result<Option<String>, FormatError> {
    text(store, shapes, "cpg").await
}

async fn text(
    store: &Arc<dyn ObjectStore>,
    shapes: &Path,
    suffix: &str,
) -> Result<Option<String>, FormatError> {
    for path in beside(shapes, suffix) {
        match store.get(&path).await {
            Ok(found) if found.meta.size <= LONGEST_TEXT => {
                let bytes = found.bytes().await?;
                return Ok(Some(String::from_utf8_lossy(&bytes).into_owned()));
            }
            Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}
