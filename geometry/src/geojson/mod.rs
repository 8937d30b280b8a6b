//! GeoJSON geometries, read and written without a tree of JSON values.

mod parse;
mod scan;
mod write;

pub use parse::{parse, parse_into};
pub use write::{write, write_with_crs};

#[cfg(test)]
mod tests;
