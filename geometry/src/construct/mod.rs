//! New geometries from one geometry: hulls, centres, simpler and larger shapes.

mod boundary;
mod buffer;
mod centroid;
mod hull;
mod simplify;
mod surface;

pub use boundary::{boundary, envelope};
pub use buffer::{BufferStyle, EndCap, Join, Side, buffer};
pub use centroid::centroid;
pub use hull::convex_hull;
pub use simplify::simplify;
pub use surface::point_on_surface;

pub(crate) use hull::hull;
