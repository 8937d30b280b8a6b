//! A geometry decoded into points, paths and surfaces in space.

use super::plane::Surface;
use super::vector::Xyz;
use crate::{Geometry, Kind, Sequence};

/// A part of a geometry in space.
#[derive(Debug)]
pub(super) enum Part {
    /// One position.
    Point(Xyz),
    /// The positions along a line.
    Path(Vec<Xyz>),
    /// A polygon.
    Surface(Surface),
}

impl Part {
    /// Calls a function with every vertex.
    pub(super) fn vertices(&self, mut visit: impl FnMut(Xyz)) {
        match self {
            Self::Point(at) => visit(*at),
            Self::Path(path) => path.iter().copied().for_each(visit),
            Self::Surface(surface) => surface.rings.iter().flatten().copied().for_each(visit),
        }
    }

    /// Returns the paths whose edges belong to the part.
    pub(super) fn paths(&self) -> &[Vec<Xyz>] {
        match self {
            Self::Point(_) => &[],
            Self::Path(path) => std::slice::from_ref(path),
            Self::Surface(surface) => &surface.rings,
        }
    }
}

/// Returns the parts of a geometry that are not empty; none when an ordinate is not finite.
///
/// Without heights everything lies at height 0.
pub(super) fn parts(geometry: Geometry<'_>) -> Vec<Part> {
    let mut parts = Vec::new();
    add(geometry, &mut parts);
    let mut is_finite = true;
    for part in &parts {
        part.vertices(|at| is_finite &= at.iter().all(|ordinate| ordinate.is_finite()));
    }
    if is_finite { parts } else { Vec::new() }
}

fn add(geometry: Geometry<'_>, parts: &mut Vec<Part>) {
    let has_z = geometry.dimension().has_z();
    match geometry.kind() {
        Kind::Point => {
            let height = |z| if has_z { z } else { 0.0 };
            let at = geometry.point().map(|coord| [coord.x, coord.y, height(coord.z)]);
            parts.extend(at.map(Part::Point));
        }
        Kind::LineString => {
            if let Some(line) = geometry.line().filter(|line| !line.is_empty()) {
                parts.push(path(line, has_z));
            }
        }
        Kind::Polygon => {
            let rings = geometry.rings().filter(|ring| !ring.is_empty());
            let rings: Vec<Vec<Xyz>> = rings.map(|ring| positions(ring, has_z)).collect();
            if !rings.is_empty() {
                parts.push(Part::Surface(Surface::new(rings)));
            }
        }
        _ => {
            for part in geometry.parts() {
                add(part, parts);
            }
        }
    }
}

fn path(line: Sequence<'_>, has_z: bool) -> Part {
    let positions = positions(line, has_z);
    match positions.as_slice() {
        [at] => Part::Point(*at),
        _ => Part::Path(positions),
    }
}

fn positions(sequence: Sequence<'_>, has_z: bool) -> Vec<Xyz> {
    let height = |z| if has_z { z } else { 0.0 };
    sequence.iter().map(|coord| [coord.x, coord.y, height(coord.z)]).collect()
}
