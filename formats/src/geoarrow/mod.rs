//! Native GeoArrow geometries: recognised in a schema, converted to WKB.

mod convert;
mod coordinates;
mod shape;

pub(crate) use convert::to_wkb;
pub(crate) use shape::{Shape, native_shape, wkb_field};
