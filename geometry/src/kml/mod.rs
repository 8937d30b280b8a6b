//! KML: geometries in longitude and latitude as XML.

mod read;
mod write;

#[cfg(test)]
mod tests;

use crate::GeometryError;

pub use read::parse;
pub use write::write;

fn invalid(reason: impl Into<String>) -> GeometryError {
    GeometryError::InvalidText { format: "KML", reason: reason.into() }
}
