//! Edits of vertices, rings and members.
//!
//! Most look at one vertex or one path at a time and leave the shape to the caller; only
//! [`reduce_precision`] and [`wrap_x`] draw polygons anew.

mod affine;
mod expand;
mod grid;
mod measured;
mod members;
mod normalize;
mod ordinates;
mod paths;
mod precision;
mod repeated;
mod reverse;
mod segmentize;
mod snap_rounding;
mod vertices;
mod wrap;

pub use affine::{Affine, append_translated, scale, translate};
pub use expand::expand;
pub use grid::{Grid, snap_to_grid};
pub use measured::filter_by_measure;
pub use members::{extract, homogenize, to_collection};
pub use normalize::append_normalized;
pub use ordinates::{Ordinate, quantize, shift_longitude, swap_ordinates};
pub(crate) use paths::{Empties, edit_paths, push_distinct};
pub use precision::reduce_precision;
pub use repeated::remove_repeated_points;
pub use reverse::{append_reversed, has_oriented_rings, orient_rings, reverse};
pub use segmentize::append_segmentized;
pub use vertices::{add_point, extend, project, project_beyond, remove_point, scroll, set_point};
pub use wrap::wrap_x;
