//! Parts of Parquet files that a spatial condition cannot need are not read.
//!
//! A file says in several places what its geometries keep within: in the `geo` metadata for the
//! whole file, in the statistics of columns of boxes (the covering of GeoParquet 1.1, or the one
//! that a table declares) for row groups and pages, in the statistics of native geometries and of
//! coordinates stored as numbers. Where it says nothing, the boxes of its rows are read once and
//! kept. Whatever is missing, broken or inconsistent leaves nothing out.

mod ahead;
mod blocks;
mod columns;
mod extents;
mod late;
mod leaf;
mod metrics;
mod morselizer;
mod page_headers;
mod paged;
mod parts;
mod ranges;
mod row_boxes;
mod selection;
mod source;
#[cfg(test)]
mod tests;

pub use ahead::{BoxesRead, ReadAhead};
pub(crate) use columns::Coverings;
pub use extents::FileExtents;
pub(super) use paged::PagedReaders;
pub(crate) use source::SpatialParquetSource;
