//! MARC21/XML: the boxes of library records, in degrees.
//!
//! <https://www.loc.gov/marc/bibliographic/bd034.html>

mod literal;
mod read;
mod write;

#[cfg(test)]
mod tests;

use crate::GeometryError;

pub use read::parse;
pub use write::write;

fn invalid(reason: impl Into<String>) -> GeometryError {
    GeometryError::InvalidText { format: "MARC21/XML", reason: reason.into() }
}
