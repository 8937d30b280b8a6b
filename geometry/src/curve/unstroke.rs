//! Arcs found in segments.

use std::borrow::Cow;
use std::f64::consts::{FRAC_PI_2, TAU};

use super::arc::{Circle, TINY, side};
use crate::{Coord, Dimension, Geometry, Kind, Sequence, WkbWriter, to_iso, write};

/// How many segments a quarter of a circle must have for them to be taken for an arc.
const LEAST_PER_QUADRANT: f64 = 2.0;

/// Returns the geometry with arcs in place of segments that lie as on one.
///
/// A line becomes a path of arcs, or of several parts when it has segments too; a polygon becomes
/// one whose rings may have arcs, and so do multi geometries. What has no arcs stays as it is.
pub fn to_curve(geometry: Geometry<'_>) -> Cow<'_, [u8]> {
    let dimension = geometry.dimension();
    match geometry.kind() {
        Kind::LineString => match geometry.line().and_then(|line| path(line, dimension)) {
            Some(path) => Cow::Owned(path),
            None => to_iso(geometry),
        },
        Kind::Polygon => {
            let mut found = false;
            let rings: Vec<Vec<u8>> = geometry
                .rings()
                .map(|ring| match path(ring, dimension) {
                    Some(path) => {
                        found = true;
                        path
                    }
                    None => write::line_string(ring, dimension),
                })
                .collect();
            if found { members(Kind::CurvePolygon, dimension, &rings) } else { to_iso(geometry) }
        }
        Kind::MultiLineString | Kind::MultiPolygon | Kind::GeometryCollection => {
            let parts: Vec<Vec<u8>> =
                geometry.parts().map(|part| to_curve(part).into_owned()).collect();
            let is_curved = geometry.parts().zip(&parts).any(|(part, curve)| {
                Geometry::try_any(curve).is_ok_and(|curve| curve.kind() != part.kind())
            });
            match geometry.kind() {
                Kind::GeometryCollection => members(Kind::GeometryCollection, dimension, &parts),
                Kind::MultiLineString if is_curved => members(Kind::MultiCurve, dimension, &parts),
                Kind::MultiPolygon if is_curved => members(Kind::MultiSurface, dimension, &parts),
                _ => to_iso(geometry),
            }
        }
        _ => to_iso(geometry),
    }
}

fn members(kind: Kind, dimension: Dimension, parts: &[Vec<u8>]) -> Cow<'static, [u8]> {
    Cow::Owned(write::collection(kind, dimension, parts))
}

/// A run of segments, from one vertex to another, that is an arc or is not.
struct Run {
    is_arc: bool,
    first: usize,
    last: usize,
}

/// Returns a line as a path with arcs, or nothing when it has none.
fn path(line: Sequence<'_>, dimension: Dimension) -> Option<Vec<u8>> {
    let coords: Vec<Coord> = line.iter().collect();
    let runs = runs(&coords);
    if !runs.iter().any(|run| run.is_arc) {
        return None;
    }
    let mut writer = WkbWriter::new(dimension);
    if runs.len() > 1 {
        writer.begin(Kind::CompoundCurve);
    }
    for run in &runs {
        let vertices = coords.get(run.first..=run.last).unwrap_or_default();
        if run.is_arc {
            let middle = (run.last - run.first) / 2;
            let arc = [vertices.first(), vertices.get(middle), vertices.last()];
            writer.path(Kind::CircularString, arc.into_iter().flatten().copied());
        } else {
            writer.line(vertices.iter().copied());
        }
    }
    Some(writer.into_bytes())
}

/// Returns the runs of a line in order; each starts where the one before ends.
fn runs(coords: &[Coord]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let last = coords.len().saturating_sub(1);
    let mut start = 0;
    while start < last {
        let end = end_on_circle(coords, start);
        let is_arc = end.is_some_and(|end| is_dense(coords, start, end).unwrap_or(false));
        let end = end.unwrap_or(start + 1);
        match runs.last_mut() {
            Some(run) if !run.is_arc && !is_arc => run.last = end,
            _ => runs.push(Run { is_arc, first: start, last: end }),
        }
        start = end;
    }
    runs
}

/// Returns the last vertex up to which those from one on lie on a circle at even angles, if there
/// are at least four.
fn end_on_circle(coords: &[Coord], start: usize) -> Option<usize> {
    let at = |index: usize| coords.get(index).map(|coord| [coord.x, coord.y]);
    let mut end = start + 2;
    while let (Some(a), Some(b), Some(c), Some(next)) =
        (at(end - 2), at(end - 1), at(end), at(end + 1))
    {
        if !continues(a, b, c, next) {
            break;
        }
        end += 1;
    }
    (end > start + 2).then_some(end)
}

/// Returns whether segments on a circle are so many that they are taken for an arc.
fn is_dense(coords: &[Coord], start: usize, end: usize) -> Option<bool> {
    let at = |index: usize| coords.get(index).map(|coord| [coord.x, coord.y]);
    let (first, last) = (at(start)?, at(end)?);
    let quadrants = if first == last {
        4.0
    } else {
        let inner = at(start + (end - start) / 2)?;
        let circle = Circle::through(first, inner, last)?;
        let (from, to) = (circle.angle(first), circle.angle(last));
        let turn = if side(first, last, inner) < 0.0 { from - to } else { to - from };
        (if turn < 0.0 { turn + TAU } else { turn }) / FRAC_PI_2
    };
    let segments = f64::from(u32::try_from(end - start).unwrap_or(u32::MAX));
    Some(segments >= LEAST_PER_QUADRANT * quadrants)
}

/// Returns whether a fourth vertex lies on the circle of three, beyond them and at the same angle.
fn continues(a: [f64; 2], b: [f64; 2], c: [f64; 2], next: [f64; 2]) -> bool {
    let Some(Circle { centre, radius }) = Circle::through(a, b, c) else { return false };
    let distance = (next[0] - centre[0]).hypot(next[1] - centre[1]);
    if (radius - distance).abs() >= TINY {
        return false;
    }
    let is_even = (angle(a, b, c) - angle(b, c, next)).abs() <= TINY;
    is_even && side(a, c, next) != side(a, c, b)
}

/// Returns the angle at the middle one of three vertices.
fn angle(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> f64 {
    let (to_a, to_c) = ([b[0] - a[0], b[1] - a[1]], [b[0] - c[0], b[1] - c[1]]);
    let dot = to_a[0] * to_c[0] + to_a[1] * to_c[1];
    let cross = to_a[0] * to_c[1] - to_a[1] * to_c[0];
    cross.atan2(dot)
}
