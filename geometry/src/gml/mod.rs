//! GML, versions 2 and 3: geometries as XML.

mod coordinates;
mod curves;
mod read;
mod reference;
mod write;

#[cfg(test)]
mod tests;

use crate::GeometryError;

pub use read::parse;
pub use write::{Version, WriteOptions, write};

fn invalid(reason: impl Into<String>) -> GeometryError {
    GeometryError::InvalidText { format: "GML", reason: reason.into() }
}
