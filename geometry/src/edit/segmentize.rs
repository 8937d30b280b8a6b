//! Edges cut into pieces of equal length.

use super::paths::{Empties, edit_paths, push_distinct};
use crate::{Coord, Geometry, GeometryError, Kind, Sequence, to_iso, write};

/// The most vertices one geometry is given.
const MOST_VERTICES: usize = 1 << 24;

/// Appends the geometry with vertices added so that no edge is longer than a distance in the
/// plane; the pieces of an edge are equally long. Arcs, what is put together with them, and
/// triangles stay as they are.
pub fn append_segmentized(
    bytes: &mut Vec<u8>,
    geometry: Geometry<'_>,
    distance: f64,
) -> Result<(), GeometryError> {
    if geometry.kind() == Kind::Polygon && geometry.rings().all(is_flat) {
        let rings = u32::try_from(geometry.rings().len()).unwrap_or(u32::MAX);
        write::append_header(bytes, Kind::Polygon, geometry.dimension(), rings);
        let most = bytes.len() + MOST_VERTICES * size_of::<[f64; 2]>();
        return geometry.rings().try_for_each(|ring| append_divided(bytes, ring, distance, most));
    }
    if matches!(
        geometry.kind(),
        Kind::CompoundCurve | Kind::CurvePolygon | Kind::MultiCurve | Kind::MultiSurface
    ) {
        bytes.extend_from_slice(&to_iso(geometry));
        return Ok(());
    }
    let mut total = 0.0;
    geometry.sequences(&mut |_, sequence| {
        let mut previous: Option<[f64; 2]> = None;
        sequence.for_each_xy(|x, y| {
            total += previous.map_or(1.0, |previous| pieces(previous, [x, y], distance));
            previous = Some([x, y]);
        });
    });
    if total > MOST_VERTICES as f64 {
        return Err(too_many(distance));
    }
    let divided =
        edit_paths(geometry, geometry.dimension(), Empties::Kept, &mut |kind, coords| match kind {
            Kind::CircularString | Kind::Triangle => coords,
            _ => divide(&coords, distance),
        });
    bytes.extend_from_slice(&divided);
    Ok(())
}

#[cold]
fn too_many(distance: f64) -> GeometryError {
    GeometryError::InvalidArgument {
        reason: format!("a distance of {distance} cuts the geometry into too many pieces"),
    }
}

/// Returns whether a path has coordinates, of X and Y alone, that can be read as they are stored.
fn is_flat(path: Sequence<'_>) -> bool {
    path.xy_records().is_some_and(|records| !records.is_empty())
}

/// Appends the number of the coordinates of a path and the coordinates, with its edges divided,
/// as long as there are not more than so many bytes.
fn append_divided(
    bytes: &mut Vec<u8>,
    path: Sequence<'_>,
    distance: f64,
    most: usize,
) -> Result<(), GeometryError> {
    let start = bytes.len();
    bytes.extend_from_slice(&[0; 4]);
    let first = path.xy(0);
    bytes.extend_from_slice(&write::xy_bytes(first[0], first[1]));
    let (mut from, mut last, mut is_too_long) = (first, first, false);
    let mut push = |at: [f64; 2]| {
        let same = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan());
        if !same(last[0], at[0]) || !same(last[1], at[1]) {
            bytes.extend_from_slice(&write::xy_bytes(at[0], at[1]));
            last = at;
        }
        bytes.len() <= most
    };
    path.for_each_xy(|x, y| {
        let to = [x, y];
        let pieces = pieces(from, to, distance);
        // Pieces may be so short that none of them ends in another position.
        is_too_long = is_too_long || pieces > MOST_VERTICES as f64;
        let mut piece = 1.0;
        while piece < pieces && !is_too_long {
            is_too_long =
                !push([at_piece(from[0], x, piece, pieces), at_piece(from[1], y, piece, pieces)]);
            piece += 1.0;
        }
        push(to);
        from = to;
    });
    if is_too_long {
        return Err(too_many(distance));
    }
    let count = (bytes.len() - start - 4) / size_of::<[f64; 2]>();
    if let Some(field) = bytes.get_mut(start..).and_then(<[u8]>::first_chunk_mut::<4>) {
        *field = u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes();
    }
    Ok(())
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
    if let ([only], [_, last, ..]) = (divided.as_slice(), coords) {
        // A line of one position keeps its two ends.
        divided = vec![*only, *last];
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
    if square > 1e-290 && square < 1e290 && quick < 1e6 {
        let (whole, margin) = (whole_part(quick), 1e-9 * quick);
        // Close to a whole number the last digit of the length decides.
        if quick - whole > margin && whole + 1.0 - quick > margin {
            return whole + 1.0;
        }
    }
    let count = (dx.hypot(dy) / distance).ceil();
    if count > 1.0 { count } else { 1.0 }
}

/// Returns the whole part of a number from 0 to a million.
#[expect(clippy::cast_possible_truncation, reason = "a whole part is what the cast leaves")]
fn whole_part(value: f64) -> f64 {
    f64::from(value as i32)
}
