//! The positions of lines and of paths with arcs, for the functions that count and pick them.

use godwit_geometry::{Coord, Geometry, Kind};

/// Returns the number of positions of a line or of a path with arcs; nothing for other geometries.
///
/// Where two parts of a path meet there are two positions.
pub(super) fn length(geometry: Geometry<'_>) -> Option<usize> {
    match geometry.path() {
        Some(path) => Some(path.len()),
        None => (geometry.kind() == Kind::CompoundCurve).then(|| geometry.coord_count()),
    }
}

/// Returns a position of a path of several parts, counted from 0.
#[cold]
pub(super) fn compound_coord(geometry: Geometry<'_>, index: usize) -> Option<Coord> {
    if geometry.kind() != Kind::CompoundCurve {
        return None;
    }
    let mut left = index;
    for path in geometry.parts().filter_map(Geometry::path) {
        if left < path.len() {
            return Some(path.coord(left));
        }
        left -= path.len();
    }
    None
}
