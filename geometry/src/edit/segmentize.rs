//! Edges cut into pieces of equal length.

use super::paths::{Empties, edit_paths, push_distinct};
use crate::{Coord, Geometry, GeometryError, Kind, Sequence, write};

/// The most vertices one geometry is given.
const MOST_VERTICES: f64 = 16_777_216.0;

/// Appends the geometry with vertices added so that no edge is longer than a distance in the
/// plane; the pieces of an edge are equally long. Arcs and triangles stay as they are.
pub fn append_segmentized(
    bytes: &mut Vec<u8>,
    geometry: Geometry<'_>,
    distance: f64,
) -> Result<(), GeometryError> {
    let mut total = 0.0;
    geometry.sequences(&mut |_, sequence| {
        let mut previous: Option<[f64; 2]> = None;
        sequence.for_each_xy(|x, y| {
            total += previous.map_or(1.0, |previous| pieces(previous, [x, y], distance));
            previous = Some([x, y]);
        });
    });
    if total > MOST_VERTICES {
        return Err(GeometryError::InvalidArgument {
            reason: format!("a distance of {distance} cuts the geometry into too many pieces"),
        });
    }
    if geometry.kind() == Kind::Polygon && geometry.rings().all(is_flat) {
        let rings = u32::try_from(geometry.rings().len()).unwrap_or(u32::MAX);
        write::append_header(bytes, Kind::Polygon, geometry.dimension(), rings);
        for ring in geometry.rings() {
            append_divided(bytes, ring, distance);
        }
        return Ok(());
    }
    let divided =
        edit_paths(geometry, geometry.dimension(), Empties::Kept, &mut |kind, coords| match kind {
            Kind::CircularString | Kind::Triangle => coords,
            _ => divide(&coords, distance),
        });
    bytes.extend_from_slice(&divided);
    Ok(())
}

/// Returns whether a path has coordinates, of X and Y alone, that can be read as they are stored.
fn is_flat(path: Sequence<'_>) -> bool {
    path.xy_records().is_some_and(|records| !records.is_empty())
}

/// Appends the number of the coordinates of a path and the coordinates, with its edges divided.
fn append_divided(bytes: &mut Vec<u8>, path: Sequence<'_>, distance: f64) {
    let start = bytes.len();
    bytes.extend_from_slice(&[0; 4]);
    let mut count = 0_u32;
    let mut last: Option<[f64; 2]> = None;
    let mut push = |at: [f64; 2]| {
        let same = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan());
        if last.is_some_and(|last| same(last[0], at[0]) && same(last[1], at[1])) {
            return;
        }
        bytes.extend_from_slice(&write::xy_bytes(at[0], at[1]));
        count += 1;
        last = Some(at);
    };
    let mut previous: Option<[f64; 2]> = None;
    path.for_each_xy(|x, y| {
        if let Some([x0, y0]) = previous {
            let pieces = pieces([x0, y0], [x, y], distance);
            let mut piece = 1.0;
            while piece < pieces {
                push([at_piece(x0, x, piece, pieces), at_piece(y0, y, piece, pieces)]);
                piece += 1.0;
            }
        }
        push([x, y]);
        previous = Some([x, y]);
    });
    if let Some(field) = bytes.get_mut(start..).and_then(<[u8]>::first_chunk_mut::<4>) {
        *field = count.to_le_bytes();
    }
}

fn divide(coords: &[Coord], distance: f64) -> Vec<Coord> {
    let mut divided = Vec::with_capacity(coords.len());
    divided.extend(coords.first());
    for pair in coords.windows(2) {
        let [from, to] = [pair[0], pair[1]];
        let count = pieces([from.x, from.y], [to.x, to.y], distance);
        let mut piece = 1.0;
        while piece < count {
            push_distinct(&mut divided, after_pieces(pair[0], pair[1], piece, count));
            piece += 1.0;
        }
        push_distinct(&mut divided, pair[1]);
    }
    divided
}

/// Returns an ordinate at the end of a piece of an edge; multiplied before it is divided, as in
/// `PostGIS`.
#[inline]
fn at_piece(from: f64, to: f64, piece: f64, count: f64) -> f64 {
    from + (to - from) * piece / count
}

/// Returns the end of a piece of an edge.
fn after_pieces(from: Coord, to: Coord, piece: f64, count: f64) -> Coord {
    let at = |from: f64, to: f64| at_piece(from, to, piece, count);
    Coord { x: at(from.x, to.x), y: at(from.y, to.y), z: at(from.z, to.z), m: at(from.m, to.m) }
}

/// Returns into how many pieces an edge is cut, as a whole number.
#[inline]
fn pieces(from: [f64; 2], to: [f64; 2], distance: f64) -> f64 {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let square = dx * dx + dy * dy;
    let quick = square.sqrt() / distance;
    // Close to a whole number the last digit of the length decides.
    let is_clear = (quick - quick.round_ties_even()).abs() > 1e-9 * quick;
    let is_precise = is_clear && square > 1e-290 && square < 1e290 && quick < 1e6;
    let count = if is_precise { quick.ceil() } else { (dx.hypot(dy) / distance).ceil() };
    if count > 1.0 { count } else { 1.0 }
}
