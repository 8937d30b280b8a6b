//! Points at a fraction of the length of a line.

use super::{distance, distance_xy, interpolate, length};
use crate::bounds::xy_of;
use crate::planar::Xy;
use crate::{Coord, GeometryError, Kind, Sequence, write};

/// The most points one line is given.
const MOST_POINTS: f64 = 16_777_216.0;

/// Returns the point at a fraction of the length of a line, in the plane.
pub fn interpolate_point(line: Sequence<'_>, fraction: f64) -> Vec<u8> {
    let length = length(line);
    match line.xy_records() {
        Some(records) if fraction > 0.0 && fraction < 1.0 && !records.is_empty() => {
            let [x, y] = position_at(records, fraction, length);
            write::point_xy(x, y)
        }
        _ => point_at(line, fraction, length, distance),
    }
}

/// Returns the position at a fraction of the length of a line that has no other ordinates.
fn position_at(records: &[[u8; 16]], fraction: f64, length: f64) -> Xy {
    let mut passed = 0.0;
    let mut positions = records.iter().map(|record| xy_of(*record));
    let mut from = positions.next().unwrap_or_default();
    for to in positions {
        let part = distance_xy(from, to) / length;
        if fraction < passed + part {
            let share = (fraction - passed) / part;
            return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
        }
        passed += part;
        from = to;
    }
    from
}

/// Returns the point at a fraction of the length of a line, with heights counted.
pub fn interpolate_point_3d(line: Sequence<'_>, fraction: f64) -> Vec<u8> {
    let edge_length = if line.dimension().has_z() { distance_3d } else { distance };
    let edges = line.iter().zip(line.iter().skip(1));
    let length = edges.map(|(from, to)| edge_length(from, to)).sum();
    point_at(line, fraction, length, edge_length)
}

/// Returns the points at every multiple of a fraction of the length of a line: one point, or
/// several as a multipoint.
pub fn interpolate_points(line: Sequence<'_>, fraction: f64) -> Result<Vec<u8>, GeometryError> {
    let count = (1.0 / fraction).floor();
    if count > MOST_POINTS && fraction != 0.0 {
        return Err(GeometryError::InvalidArgument {
            reason: format!("a fraction of {fraction} makes too many points"),
        });
    }
    if line.is_empty() || fraction == 0.0 || fraction == 1.0 || count < 2.0 {
        return Ok(interpolate_point(line, fraction));
    }
    let total = length(line);
    let mut points: Vec<Vec<u8>> = Vec::new();
    let mut found = 0.0;
    let mut wanted = fraction;
    let mut passed = 0.0;
    for (from, to) in line.iter().zip(line.iter().skip(1)) {
        let part = distance(from, to) / total;
        while wanted < passed + part && found < count {
            let coord = interpolate(from, to, (wanted - passed) / part);
            points.push(write::point(coord, line.dimension()));
            found += 1.0;
            wanted += fraction;
        }
        passed += part;
    }
    // Rounding may leave the last point beyond the end.
    if found < count {
        points.extend(line.last().map(|coord| write::point(coord, line.dimension())));
    }
    Ok(write::collection(Kind::MultiPoint, line.dimension(), &points))
}

fn point_at(
    line: Sequence<'_>,
    fraction: f64,
    length: f64,
    edge_length: fn(Coord, Coord) -> f64,
) -> Vec<u8> {
    let coord = coord_at(line, fraction, length, edge_length);
    write::point(coord.unwrap_or(Coord::NAN), line.dimension())
}

fn coord_at(
    line: Sequence<'_>,
    fraction: f64,
    length: f64,
    edge_length: fn(Coord, Coord) -> f64,
) -> Option<Coord> {
    if fraction == 0.0 {
        return line.first();
    }
    if fraction == 1.0 {
        return line.last();
    }
    let mut passed = 0.0;
    for (from, to) in line.iter().zip(line.iter().skip(1)) {
        let part = edge_length(from, to) / length;
        if fraction < passed + part {
            return Some(interpolate(from, to, (fraction - passed) / part));
        }
        passed += part;
    }
    line.last()
}

fn distance_3d(from: Coord, to: Coord) -> f64 {
    distance(from, to).hypot(to.z - from.z)
}
