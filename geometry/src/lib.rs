//! What a geometry is in Godwit: its bytes, text, type, reference system and algorithms.
//!
//! A geometry is ISO WKB. [`Geometry`] walks such bytes in place; everything else in this crate
//! reads through it and writes through [`WkbWriter`]. Nothing here knows the query engine.

pub mod cluster;
pub mod construct;
pub mod convert;
pub mod coverage;
pub mod crs;
pub mod curve;
pub mod dump;
pub mod edit;
pub mod filter;
pub mod flatgeobuf;
pub mod geobuf;
pub mod geodesic;
pub mod geohash;
pub mod geojson;
pub mod gml;
pub mod grid;
pub mod hilbert;
pub mod interrupt;
pub mod kml;
pub mod linear;
pub mod marc21;
pub mod measure;
pub mod mvt;
pub mod noding;
mod number;
pub mod overlay;
pub mod polyline;
pub mod relate;
pub mod tile;
pub mod transform;
pub mod twkb;
pub mod validity;
pub mod wkb;
pub mod wkt;

mod bounds;
mod boxes;
mod column;
mod coord;
mod declared;
mod degrees;
mod dimension;
mod error;
mod kind;
mod planar;
mod prepared;
mod protobuf;
mod relation;
mod svg;
mod types;
mod x3d;
mod xml;

pub use bounds::Bounds;
pub use boxes::{box_2d, box_3d, corners_3d, parse_box};
pub use column::WkbColumn;
pub use convert::{from_geo, to_geo};
pub use coord::Coord;
pub use crs::{Crs, common_crs};
pub use declared::{DeclaredKind, check_column_crs};
pub use degrees::degrees_text;
pub use dimension::Dimension;
pub use error::GeometryError;
pub use filter::{Candidates, Extent, OneBox, Reach, SpatialFilter};
pub use kind::{Kind, Kinds, Layout};
pub use number::ordinate_text;
pub use prepared::{EdgeRuns, Index, Prepared};
pub use relation::Relation;
pub use svg::svg_path;
pub use types::{Edges, GeometryType, is_geometry};
pub use wkb::{
    Coords, Geometry, Parts, Rings, Sequence, WkbWriter, append_iso, append_mapped, check_complete,
    force_dimension, map_coords, to_ewkb, to_iso, write,
};
pub use x3d::{X3dOptions, format_x3d};
