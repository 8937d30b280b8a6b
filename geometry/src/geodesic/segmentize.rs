//! More vertices on lines that run over the earth.

use super::vector::{Vector, add, angle_between, position, scale, unit, vector};
use super::{RADIUS, sphere};
use crate::{Coord, Geometry, GeometryError, Kind, Sequence, WkbWriter, to_iso};

/// The most vertices that one geometry may get.
const MOST_VERTICES: f64 = 1e7;

/// Returns a geometry whose edges are no longer than a number of metres; longer ones are halved
/// as often as it takes, along the great circle.
pub fn segmentize(geometry: Geometry<'_>, metres: f64) -> Result<Vec<u8>, GeometryError> {
    if metres.is_nan() || metres <= 0.0 {
        return Err(GeometryError::InvalidArgument {
            reason: format!("a segment cannot be {metres} metres long at most"),
        });
    }
    if matches!(geometry.kind(), Kind::Point | Kind::MultiPoint) || geometry.is_empty() {
        return Ok(to_iso(geometry).into_owned());
    }
    let longest = metres / RADIUS;
    let mut pieces = 0.0;
    geometry.sequences(&mut |_, sequence| pieces += angle_of(sequence) / longest);
    if pieces > MOST_VERTICES {
        return Err(GeometryError::InvalidArgument {
            reason: format!("segments of {metres} metres would be more than {MOST_VERTICES}"),
        });
    }
    let mut writer = WkbWriter::new(geometry.dimension());
    write(&mut writer, geometry, longest);
    Ok(writer.into_bytes())
}

fn write(writer: &mut WkbWriter, geometry: Geometry<'_>, longest: f64) {
    match geometry.kind() {
        Kind::Point => match geometry.point() {
            Some(at) => writer.point(at),
            None => writer.empty(Kind::Point),
        },
        Kind::LineString => match geometry.line() {
            Some(line) => writer.line(divided(line, longest)),
            None => writer.empty(Kind::LineString),
        },
        Kind::Polygon => {
            writer.begin(Kind::Polygon);
            for ring in geometry.rings() {
                writer.ring(divided(ring, longest));
            }
            writer.end();
        }
        kind => {
            writer.begin(kind);
            for part in geometry.parts() {
                write(writer, part, longest);
            }
            writer.end();
        }
    }
}

fn angle_of(sequence: Sequence<'_>) -> f64 {
    let mut previous: Option<[f64; 2]> = None;
    let mut sum = 0.0;
    sequence.for_each_xy(|x, y| {
        if let Some(previous) = previous {
            sum += sphere::angle(previous, [x, y]);
        }
        previous = Some([x, y]);
    });
    sum
}

fn divided(sequence: Sequence<'_>, longest: f64) -> Vec<Coord> {
    let mut coords: Vec<Coord> = Vec::with_capacity(sequence.len());
    for to in sequence {
        if let Some(from) = coords.last().copied() {
            let (start, end) = (vector([from.x, from.y]), vector([to.x, to.y]));
            let angle = angle_between(start, end);
            halve((start, from), (end, to), angle, longest, &mut coords);
        }
        coords.push(to);
    }
    coords
}

/// Adds the vertices between two ends, in order.
fn halve(
    from: (Vector, Coord),
    to: (Vector, Coord),
    angle: f64,
    longest: f64,
    coords: &mut Vec<Coord>,
) {
    if angle.is_nan() || angle <= longest {
        return;
    }
    // Ends on opposite sides of the earth have no middle.
    let Some(middle) = unit(scale(add(from.0, to.0), 0.5)) else {
        return;
    };
    let [x, y] = position(middle);
    let z = f64::midpoint(from.1.z, to.1.z);
    let m = f64::midpoint(from.1.m, to.1.m);
    let at = (middle, Coord { x, y, z, m });
    halve(from, at, angle / 2.0, longest, coords);
    coords.push(at.1);
    halve(at, to, angle / 2.0, longest, coords);
}
