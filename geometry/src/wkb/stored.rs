//! How large a geometry is where `PostGIS` keeps it.

use super::Sequence;
use crate::{Geometry, Kind, Layout};

/// The header: the length, the reference system and the flags.
const HEADER: usize = 8;

/// Returns the bytes that `PostGIS` takes for a geometry, its box included.
pub fn stored_size(geometry: Geometry<'_>) -> usize {
    // A box has two single-precision numbers a dimension.
    let box_size = if has_stored_box(geometry) { geometry.dimension().size() * 8 } else { 0 };
    HEADER + box_size + body_size(geometry)
}

/// Returns whether a geometry is large enough for `PostGIS` to keep a box with it.
pub fn has_stored_box(geometry: Geometry<'_>) -> bool {
    let is_small = match geometry.kind() {
        Kind::Point => true,
        Kind::LineString => geometry.coord_count() <= 2,
        Kind::MultiPoint => geometry.part_count() == 1,
        Kind::MultiLineString => geometry.part_count() == 1 && geometry.coord_count() <= 2,
        _ => false,
    };
    !is_small && !geometry.is_empty()
}

/// The kind and a count, then the rings' counts up to a multiple of 8, then coordinates or parts.
fn body_size(geometry: Geometry<'_>) -> usize {
    let coords = |count: usize| count * geometry.dimension().stride();
    8 + match (geometry.kind().layout(), geometry.kind()) {
        (Layout::Position, _) => coords(usize::from(geometry.point().is_some())),
        (Layout::Path, _) => coords(geometry.path().map_or(0, Sequence::len)),
        // A triangle has one ring, which needs no count of its own.
        (_, Kind::Triangle) => geometry.rings().map(|ring| coords(ring.len())).sum(),
        (Layout::Rings, _) => {
            let counts = geometry.rings().len().next_multiple_of(2) * 4;
            counts + geometry.rings().map(|ring| coords(ring.len())).sum::<usize>()
        }
        (Layout::Members, _) => geometry.parts().map(body_size).sum(),
    }
}
