//! Vertices of one line added, replaced and removed.

use crate::{Coord, Dimension, Sequence, write};

/// Returns the line with a vertex put before the one at an index, which may be the number of
/// vertices; nothing when there is no such place.
pub fn add_point(line: Sequence<'_>, coord: Coord, index: usize) -> Option<Vec<u8>> {
    if index > line.len() {
        return None;
    }
    let mut coords: Vec<Coord> = line.iter().collect();
    coords.insert(index, filled(coord));
    Some(write::line_string(coords, line.dimension()))
}

/// Returns the line with the vertex at an index replaced; nothing when there is no such vertex.
pub fn set_point(line: Sequence<'_>, index: usize, coord: Coord) -> Option<Vec<u8>> {
    let mut coords: Vec<Coord> = line.iter().collect();
    *coords.get_mut(index)? = filled(coord);
    Some(write::line_string(coords, line.dimension()))
}

/// Returns the line without the vertex at an index; nothing when there is no such vertex.
pub fn remove_point(line: Sequence<'_>, index: usize) -> Option<Vec<u8>> {
    if index >= line.len() {
        return None;
    }
    let coords = line.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, coord)| coord);
    Some(write::line_string(coords, line.dimension()))
}

/// Returns a closed line that starts and ends at another of its vertices; nothing when no vertex
/// is at the coordinate.
pub fn scroll(line: Sequence<'_>, to: Coord) -> Option<Vec<u8>> {
    let coords: Vec<Coord> = line.iter().collect();
    let dimension = line.dimension();
    // As in PostGIS, the third ordinate is compared, be it called height or measure.
    let third = if to.m.is_nan() && dimension == Dimension::Xym { to.z } else { to.m };
    let to = filled(Coord { m: third, ..to });
    let is_there = |coord: &Coord| {
        coord.x == to.x
            && coord.y == to.y
            && (!dimension.has_z() || coord.z == to.z)
            && (!dimension.has_m() || coord.m == to.m)
    };
    let start = coords.iter().position(is_there)?;
    let before = coords.get(1..=start).unwrap_or_default();
    let scrolled = coords.iter().skip(start).chain(before).copied();
    Some(write::line_string(scrolled, dimension))
}

/// Returns the line with a vertex added beyond each end, at a distance along its last edges;
/// nothing when the line has no extent. A distance of 0 adds none.
pub fn extend(line: Sequence<'_>, forward: f64, backward: f64) -> Option<Vec<u8>> {
    let coords: Vec<Coord> = line.iter().collect();
    let mut extended = Vec::with_capacity(coords.len() + 2);
    if backward > 0.0 {
        extended.push(beyond_first(coords.iter().copied(), backward)?);
    }
    extended.extend_from_slice(&coords);
    if forward > 0.0 {
        extended.push(beyond_first(coords.iter().rev().copied(), forward)?);
    }
    Some(write::line_string(extended, line.dimension()))
}

/// Returns the coordinate at a distance behind a second one, as seen from a first one.
pub fn project_beyond(from: Coord, through: Coord, distance: f64) -> Coord {
    let length = (through.x - from.x).hypot(through.y - from.y);
    if length == 0.0 {
        return through;
    }
    let part = distance / length;
    Coord {
        x: through.x + (through.x - from.x) * part,
        y: through.y + (through.y - from.y) * part,
        z: through.z + (through.z - from.z) * part,
        m: through.m + (through.m - from.m) * part,
    }
}

/// Returns the coordinate at a distance in a direction, in radians clockwise from north.
pub fn project(from: Coord, distance: f64, azimuth: f64) -> Coord {
    let (sin, cos) = azimuth.sin_cos();
    Coord { x: from.x + distance * sin, y: from.y + distance * cos, ..from }
}

fn beyond_first(mut coords: impl Iterator<Item = Coord>, distance: f64) -> Option<Coord> {
    let first = coords.next()?;
    let inner = coords.find(|coord| coord.x != first.x || coord.y != first.y)?;
    Some(project_beyond(inner, first, distance))
}

/// Returns the coordinate with 0 for the ordinates that it lacks.
fn filled(coord: Coord) -> Coord {
    let or_zero = |value: f64| if value.is_nan() { 0.0 } else { value };
    Coord { z: or_zero(coord.z), m: or_zero(coord.m), ..coord }
}
