//! Lines cut where they meet, and what they enclose.
//!
//! Lines become a planar graph whose edges meet at nodes only; its faces are found by following
//! edges around. All of that is decided on exact signs.

mod assemble;
mod clip;
mod faces;
mod graph;
mod grid;
mod lines;
mod loose;
mod noder;
mod order;
mod paths;
mod polygonize;
mod shared;
mod snap;
mod split;

pub use clip::clip_by_box;
pub use paths::{build_area, line_merge, node_lines, polygonize};
pub use shared::shared_paths;
pub use snap::snap;
pub use split::split;

pub(crate) use assemble::{polygons, polygons_of_owners};
pub(crate) use faces::Faces;
pub(crate) use graph::Graph;
pub(crate) use grid::{Grid, snap_rounded};
pub(crate) use lines::{merge, positions};
pub(crate) use noder::node;
pub(crate) use polygonize::area_faces;
