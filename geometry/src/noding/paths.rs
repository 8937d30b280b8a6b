//! Lines as geometries: joined, cut, and what they enclose.

use std::collections::{HashMap, HashSet};

use super::lines::{lines_of, merge};
use super::loose::{self, are_loose};
use super::noder::node;
use super::order::ordered;
use super::polygonize::{areas_within, polygons_within};
use crate::overlay::{Elevation, Parts, Rings, unary_union, write_parts, write_polygons};
use crate::planar::{Key, Xy, key};
use crate::validity::defect;
use crate::{Bounds, Dimension, Geometry, GeometryError, Kind, WkbWriter, to_iso, write};

/// Returns the lines of a geometry joined to lines that are as long as possible.
///
/// Lines are joined where exactly two of them end, and with `directed` only where one ends and
/// the other starts. The rings of polygons count as lines.
pub fn line_merge(geometry: Geometry<'_>, directed: bool) -> Vec<u8> {
    if geometry.is_empty() {
        return to_iso(geometry).into_owned();
    }
    let lines = lines_of(&[geometry]);
    if lines.is_empty() {
        return write::empty(Kind::GeometryCollection, Dimension::Xy);
    }
    let parts = Parts { lines: merge(&lines, directed, &|_| true), ..Parts::default() };
    write_parts(&parts, 1, &Elevation::new(&[geometry]))
}

/// Returns a collection of the polygons that lines enclose.
///
/// The lines are expected to meet at their ends only; where one crosses itself there is no
/// polygon. Rings of polygons count as lines.
pub fn polygonize(geometries: &[Geometry<'_>]) -> Vec<u8> {
    let lines = lines_of(geometries);
    let polygons = if are_loose(&lines) {
        loose::polygons_of(&lines, is_sound)
    } else {
        without_crossings(polygons_within(&lines))
    };
    let elevation = Elevation::new(geometries);
    let mut writer = WkbWriter::new(elevation.dimension());
    writer.begin(Kind::GeometryCollection);
    for rings in polygons {
        // A ring that crosses the exterior is no hole of it.
        let shell = rings.first().map_or(Bounds::NOTHING, |ring| bounds_of(ring));
        writer.begin(Kind::Polygon);
        for ring in rings.into_iter().filter(|ring| shell.contains(&bounds_of(ring))) {
            writer.ring(ring.into_iter().map(|at| elevation.coord(at)));
        }
        writer.end();
    }
    writer.end();
    writer.into_bytes()
}

fn bounds_of(ring: &[Xy]) -> Bounds {
    let mut bounds = Bounds::NOTHING;
    for [x, y] in ring {
        bounds.add(*x, *y);
    }
    bounds
}

/// Returns the area that the lines of a geometry enclose, if there is any.
///
/// What lies in a hole of a polygon counts as a polygon again. The area is the union of these, if
/// lines meet elsewhere than at their ends.
pub fn build_area(geometry: Geometry<'_>) -> Result<Option<Vec<u8>>, GeometryError> {
    let lines = lines_of(&[geometry]);
    let is_loose = are_loose(&lines);
    let mut polygons = if is_loose { Vec::new() } else { without_crossings(areas_within(&lines)) };
    // Lines that cross may not share a vertex.
    if is_loose || !are_apart(&polygons) {
        polygons = joined(loose::areas_of(&lines, is_sound))?;
    }
    if polygons.is_empty() {
        return Ok(None);
    }
    let parts = Parts { polygons, ..Parts::default() };
    Ok(Some(write_parts(&parts, 2, &Elevation::new(&[geometry]))))
}

/// Returns the union of polygons that may lie on each other.
fn joined(polygons: Vec<Rings>) -> Result<Vec<Rings>, GeometryError> {
    if are_apart(&polygons) {
        return Ok(polygons);
    }
    let each: Vec<Vec<u8>> = polygons.into_iter().map(|rings| write_polygons(&[rings])).collect();
    let each: Vec<Geometry<'_>> =
        each.iter().map(|wkb| Geometry::try_new(wkb)).collect::<Result<_, _>>()?;
    let union = unary_union(&each)?;
    let union = Geometry::try_new(&union)?;
    let rings = |polygon: Geometry<'_>| -> Rings {
        polygon.rings().map(|ring| ring.iter().map(|at| [at.x, at.y]).collect()).collect()
    };
    Ok(match union.kind() {
        Kind::Polygon => vec![rings(union)],
        _ => union.parts().filter(|part| part.kind() == Kind::Polygon).map(rings).collect(),
    })
}

/// Returns whether polygons, as one geometry, are valid.
fn are_apart(polygons: &[Rings]) -> bool {
    let wkb = write_polygons(polygons);
    Geometry::try_new(&wkb).is_ok_and(|polygons| defect(polygons, false).is_none())
}

/// Returns whether a ring does not meet itself.
fn is_sound(ring: &[Xy]) -> bool {
    are_apart(&[vec![ring.to_vec()]])
}

/// Returns the polygons without the rings that meet themselves.
fn without_crossings(polygons: Vec<Rings>) -> Vec<Rings> {
    polygons
        .into_iter()
        .filter(|rings| rings.first().is_some_and(|ring| is_sound(ring)))
        .map(|mut rings| {
            rings.retain(|ring| is_sound(ring));
            rings
        })
        .collect()
}

/// Returns lines cut in every position where they meet, each piece once.
pub fn node_lines(geometry: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    if !is_lineal(geometry) {
        let reason = format!("\"{}\" cannot be noded: give lines", geometry.kind().wkt_name());
        return Err(GeometryError::InvalidArgument { reason });
    }
    let pieces = ordered(pieces(&node(lines_of(&[geometry]))?));
    if pieces.is_empty() {
        return Ok(write::empty(Kind::GeometryCollection, Dimension::Xy));
    }
    let parts = Parts { lines: pieces, ..Parts::default() };
    Ok(write_parts(&parts, 1, &Elevation::new(&[geometry])))
}

/// Returns whether a geometry has lines and nothing else.
pub(super) fn is_lineal(geometry: Geometry<'_>) -> bool {
    match geometry.kind() {
        Kind::LineString | Kind::MultiLineString => true,
        Kind::GeometryCollection => geometry.part_count() > 0 && geometry.parts().all(is_lineal),
        _ => false,
    }
}

/// Returns paths that meet at vertices only cut where they meet, each piece once.
pub(crate) fn pieces(paths: &[Vec<Xy>]) -> Vec<Vec<Xy>> {
    let nodes = nodes(paths);
    let mut known: HashSet<[Key; 2]> = HashSet::new();
    let mut pieces: Vec<Vec<Xy>> = Vec::new();
    for path in paths {
        let mut piece: Vec<Xy> = Vec::new();
        for (from, to) in path.iter().zip(path.iter().skip(1)) {
            let [start, end] = [key(*from), key(*to)];
            let is_new = start != end && known.insert([start.min(end), start.max(end)]);
            if is_new && piece.is_empty() {
                piece.push(*from);
            }
            if is_new {
                piece.push(*to);
            }
            if !piece.is_empty() && (!is_new || nodes.contains(&end)) {
                pieces.push(std::mem::take(&mut piece));
            }
        }
    }
    // Where a path turned back in the middle of another one, pieces end between nodes.
    let may_pass = |at: Xy| !nodes.contains(&key(at));
    let are_whole = pieces
        .iter()
        .flat_map(|piece| piece.first().into_iter().chain(piece.last()))
        .all(|at| !may_pass(*at));
    if are_whole { pieces } else { merge(&pieces, false, &may_pass) }
}

/// Returns the ends of paths, and the vertices that do not lie between two others: where paths
/// meet, and where one turns back on itself.
fn nodes(paths: &[Vec<Xy>]) -> HashSet<Key> {
    let mut nodes: HashSet<Key> = HashSet::new();
    let mut neighbours: HashMap<Key, [Option<Key>; 2]> = HashMap::new();
    for path in paths {
        nodes.extend(path.first().into_iter().chain(path.last()).map(|at| key(*at)));
        for (from, to) in path.iter().zip(path.iter().skip(1)) {
            let [from, to] = [key(*from), key(*to)];
            for (at, towards) in [(from, to), (to, from)] {
                let known = neighbours.entry(at).or_default();
                if at == towards || known.contains(&Some(towards)) {
                    continue;
                }
                if let Some(free) = known.iter_mut().find(|neighbour| neighbour.is_none()) {
                    *free = Some(towards);
                } else {
                    nodes.insert(at);
                }
            }
        }
    }
    nodes.extend(neighbours.iter().filter(|(_, known)| known.contains(&None)).map(|(at, _)| *at));
    nodes
}
