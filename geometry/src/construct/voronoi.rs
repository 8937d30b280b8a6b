//! The Voronoi diagram: for each vertex, everything that is closer to it than to the others.

use super::delaunay::{Border, Subdivision, sites};
use crate::planar::Xy;
use crate::{Bounds, Coord, Dimension, Geometry, GeometryError, Kind, WkbWriter, write};

/// What a Voronoi diagram is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cells {
    /// A collection of polygons, one for each vertex.
    Polygons,
    /// A multi line of the borders between them.
    Edges,
}

/// Returns the Voronoi diagram of the vertices of a geometry; those closer than a tolerance to
/// another count as one.
///
/// It covers the box around the vertices grown by its longer side, and the box around another
/// geometry.
pub fn voronoi(
    geometry: Geometry<'_>,
    tolerance: f64,
    extend_to: Option<Geometry<'_>>,
    output: Cells,
) -> Result<Vec<u8>, GeometryError> {
    if tolerance < 0.0 {
        let reason = "the tolerance must not be negative".to_owned();
        return Err(GeometryError::InvalidArgument { reason });
    }
    let sites = sites(geometry);
    let Some(area) = area(&sites, extend_to) else {
        // As with PostGIS, vertices that are all the same have borders, of which there are none.
        let has_borders = output == Cells::Edges && sites.len() > 1;
        let kind = if has_borders { Kind::MultiLineString } else { Kind::GeometryCollection };
        return Ok(write::empty(kind, Dimension::Xy));
    };
    let subdivision = Subdivision::new(sites, tolerance, Border::Free, Some(area))?;
    let mut writer = WkbWriter::new(Dimension::Xy);
    match output {
        Cells::Polygons => write_cells(&mut writer, &subdivision, &area),
        Cells::Edges => write_edges(&mut writer, &subdivision, &area),
    }
    Ok(writer.into_bytes())
}

/// Returns the box the diagram covers; nothing when there are less than two positions.
fn area(sites: &[Xy], extend_to: Option<Geometry<'_>>) -> Option<Bounds> {
    let mut bounds = Bounds::NOTHING;
    for [x, y] in sites.iter().filter(|site| site.iter().all(|value| value.is_finite())) {
        bounds.add(*x, *y);
    }
    let extent = bounds.width().max(bounds.height());
    if bounds.is_nothing() || extent == 0.0 {
        return None;
    }
    let area = bounds.expand(extent);
    Some(extend_to.and_then(Geometry::bounds).map_or(area, |more| area.merge(&more)))
}

fn write_cells(writer: &mut WkbWriter, subdivision: &Subdivision, area: &Bounds) {
    writer.begin(Kind::GeometryCollection);
    for (site, around) in subdivision.neighbours() {
        let mut cell: Vec<Xy> = Vec::with_capacity(around.len() + 1);
        for (index, first) in around.iter().enumerate() {
            let second = around.get(index + 1).or(around.first()).copied().unwrap_or(*first);
            // Clockwise, the second neighbour comes after the first.
            let corner = centre_of(subdivision, [site, second, *first]);
            if corner.iter().all(|value| value.is_finite()) && cell.last() != Some(&corner) {
                cell.push(corner);
            }
        }
        let mut ring = clip(cell, area);
        if ring.len() < 3 {
            continue;
        }
        ring.extend(ring.first().copied());
        writer.begin(Kind::Polygon);
        writer.ring(ring.into_iter().map(|[x, y]| Coord::xy(x, y)));
        writer.end();
    }
    writer.end();
}

/// Writes the borders; a single one is a line, as in `PostGIS`.
fn write_edges(writer: &mut WkbWriter, subdivision: &Subdivision, area: &Bounds) {
    let mut borders = Vec::new();
    for [start, end, right, left] in subdivision.edges() {
        let ends = [
            centre_of(subdivision, [start, right, end]),
            centre_of(subdivision, [start, end, left]),
        ];
        borders.extend(clip_edge(ends, area));
    }
    let is_multi = borders.len() != 1;
    if is_multi {
        writer.begin(Kind::MultiLineString);
    }
    for ends in borders {
        writer.line(ends.map(|[x, y]| Coord::xy(x, y)));
    }
    if is_multi {
        writer.end();
    }
}

fn centre_of(subdivision: &Subdivision, corners: [usize; 3]) -> Xy {
    // In one order, so that all cells around a corner get the same one.
    let mut corners = corners;
    corners.sort_unstable_by(|a, b| b.cmp(a));
    circumcentre(corners.map(|corner| subdivision.position(corner)))
}

/// Returns the centre of the circle through three positions; not finite if they lie on a line.
pub(super) fn circumcentre([a, b, c]: [Xy; 3]) -> Xy {
    let (bx, by) = (b[0] - a[0], b[1] - a[1]);
    let (cx, cy) = (c[0] - a[0], c[1] - a[1]);
    let twice = 2.0 * (bx * cy - by * cx);
    let (b2, c2) = (bx * bx + by * by, cx * cx + cy * cy);
    [a[0] + (cy * b2 - by * c2) / twice, a[1] + (bx * c2 - cx * b2) / twice]
}

/// Returns the part of a convex ring, not closed, that lies in a box.
fn clip(ring: Vec<Xy>, area: &Bounds) -> Vec<Xy> {
    let sides =
        [(0, area.xmin, 1.0), (0, area.xmax, -1.0), (1, area.ymin, 1.0), (1, area.ymax, -1.0)];
    let mut ring = ring;
    for (axis, limit, sign) in sides {
        let is_inside = |at: &Xy| sign * at[axis] >= sign * limit;
        if ring.iter().all(is_inside) {
            continue;
        }
        let mut kept: Vec<Xy> = Vec::with_capacity(ring.len() + 2);
        let mut push = |at: Xy| {
            if kept.last() != Some(&at) {
                kept.push(at);
            }
        };
        for (index, at) in ring.iter().enumerate() {
            let next = ring.get(index + 1).or(ring.first()).unwrap_or(at);
            if is_inside(at) {
                push(*at);
            }
            if is_inside(at) != is_inside(next) {
                push(cut(*at, *next, axis, limit));
            }
        }
        ring = kept;
    }
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    ring
}

/// Returns the part of an edge that lies in a box, if it has a length.
fn clip_edge(mut ends: [Xy; 2], area: &Bounds) -> Option<[Xy; 2]> {
    if ends.iter().flatten().any(|value| !value.is_finite()) {
        return None;
    }
    let sides =
        [(0, area.xmin, 1.0), (0, area.xmax, -1.0), (1, area.ymin, 1.0), (1, area.ymax, -1.0)];
    for (axis, limit, sign) in sides {
        let [start, end] = ends;
        match [start, end].map(|at| sign * at[axis] >= sign * limit) {
            [true, true] => {}
            [false, false] => return None,
            [true, false] => ends = [start, cut(start, end, axis, limit)],
            [false, true] => ends = [cut(start, end, axis, limit), end],
        }
    }
    (ends[0] != ends[1]).then_some(ends)
}

/// Returns where an edge meets a side of a box.
fn cut(start: Xy, end: Xy, axis: usize, limit: f64) -> Xy {
    // In one order, so that both cells beside an edge get the same position.
    let (start, end) = if start < end { (start, end) } else { (end, start) };
    let t = (limit - start[axis]) / (end[axis] - start[axis]);
    let other = 1 - axis;
    let mut at = [limit; 2];
    at[other] = start[other] + t * (end[other] - start[other]);
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{measure, wkt};

    fn diagram(text: &str, extend_to: Option<&str>, output: Cells) -> String {
        let (wkb, _) = wkt::parse(text).unwrap();
        let extend_to = extend_to.map(|text| wkt::parse(text).unwrap().0);
        let extend_to = extend_to.as_deref().map(|wkb| Geometry::try_new(wkb).unwrap());
        let result = voronoi(Geometry::try_new(&wkb).unwrap(), 0.0, extend_to, output).unwrap();
        wkt::format(Geometry::try_new(&result).unwrap(), 6)
    }

    #[test]
    fn two_positions_share_a_box() {
        assert_eq!(diagram("MULTIPOINT((0 0),(2 0))", None, Cells::Edges), "LINESTRING(1 -2,1 2)");
        assert_eq!(
            diagram("MULTIPOINT((0 0),(2 0))", Some("POINT(1 5)"), Cells::Edges),
            "LINESTRING(1 -2,1 5)"
        );
        for text in ["POINT EMPTY", "POINT(1 1)", "MULTIPOINT((1 1),(1 1))"] {
            assert_eq!(diagram(text, None, Cells::Polygons), "GEOMETRYCOLLECTION EMPTY");
        }
    }

    #[test]
    fn cells_fill_the_box() {
        let text = "MULTIPOINT((0 0),(2 0),(1 1),(0 2),(2 2),(1 3),(5 1))";
        let (wkb, _) = wkt::parse(text).unwrap();
        let cells = voronoi(Geometry::try_new(&wkb).unwrap(), 0.0, None, Cells::Polygons).unwrap();
        let cells = Geometry::try_new(&cells).unwrap();
        assert_eq!(cells.part_count(), 7);
        assert!((measure::area(cells) - 15.0 * 13.0).abs() < 1e-9);
    }
}
