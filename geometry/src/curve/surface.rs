//! What a geometry of any kind fills, and whether it comes back to its start.

use std::collections::HashMap;

use crate::{Coord, Geometry, Kind, Layout, Sequence};

/// Returns 0 for points, 1 for paths, 2 for areas and surfaces, 3 for surfaces that enclose a
/// volume; a collection has the largest dimension of its members, and 0 without members.
pub fn dimension(geometry: Geometry<'_>) -> i32 {
    match geometry.kind() {
        Kind::Point | Kind::MultiPoint => 0,
        Kind::LineString
        | Kind::MultiLineString
        | Kind::CircularString
        | Kind::CompoundCurve
        | Kind::MultiCurve => 1,
        Kind::Polygon
        | Kind::MultiPolygon
        | Kind::Triangle
        | Kind::CurvePolygon
        | Kind::MultiSurface => 2,
        Kind::PolyhedralSurface | Kind::Tin => 2 + i32::from(encloses_volume(geometry)),
        Kind::GeometryCollection => geometry.parts().map(dimension).max().unwrap_or(0),
    }
}

/// Returns whether a geometry or one of its parts is a path of arcs.
pub fn has_arc(geometry: Geometry<'_>) -> bool {
    let is_arc = geometry.kind() == Kind::CircularString;
    is_arc || (!geometry.is_basic() && geometry.parts().any(has_arc))
}

/// Returns whether every path of a geometry ends where it starts and every surface in space
/// encloses a volume; an empty geometry is not closed.
pub fn is_closed(geometry: Geometry<'_>) -> bool {
    if geometry.is_empty() {
        return false;
    }
    match (geometry.kind(), geometry.kind().layout()) {
        (Kind::PolyhedralSurface | Kind::Tin, _) => encloses_volume(geometry),
        (Kind::CurvePolygon, _) | (_, Layout::Position | Layout::Rings) => true,
        (Kind::CompoundCurve, _) => match (start(geometry), end(geometry)) {
            (Some(first), Some(last)) => {
                let has_z = geometry.dimension().has_z();
                first.x == last.x && first.y == last.y && (!has_z || first.z == last.z)
            }
            _ => false,
        },
        (_, Layout::Path) => geometry.path().is_some_and(Sequence::is_closed),
        (_, Layout::Members) => geometry.parts().all(is_closed),
    }
}

fn start(curve: Geometry<'_>) -> Option<Coord> {
    curve.parts().find_map(Geometry::path)?.first()
}

fn end(curve: Geometry<'_>) -> Option<Coord> {
    curve.parts().filter_map(Geometry::path).last()?.last()
}

/// Returns whether each edge of the faces of a surface belongs to exactly two of them, which
/// takes four faces with heights.
fn encloses_volume(surface: Geometry<'_>) -> bool {
    if !surface.dimension().has_z() || surface.part_count() < 4 {
        return false;
    }
    let mut counts: HashMap<[[u64; 3]; 2], usize> = HashMap::new();
    for ring in surface.parts().flat_map(Geometry::rings) {
        for index in 1..ring.len() {
            let mut edge = [key(ring.coord(index - 1)), key(ring.coord(index))];
            edge.sort_unstable();
            *counts.entry(edge).or_default() += 1;
        }
    }
    !counts.is_empty() && counts.values().all(|count| *count == 2)
}

fn key(coord: Coord) -> [u64; 3] {
    // Adding zero makes one of both zeros.
    [coord.x, coord.y, coord.z].map(|ordinate| (ordinate + 0.0).to_bits())
}
