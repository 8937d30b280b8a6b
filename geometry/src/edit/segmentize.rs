//! Edges cut into pieces of equal length.

use super::paths::{Empties, edit_paths, push_distinct};
use crate::{Coord, Geometry, GeometryError};

/// The most vertices one geometry is given.
const MOST_VERTICES: f64 = 16_777_216.0;

/// Returns the geometry with vertices added so that no edge is longer than a distance in the
/// plane; the pieces of an edge are equally long.
pub fn segmentize(geometry: Geometry<'_>, distance: f64) -> Result<Vec<u8>, GeometryError> {
    let mut total = 0.0;
    geometry.sequences(&mut |_, sequence| {
        let mut previous: Option<Coord> = None;
        for coord in sequence {
            total += previous.map_or(1.0, |previous| pieces(previous, coord, distance));
            previous = Some(coord);
        }
    });
    if total > MOST_VERTICES {
        return Err(GeometryError::InvalidArgument {
            reason: format!("a distance of {distance} cuts the geometry into too many pieces"),
        });
    }
    Ok(edit_paths(geometry, geometry.dimension(), Empties::Kept, &mut |_, coords| {
        divide(&coords, distance)
    }))
}

fn divide(coords: &[Coord], distance: f64) -> Vec<Coord> {
    let mut divided = Vec::with_capacity(coords.len());
    divided.extend(coords.first());
    for pair in coords.windows(2) {
        let count = pieces(pair[0], pair[1], distance);
        let mut piece = 1.0;
        while piece < count {
            push_distinct(&mut divided, after_pieces(pair[0], pair[1], piece, count));
            piece += 1.0;
        }
        push_distinct(&mut divided, pair[1]);
    }
    divided
}

/// Returns the end of a piece of an edge; multiplied before it is divided, as in `PostGIS`.
fn after_pieces(from: Coord, to: Coord, piece: f64, count: f64) -> Coord {
    let at = |from: f64, to: f64| from + (to - from) * piece / count;
    Coord { x: at(from.x, to.x), y: at(from.y, to.y), z: at(from.z, to.z), m: at(from.m, to.m) }
}

/// Returns into how many pieces an edge is cut, as a whole number.
fn pieces(from: Coord, to: Coord, distance: f64) -> f64 {
    let count = ((to.x - from.x).hypot(to.y - from.y) / distance).ceil();
    if count > 1.0 { count } else { 1.0 }
}
