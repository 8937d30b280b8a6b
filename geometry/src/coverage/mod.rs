//! Polygonal coverages: polygons that share their borders vertex by vertex and do not overlap.

mod clean;
mod gaps;
mod invalid_edges;
mod simplify;
mod union;

pub use clean::{MergeStrategy, clean};
pub use invalid_edges::invalid_edges;
pub use simplify::simplify;
pub use union::union;

use crate::{Geometry, GeometryError, Kind};

/// Returns the polygons of a polygon or multipolygon.
fn polygons_of(geometry: Geometry<'_>) -> Result<Vec<Geometry<'_>>, GeometryError> {
    match geometry.kind() {
        Kind::Polygon => Ok(vec![geometry]),
        Kind::MultiPolygon => Ok(geometry.parts().collect()),
        _ if geometry.is_empty() => Ok(Vec::new()),
        kind => Err(GeometryError::InvalidArgument {
            reason: format!("a coverage is made of polygons, not of \"{}\"", kind.wkt_name()),
        }),
    }
}
