//! What a geometry is in Godwit: its bytes, text, type, reference system and algorithms.
//!
//! A geometry is ISO WKB. [`Geometry`] walks such bytes in place; everything else in this crate
//! reads through it and writes through [`WkbWriter`]. Nothing here knows the query engine.

pub mod construct;
pub mod convert;
pub mod crs;
pub mod geodesic;
pub mod geojson;
pub mod hilbert;
pub mod measure;
pub mod number;
pub mod overlay;
pub mod relate;
pub mod transform;
pub mod wkb;
pub mod wkt;

mod bounds;
mod column;
mod coord;
mod error;
mod kind;
mod planar;
mod prepared;
mod relation;
mod types;

pub use bounds::Bounds;
pub use column::WkbColumn;
pub use convert::{from_geo, to_geo};
pub use coord::Coord;
pub use crs::{Crs, common_crs};
pub use error::GeometryError;
pub use kind::{Dimension, Kind};
pub use prepared::{Index, Prepared};
pub use relation::Relation;
pub use types::{Edges, GeometryType, is_geometry};
pub use wkb::write;
pub use wkb::{
    Coords, Geometry, Parts, Rings, Sequence, WkbWriter, force_dimension, map_coords, to_ewkb,
    to_iso,
};
