//! One edit applied to every point, line and ring of a geometry.

use crate::{Coord, Dimension, Geometry, Kind, Layout, WkbWriter, write};

/// What is done with members that are empty, or become so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Empties {
    Kept,
    Dropped,
}

/// Returns the geometry with the coordinates of each point, line and ring replaced.
///
/// The edit is told the kind that a sequence belongs to. A line or exterior ring that is left
/// without coordinates is empty; such a hole vanishes.
pub(crate) fn edit_paths(
    geometry: Geometry<'_>,
    dimension: Dimension,
    empties: Empties,
    edit: &mut dyn FnMut(Kind, Vec<Coord>) -> Vec<Coord>,
) -> Vec<u8> {
    let edited = part(geometry, dimension, empties, edit);
    edited.unwrap_or_else(|| write::empty(geometry.kind(), dimension))
}

/// Returns whether two coordinates agree in all ordinates; absent ones agree.
pub(crate) fn is_same(a: Coord, b: Coord) -> bool {
    let same = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan());
    same(a.x, b.x) && same(a.y, b.y) && same(a.z, b.z) && same(a.m, b.m)
}

/// Adds a coordinate unless it repeats the last one.
pub(crate) fn push_distinct(coords: &mut Vec<Coord>, coord: Coord) {
    if !coords.last().is_some_and(|last| is_same(*last, coord)) {
        coords.push(coord);
    }
}

/// Returns the edited geometry, or nothing when it is empty.
fn part(
    geometry: Geometry<'_>,
    dimension: Dimension,
    empties: Empties,
    edit: &mut dyn FnMut(Kind, Vec<Coord>) -> Vec<Coord>,
) -> Option<Vec<u8>> {
    let kind = geometry.kind();
    match kind.layout() {
        Layout::Position => {
            let coord = edit(Kind::Point, vec![geometry.point()?]).into_iter().next()?;
            Some(write::point(coord, dimension))
        }
        Layout::Path => {
            let coords = edit(kind, geometry.path()?.iter().collect());
            (!coords.is_empty()).then(|| write::path(kind, coords, dimension))
        }
        Layout::Rings => {
            let mut rings = Vec::with_capacity(geometry.rings().len());
            for (index, ring) in geometry.rings().enumerate() {
                let ring = edit(kind, ring.iter().collect());
                if !ring.is_empty() {
                    rings.push(ring);
                } else if index == 0 {
                    return None;
                }
            }
            if rings.is_empty() {
                return None;
            }
            let mut writer = WkbWriter::new(dimension);
            writer.begin(kind);
            for ring in rings {
                writer.ring(ring);
            }
            writer.end();
            Some(writer.into_bytes())
        }
        Layout::Members => {
            let mut parts = Vec::with_capacity(geometry.part_count());
            for member in geometry.parts() {
                match part(member, dimension, empties, edit) {
                    Some(edited) => parts.push(edited),
                    None if empties == Empties::Dropped => {}
                    None => parts.push(write::empty(member.kind(), dimension)),
                }
            }
            (!parts.is_empty()).then(|| write::collection(kind, dimension, &parts))
        }
    }
}
