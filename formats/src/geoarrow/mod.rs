//! Native GeoArrow geometries: recognised in a schema, converted to WKB.

mod columns;
mod convert;
mod coordinates;
mod shape;

pub use columns::WkbColumns;
pub(crate) use convert::to_wkb;
pub(crate) use shape::{Shape, native_shape, wkb_field};
