//! A geometry cut along another one.

use super::lines::lines_of;
use super::noder::node;
use super::paths::pieces;
use super::polygonize::polygons_within;
use crate::construct::{boundary, point_on_surface};
use crate::overlay::{Elevation, Parts, difference, write_parts};
use crate::planar::{Location, Xy, locate_bytes, on_segment};
use crate::{
    Coord, Dimension, Geometry, GeometryError, Kind, WkbWriter, force_dimension, relate, to_iso,
    write,
};

/// Returns a collection of the parts of a geometry that a blade cuts it into.
///
/// Lines are cut by points, lines and the borders of polygons; polygons are cut by lines.
pub fn split(geometry: Geometry<'_>, blade: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    split_into(geometry, blade, &mut parts)?;
    let dimension = parts
        .first()
        .and_then(|part| Geometry::try_new(part).ok())
        .map_or(geometry.dimension(), Geometry::dimension);
    for part in &mut parts {
        let member = Geometry::try_new(part)?;
        if member.dimension() != dimension {
            *part = force_dimension(member, dimension, 0.0, 0.0);
        }
    }
    Ok(write::collection(Kind::GeometryCollection, dimension, &parts))
}

fn split_into(
    geometry: Geometry<'_>,
    blade: Geometry<'_>,
    parts: &mut Vec<Vec<u8>>,
) -> Result<(), GeometryError> {
    let unsupported = || GeometryError::InvalidArgument {
        reason: format!(
            "\"{}\" cannot be split by \"{}\"",
            geometry.kind().wkt_name(),
            blade.kind().wkt_name()
        ),
    };
    match geometry.kind() {
        Kind::MultiLineString | Kind::MultiPolygon | Kind::GeometryCollection => {
            for part in geometry.parts() {
                split_into(part, blade, parts)?;
            }
            Ok(())
        }
        Kind::LineString => match blade.kind() {
            Kind::Point | Kind::MultiPoint => {
                parts.extend(cut_by_points(geometry, blade));
                Ok(())
            }
            Kind::LineString | Kind::MultiLineString => cut_by_lines(geometry, blade, parts),
            Kind::Polygon | Kind::MultiPolygon => {
                cut_by_lines(geometry, Geometry::try_new(&boundary(blade))?, parts)
            }
            _ => Err(unsupported()),
        },
        Kind::Polygon => match blade.kind() {
            Kind::LineString | Kind::MultiLineString => {
                parts.extend(cut_area(geometry, blade)?);
                Ok(())
            }
            _ => Err(unsupported()),
        },
        _ => Err(unsupported()),
    }
}

fn cut_by_lines(
    line: Geometry<'_>,
    blade: Geometry<'_>,
    parts: &mut Vec<Vec<u8>>,
) -> Result<(), GeometryError> {
    if relate::relate(line, blade)?.matches("1********")? {
        let reason = "the blade runs along the line that it should split".to_owned();
        return Err(GeometryError::InvalidArgument { reason });
    }
    let pieces = difference(line, Geometry::try_new(&as_high(blade, line))?)?;
    let pieces = Geometry::try_new(&pieces)?;
    if pieces.kind().is_collection() {
        parts.extend(pieces.parts().map(|part| to_iso(part).into_owned()));
    } else {
        parts.push(to_iso(pieces).into_owned());
    }
    Ok(())
}

/// Returns the pieces between the points that lie on a line.
fn cut_by_points(line: Geometry<'_>, points: Geometry<'_>) -> Vec<Vec<u8>> {
    let mut pieces: Vec<Vec<Coord>> = vec![line.line().into_iter().flatten().collect()];
    let mut cuts: Vec<Coord> = Vec::new();
    points.coords(|coord| cuts.push(coord));
    for cut in cuts {
        let found = pieces.iter().enumerate().find_map(|(number, piece)| {
            position_on(piece, [cut.x, cut.y]).map(|segment| (number, segment))
        });
        let Some((number, segment)) = found else { continue };
        let piece = &pieces[number];
        let is = |index: usize| piece.get(index).is_some_and(|at| (at.x, at.y) == (cut.x, cut.y));
        if is(0) || is(piece.len() - 1) {
            continue;
        }
        let at = between(piece[segment], piece[segment + 1], cut);
        let mut head: Vec<Coord> = piece[..=segment].to_vec();
        let mut tail: Vec<Coord> = vec![at];
        head.push(at);
        let rest = if is(segment + 1) { segment + 2 } else { segment + 1 };
        tail.extend_from_slice(&piece[rest..]);
        pieces.splice(number..=number, [head, tail]);
    }
    pieces.into_iter().map(|piece| write::line_string(piece, line.dimension())).collect()
}

/// Returns the first segment of a path on which a position lies.
fn position_on(path: &[Coord], at: Xy) -> Option<usize> {
    path.windows(2).position(|pair| {
        let edge = [[pair[0].x, pair[0].y], [pair[1].x, pair[1].y]];
        on_segment(at, edge) || rounds_to(at, edge)
    })
}

/// Returns whether a position lies on a segment as far as numbers of its size can tell.
fn rounds_to(at: Xy, [from, to]: [Xy; 2]) -> bool {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let length = dx * dx + dy * dy;
    let along = (at[0] - from[0]) * dx + (at[1] - from[1]) * dy;
    if length == 0.0 || along <= 0.0 || along >= length {
        return false;
    }
    (from[1] - at[1]) * dx - (from[0] - at[0]) * dy == 0.0
}

/// Returns a position with height and measure interpolated between two others.
fn between(from: Coord, to: Coord, at: Coord) -> Coord {
    let length = (to.x - from.x).hypot(to.y - from.y);
    let part = if length > 0.0 { (at.x - from.x).hypot(at.y - from.y) / length } else { 0.0 };
    let mix = |a: f64, b: f64| a + part * (b - a);
    Coord { x: at.x, y: at.y, z: mix(from.z, to.z), m: mix(from.m, to.m) }
}

/// Returns a blade without heights, unless what it cuts has some.
fn as_high(blade: Geometry<'_>, cut: Geometry<'_>) -> Vec<u8> {
    if cut.dimension().has_z() {
        return to_iso(blade).into_owned();
    }
    force_dimension(blade, Dimension::Xy, 0.0, 0.0)
}

fn cut_area(polygon: Geometry<'_>, blade: Geometry<'_>) -> Result<Vec<Vec<u8>>, GeometryError> {
    let blade = as_high(blade, polygon);
    let blade = Geometry::try_new(&blade)?;
    let lines = pieces(&node(lines_of(&[polygon, blade]))?);
    let elevation = Elevation::new(&[polygon, blade]);
    let mut found = Vec::new();
    for rings in polygons_within(&lines) {
        let parts = Parts { polygons: vec![rings], ..Parts::default() };
        let wkb = write_parts(&parts, 2, &elevation);
        let inside = point_on_surface(Geometry::try_new(&wkb)?);
        let inside = Geometry::try_new(&inside)?.point_xy();
        if let Some(at) = inside
            && locate_bytes(polygon, at) == Some(Location::Interior)
        {
            found.push(wkb);
        }
    }
    if found.len() < 2 {
        let mut writer = WkbWriter::new(polygon.dimension());
        writer.geometry(polygon);
        return Ok(vec![writer.into_bytes()]);
    }
    Ok(found)
}
