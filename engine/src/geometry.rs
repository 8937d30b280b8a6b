//! The little of `geometry` that a protocol needs to bind and to show geometries.

pub use godwit_geometry::{
    Crs, Geometry, GeometryError, GeometryType, Kind, WkbColumn, curve, geojson, is_geometry,
    to_ewkb, to_iso, wkt,
};
