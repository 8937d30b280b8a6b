//! Measures given to lines, and points found by them.

use super::{distance, interpolate, length};
use crate::edit::push_distinct;
use crate::{Coord, Dimension, Geometry, GeometryError, Kind, Sequence, WkbWriter, write};

/// Returns a line or multiline with measures that grow from a start to an end with the length;
/// nothing for another geometry.
pub fn add_measure(geometry: Geometry<'_>, [start, end]: [f64; 2]) -> Option<Vec<u8>> {
    let dimension = Dimension::new(geometry.dimension().has_z(), true);
    let mut writer = WkbWriter::with_capacity(dimension, geometry.bytes().len());
    if let Some(line) = geometry.line() {
        writer.line(measured(line, [start, end]));
        return Some(writer.into_bytes());
    }
    if geometry.kind() != Kind::MultiLineString {
        return None;
    }
    let total: f64 = geometry.parts().filter_map(Geometry::line).map(length).sum();
    let at = |passed: f64| {
        let part = if total > 0.0 { passed / total } else { 0.0 };
        start + (end - start) * part
    };
    let mut passed = 0.0;
    writer.begin(Kind::MultiLineString);
    for line in geometry.parts().filter_map(Geometry::line) {
        let before = passed;
        passed += length(line);
        writer.line(measured(line, [at(before), at(passed)]));
    }
    writer.end();
    Some(writer.into_bytes())
}

/// Returns the points at a measure, moved by an offset to the left of their line; refuses what
/// has no measures and areas.
pub fn locate_along(
    geometry: Geometry<'_>,
    measure: f64,
    offset: f64,
) -> Result<Vec<u8>, GeometryError> {
    let refuse = |reason: &str| GeometryError::InvalidArgument { reason: reason.to_owned() };
    if !geometry.dimension().has_m() {
        return Err(refuse("the geometry has no measures"));
    }
    let mut found = Vec::new();
    match geometry.kind() {
        Kind::Point | Kind::MultiPoint => {
            geometry.coords(|coord| {
                if (coord.m - measure).abs() <= TOLERANCE {
                    found.push(coord);
                }
            });
        }
        Kind::LineString | Kind::MultiLineString => {
            geometry.sequences(&mut |_, line| found.extend(along(line, measure, offset)));
        }
        kind => {
            return Err(refuse(&format!(
                "points and lines can be searched for a measure, not {}",
                kind.wkt_name()
            )));
        }
    }
    let points: Vec<Vec<u8>> =
        found.iter().map(|coord| write::point(*coord, geometry.dimension())).collect();
    Ok(write::collection(Kind::MultiPoint, geometry.dimension(), &points))
}

/// How far from the measure asked for that of a point may be.
const TOLERANCE: f64 = 1e-12;

/// Returns the coordinates of a line with measures that grow with its length.
fn measured(line: Sequence<'_>, [start, end]: [f64; 2]) -> Vec<Coord> {
    let total = length(line);
    let last = line.len().saturating_sub(1) as f64;
    let mut passed = 0.0;
    let mut previous: Option<Coord> = None;
    let mut coords = Vec::with_capacity(line.len());
    for (index, coord) in line.iter().enumerate() {
        passed += previous.map_or(0.0, |previous| distance(previous, coord));
        previous = Some(coord);
        let m = if total > 0.0 {
            start + (end - start) * passed / total
        } else if total == 0.0 && last > 0.0 {
            start + (end - start) * index as f64 / last
        } else {
            0.0
        };
        coords.push(Coord { m, ..coord });
    }
    coords
}

fn along(line: Sequence<'_>, measure: f64, offset: f64) -> Vec<Coord> {
    let mut found = Vec::new();
    for (from, to) in line.iter().zip(line.iter().skip(1)) {
        if measure < from.m.min(to.m) || measure > from.m.max(to.m) {
            continue;
        }
        // Of an edge of one measure the middle is taken.
        let part = if from.m == to.m { 0.5 } else { (measure - from.m) / (to.m - from.m) };
        let mut at = Coord { m: measure, ..interpolate(from, to, part) };
        if offset != 0.0 {
            let (sin, cos) = (to.y - from.y).atan2(to.x - from.x).sin_cos();
            at.x -= sin * offset;
            at.y += cos * offset;
        }
        push_distinct(&mut found, at);
    }
    found
}
