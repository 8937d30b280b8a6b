//! How far the vertices of a geometry may move before it becomes another one.

use super::extreme::edges_of;
use crate::planar::{
    EdgeTree, Shape, Xy, closest_on_segment, distance_squared, perpendicular_squared,
};
use crate::{Coord, Dimension, Geometry, Kind, interrupt, write};

/// Returns the smallest distance from a vertex to another vertex or to an edge it does not end;
/// infinite when there is none.
pub fn minimum_clearance(geometry: Geometry<'_>) -> f64 {
    clearance(geometry).map_or(f64::INFINITY, |(squared, _)| squared.sqrt())
}

/// Returns the line between the two positions whose distance is the clearance; empty when there
/// are none.
pub fn minimum_clearance_line(geometry: Geometry<'_>) -> Vec<u8> {
    match clearance(geometry) {
        Some((_, ends)) => write::line_string(ends.map(|[x, y]| Coord::xy(x, y)), Dimension::Xy),
        None => write::empty(Kind::LineString, Dimension::Xy),
    }
}

fn clearance(geometry: Geometry<'_>) -> Option<(f64, [Xy; 2])> {
    let compute = || {
        let shape = edges_of(geometry);
        let tree = EdgeTree::new(&shape);
        // Two vertices are preferred to a vertex and an edge that are as close.
        let best = closest(&shape, &tree, None, vertices);
        closest(&shape, &tree, best, vertex_and_edge)
    };
    interrupt::contained(compute).flatten()
}

type Candidate = Option<(f64, Xy)>;

fn closest(
    shape: &Shape,
    tree: &EdgeTree,
    mut best: Option<(f64, [Xy; 2])>,
    candidate: fn(Xy, [Xy; 2]) -> Candidate,
) -> Option<(f64, [Xy; 2])> {
    for at in &shape.coords {
        let limit = best.map_or(f64::INFINITY, |(squared, _)| squared);
        tree.approach(*at, limit, |segment, limit| match candidate(*at, shape.segment(segment)) {
            Some((squared, other)) if squared < limit => {
                best = Some((squared, [*at, other]));
                squared
            }
            _ => limit,
        });
    }
    best
}

/// Returns the end of a segment that is closest to a position without being the same.
fn vertices(at: Xy, segment: [Xy; 2]) -> Candidate {
    let ends = segment.into_iter().filter(|end| *end != at);
    ends.map(|end| (distance_squared(at, end), end)).min_by(|a, b| a.0.total_cmp(&b.0))
}

/// Returns the position of a segment that is closest to a position which is no end of it.
fn vertex_and_edge(at: Xy, segment: [Xy; 2]) -> Candidate {
    if segment.contains(&at) {
        return None;
    }
    let other = closest_on_segment(at, segment);
    Some((perpendicular_squared(at, other, segment), other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn vertices_and_edges_keep_their_distance() {
        for (text, clearance, line) in [
            ("POINT(1 1)", f64::INFINITY, "LINESTRING EMPTY"),
            ("MULTIPOINT(1 1,1 1)", f64::INFINITY, "LINESTRING EMPTY"),
            ("MULTIPOINT(1 1,4 5,1 1)", 5.0, "LINESTRING(1 1,4 5)"),
            ("LINESTRING(0 0,9 0,5 4,5 1)", 1.0, "LINESTRING(5 1,5 0)"),
            ("POLYGON((0 0,0 8,0 8,9 8,9 0,0 0,0 0))", 8.0, "LINESTRING(0 0,0 8)"),
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            let geometry = Geometry::try_new(&wkb).unwrap();
            assert_eq!(minimum_clearance(geometry), clearance, "{text}");
            let found = minimum_clearance_line(geometry);
            assert_eq!(wkt::format(Geometry::try_new(&found).unwrap(), 15), line, "{text}");
        }
    }
}
