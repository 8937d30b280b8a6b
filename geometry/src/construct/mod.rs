//! New geometries from one geometry: hulls, centres, simpler and larger shapes.

mod boundary;
mod buffer;
mod centroid;
mod circle;
mod concave_areas;
mod concave_hull;
mod delaunay;
mod diagonal;
mod effective_area;
mod empty_circle;
mod extrude;
mod hull;
mod mass;
mod median;
mod polygon_hull;
mod preserve_topology;
mod random_points;
mod rectangle;
mod simplify;
mod small_parts;
mod smooth;
mod subdivide;
mod surface;
mod triangulate;
mod view;
mod voronoi;

pub use boundary::{append_boundary, append_envelope, boundary, envelope};
pub use buffer::{
    BufferStyle, EndCap, Join, Side, UnitCircle, append_buffer, buffer, offset_curve,
};
pub use centroid::{Mass, append_centroid, centroid};
pub use circle::{Circle, bounding_circle, bounding_circle_polygon};
pub use concave_hull::concave_hull;
pub use delaunay::{Triangles, delaunay_triangles};
pub use diagonal::bounding_diagonal;
pub use effective_area::{set_effective_area, simplify_vw};
pub use empty_circle::{TouchingCircle, largest_empty_circle, maximum_inscribed_circle};
pub use extrude::extrude;
pub use hull::{convex_hull, hull_corners, hull_of_corners};
pub use median::{MedianSearch, geometric_median};
pub use polygon_hull::simplify_polygon_hull;
pub use preserve_topology::simplify_preserve_topology;
pub use random_points::generate_points;
pub use rectangle::oriented_envelope;
pub use simplify::simplify;
pub use small_parts::{remove_irrelevant_points, remove_small_parts};
pub use smooth::{catmull_rom_smoothing, chaikin_smoothing};
pub use subdivide::subdivide;
pub use surface::point_on_surface;
pub use triangulate::{constrained_triangles, triangulate_polygon};
pub use voronoi::{Cells, voronoi};

pub(crate) use hull::hull;
