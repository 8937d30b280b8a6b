//! WKB in place: walking it, checking it, writing it.
//!
//! The bytes may be ISO WKB or EWKB and in either byte order; what Godwit writes is ISO WKB,
//! little-endian, and is called canonical here.

#![warn(clippy::indexing_slicing)]

mod complete;
mod geometry;
mod rewrite;
mod sequence;
mod stored;
mod walk;
pub mod write;
mod writer;

pub use complete::check_complete;
pub(crate) use geometry::POINT_XY_SIZE;
pub use geometry::{Geometry, Parts, Rings};
pub(crate) use rewrite::append_reversed_paths;
pub use rewrite::{
    append_iso, append_mapped, force_dimension, map_coords, to_ewkb, to_iso, to_iso_without_hollows,
};
pub use sequence::{Coords, Sequence};
pub use stored::{has_stored_box, stored_size};
pub use walk::MAX_DEPTH;
pub use writer::WkbWriter;

#[cfg(test)]
mod tests;
