//! Repair of invalid geometries.

use std::collections::HashSet;

use super::check::is_valid;
use super::structure;
use crate::noding::{Faces, Graph, area_faces, node, polygons, positions};
use crate::overlay::{Elevation, Parts, write_parts};
use crate::planar::{Xy, key};
use crate::{
    Coord, Geometry, GeometryError, Kind, WkbWriter, interrupt, map_coords, to_iso, write,
};

/// How polygons are repaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// From all the lines: an area begins or ends at each, and what encloses nothing stays a line.
    #[default]
    Linework,
    /// From the rings: shells make areas, holes take them away.
    Structure,
}

/// How geometries are repaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Repair {
    /// How polygons are repaired.
    pub method: Method,
    /// Whether parts that collapse to a lower dimension are kept; only for [`Method::Structure`].
    pub keep_collapsed: bool,
}

impl Repair {
    /// Returns the repair that a text such as `method=structure keepcollapsed=false` describes.
    pub fn parse(text: &str) -> Result<Self, GeometryError> {
        let mut repair = Self { method: Method::Linework, keep_collapsed: false };
        for word in text.split_whitespace() {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            match (name.to_ascii_lowercase().as_str(), value.to_ascii_lowercase().as_str()) {
                ("method", "linework") => repair.method = Method::Linework,
                ("method", "structure") => repair.method = Method::Structure,
                ("keepcollapsed", "true" | "yes" | "1") => repair.keep_collapsed = true,
                ("keepcollapsed", "false" | "no" | "0") => repair.keep_collapsed = false,
                _ => {
                    let reason = format!(
                        "\"{word}\" is none of method=linework, method=structure and \
                         keepcollapsed=true"
                    );
                    return Err(GeometryError::InvalidArgument { reason });
                }
            }
        }
        Ok(repair)
    }
}

/// Returns a valid geometry with the same vertices; a valid one as it is.
pub fn make_valid(geometry: Geometry<'_>, repair: Repair) -> Result<Vec<u8>, GeometryError> {
    if is_valid(geometry) {
        return Ok(to_iso(geometry).into_owned());
    }
    let repaired =
        interrupt::contained_or("the geometry cannot be repaired", || match repair.method {
            Method::Linework => from_lines(geometry),
            Method::Structure => structure::repair(geometry, repair.keep_collapsed),
        })??;
    as_multi(geometry, repaired)
}

/// Returns the repaired geometry as a multi geometry if the original was one.
fn as_multi(original: Geometry<'_>, repaired: Vec<u8>) -> Result<Vec<u8>, GeometryError> {
    let geometry = Geometry::try_new(&repaired)?;
    if !original.kind().is_collection() || geometry.kind().is_collection() {
        return Ok(repaired);
    }
    if geometry.is_empty() {
        return Ok(write::empty(original.kind(), geometry.dimension()));
    }
    Ok(write::collection(geometry.kind().multi(), geometry.dimension(), &[&repaired]))
}

fn from_lines(geometry: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    match geometry.kind() {
        Kind::Point | Kind::MultiPoint => {
            let is_finite = |at: Coord| at.x.is_finite() && at.y.is_finite();
            Ok(map_coords(geometry, |at| if is_finite(at) { at } else { Coord::NAN }))
        }
        Kind::LineString => Ok(line(geometry)),
        Kind::MultiLineString => lines(geometry),
        Kind::Polygon | Kind::MultiPolygon => area(geometry),
        _ => {
            let mut writer = WkbWriter::new(geometry.dimension());
            writer.begin(Kind::GeometryCollection);
            for part in geometry.parts() {
                let part = make_valid(part, Repair::default())?;
                let part = crate::force_dimension(
                    Geometry::try_new(&part)?,
                    geometry.dimension(),
                    f64::NAN,
                    f64::NAN,
                );
                writer.geometry(Geometry::try_new(&part)?);
            }
            writer.end();
            Ok(writer.into_bytes())
        }
    }
}

/// Returns a line without positions that are not finite, or the point that it is.
fn line(geometry: Geometry<'_>) -> Vec<u8> {
    let coords = geometry.line().into_iter().flatten();
    let coords: Vec<Coord> = coords.filter(|at| at.x.is_finite() && at.y.is_finite()).collect();
    let Some(first) = coords.first().copied() else {
        return write::empty(Kind::LineString, geometry.dimension());
    };
    if coords.iter().all(|at| (at.x, at.y) == (first.x, first.y)) {
        return write::point(first, geometry.dimension());
    }
    write::line_string(coords, geometry.dimension())
}

fn lines(geometry: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    let (mut points, mut lines) = (Vec::new(), Vec::new());
    for part in geometry.parts() {
        let repaired = line(part);
        match Geometry::try_new(&repaired)? {
            part if part.is_empty() => {}
            part if part.kind() == Kind::Point => points.push(repaired),
            _ => lines.push(repaired),
        }
    }
    let together = |parts: &[Vec<u8>], kind: Kind| match parts {
        [only] => only.clone(),
        _ => write::collection(kind, geometry.dimension(), parts),
    };
    let point = together(&points, Kind::MultiPoint);
    let line = together(&lines, Kind::MultiLineString);
    Ok(match (points.is_empty(), lines.is_empty()) {
        (true, _) => line,
        (false, true) => point,
        (false, false) => {
            write::collection(Kind::GeometryCollection, geometry.dimension(), &[&point, &line])
        }
    })
}

/// Returns the area between the rings of polygons, and nothing else.
pub(super) fn areas_between(geometry: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    let Parts { polygons, .. } = area_of(&node(closed_rings(geometry))?);
    let parts = Parts { polygons, ..Parts::default() };
    Ok(write_parts(&parts, 2, &Elevation::new(&[geometry])))
}

/// Returns the rings of polygons, closed, without positions that are not finite.
fn closed_rings(geometry: Geometry<'_>) -> Vec<Vec<Xy>> {
    let mut rings: Vec<Vec<Xy>> = Vec::new();
    geometry.sequences(&mut |_, ring| {
        let all = ring.iter().map(|at| [at.x, at.y]);
        let mut ring = positions(all.filter(|at| at.iter().all(|value| value.is_finite())));
        if ring.first() != ring.last() {
            ring.extend(ring.first().copied());
        }
        rings.push(ring);
    });
    rings
}

/// Returns the area between the rings of polygons, with lines and points that enclose nothing.
fn area(geometry: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    let rings = closed_rings(geometry);
    let noded = node(rings.iter().filter(|ring| ring.len() > 1).cloned().collect())?;
    let mut parts = area_of(&noded);
    let mut seen: HashSet<_> = noded.iter().flatten().map(|at| key(*at)).collect();
    parts.points.extend(rings.iter().flatten().filter(|at| seen.insert(key(**at))));
    Ok(together(parts, &Elevation::new(&[geometry])))
}

/// Returns areas, lines and points, those of each dimension as one member of a collection.
fn together(parts: Parts, elevation: &Elevation) -> Vec<u8> {
    let Parts { polygons, lines, points } = parts;
    let each = [
        (!polygons.is_empty(), Parts { polygons, ..Parts::default() }),
        (!lines.is_empty(), Parts { lines, ..Parts::default() }),
        (!points.is_empty(), Parts { points, ..Parts::default() }),
    ];
    let mut members: Vec<Vec<u8>> = each
        .iter()
        .filter(|(is_there, _)| *is_there)
        .map(|(_, parts)| write_parts(parts, 2, elevation))
        .collect();
    if members.len() < 2 {
        return members.pop().unwrap_or_else(|| write::empty(Kind::Polygon, elevation.dimension()));
    }
    write::collection(Kind::GeometryCollection, elevation.dimension(), &members)
}

/// Returns the areas that paths enclose, where an area begins or ends at each piece of a path.
///
/// The outermost areas are taken first; what remains of the paths inside of them makes holes, and
/// so on. Segments that enclose nothing remain as lines.
fn area_of(paths: &[Vec<Xy>]) -> Parts {
    let mut graph = Graph::default();
    for path in paths {
        graph.add_segments(path, |_, _| {});
    }
    graph.sort();
    let mut is_left = vec![true; graph.edge_count()];
    let mut is_border = vec![false; graph.edge_count()];
    loop {
        graph.restore(|edge| is_left[edge]);
        let (faces, is_inside) = area_faces(&mut graph);
        let inside = |half: usize| is_inside.get(faces.of[half]).copied().unwrap_or(false);
        let borders: Vec<usize> =
            graph.edges().filter(|edge| inside(2 * edge) != inside(2 * edge + 1)).collect();
        if borders.is_empty() {
            break;
        }
        for edge in borders {
            is_left[edge] = false;
            is_border[edge] = true;
        }
    }
    // Every vertex of what remains is met more than once, so that lines begin and end in each.
    let lines: Vec<Vec<Xy>> = (0..graph.edge_count())
        .filter(|edge| is_left[*edge])
        .map(|edge| graph.path(edge).to_vec())
        .collect();
    graph.restore(|edge| is_border[edge]);
    let faces = Faces::new(&graph);
    let depths = faces.spread(&graph, |edge| [i32::from(is_border[edge])]);
    let polygons = polygons(&graph, &faces, |face| depths[face][0] % 2 != 0);
    Parts { polygons, lines, points: Vec::new() }
}
