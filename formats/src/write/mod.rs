//! Files of results in an object store, and the bounds of geometries that go with them.

mod compressor;
mod covering;
mod file;
#[cfg(test)]
mod tests;

pub use covering::{BoundsPrecision, add_bbox, bbox_array, bbox_field, bbox_precision};
pub use file::{WrittenFile, write_file};
