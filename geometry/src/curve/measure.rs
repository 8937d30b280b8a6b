//! Lengths along arcs, which are those of the arcs and not of segments.

use super::arc::{arc_length, arcs};
use crate::measure::{self, space};
use crate::{Geometry, Kind, Layout, Sequence};

/// Returns the length of all paths, those around areas with arcs included.
pub fn length(geometry: Geometry<'_>) -> f64 {
    sum(geometry, &|kind, path| match kind {
        Kind::CircularString => along_arcs(path),
        _ => measure::path_length(path),
    })
}

/// Returns the length of all paths in space; arcs are measured in the plane.
pub fn length_3d(geometry: Geometry<'_>) -> f64 {
    sum(geometry, &|kind, path| match kind {
        Kind::CircularString => along_arcs(path),
        _ => space::path_length_3d(path),
    })
}

/// Returns the length of all rings of areas.
pub fn perimeter(geometry: Geometry<'_>) -> f64 {
    match (geometry.kind(), geometry.kind().layout()) {
        (Kind::CurvePolygon, _) => length(geometry),
        (_, Layout::Rings) => geometry.rings().map(measure::path_length).sum(),
        _ => geometry.parts().map(perimeter).sum(),
    }
}

/// Returns the sum of a measure over all lines and paths of arcs, at any depth.
fn sum(geometry: Geometry<'_>, measure: &dyn Fn(Kind, Sequence<'_>) -> f64) -> f64 {
    match geometry.path() {
        Some(path) => measure(geometry.kind(), path),
        None => geometry.parts().map(|part| sum(part, measure)).sum(),
    }
}

fn along_arcs(path: Sequence<'_>) -> f64 {
    let mut length = 0.0;
    arcs(path, |a, b, c| length += arc_length(a, b, c));
    length
}
