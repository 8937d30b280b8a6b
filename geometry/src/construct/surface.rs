//! A position that certainly lies on a geometry.

use super::centroid::{centre, centre_of};
use crate::planar::{Shape, Xy, distance_squared};
use crate::{Coord, Dimension, Geometry, Kind, write};

/// Returns a point on a geometry: in the middle of its widest part halfway up for areas, the
/// vertex closest to the centroid for lines, the point closest to the centroid for points; an
/// empty point when there is nothing.
pub fn point_on_surface(geometry: Geometry<'_>) -> Vec<u8> {
    let dimension = geometry.dimension();
    let found = match highest(geometry) {
        Some(2) => in_areas(geometry).map(|[x, y]| Coord::xy(x, y)),
        Some(1) => on_lines(geometry),
        Some(_) => on_points(geometry),
        None => None,
    };
    match found {
        Some(coord) if !coord.z.is_nan() => write::point(coord, Dimension::Xyz),
        Some(coord) => write::point_xy(coord.x, coord.y),
        None => write::empty(Kind::Point, dimension),
    }
}

/// Returns the highest dimension of a part that is not empty.
fn highest(geometry: Geometry<'_>) -> Option<u8> {
    if geometry.is_empty() {
        return None;
    }
    match geometry.kind() {
        Kind::Point | Kind::MultiPoint => Some(0),
        Kind::LineString | Kind::MultiLineString => Some(1),
        Kind::Polygon | Kind::MultiPolygon => Some(2),
        _ => geometry.parts().filter_map(highest).max(),
    }
}

/// Returns the middle of the widest section of any polygon.
fn in_areas(geometry: Geometry<'_>) -> Option<Xy> {
    let mut best: Option<(f64, Xy)> = None;
    each_polygon(geometry, &mut |polygon| {
        let found = widest_section(polygon);
        if let Some((width, at)) = found
            && best.is_none_or(|(widest, _)| width > widest)
        {
            best = Some((width, at));
        }
    });
    best.map(|(_, at)| at)
}

fn each_polygon(geometry: Geometry<'_>, visit: &mut dyn FnMut(Geometry<'_>)) {
    match geometry.kind() {
        Kind::Polygon => visit(geometry),
        Kind::MultiPolygon | Kind::GeometryCollection => {
            for part in geometry.parts() {
                each_polygon(part, visit);
            }
        }
        _ => {}
    }
}

/// Returns the width and middle of the widest section of a polygon along a horizontal line that
/// runs halfway up and through no vertex.
fn widest_section(polygon: Geometry<'_>) -> Option<(f64, Xy)> {
    let bounds = polygon.bounds()?;
    let first = polygon.rings().next()?.first()?;
    let middle = bounds.centre()[1];
    let (mut below, mut above) = (bounds.ymin, bounds.ymax);
    for ring in polygon.rings() {
        ring.for_each_xy(|_, y| {
            // Without branches, since every other position is likely to be on the other side.
            let low = if y <= middle { y } else { f64::NEG_INFINITY };
            let high = if y > middle { y } else { f64::INFINITY };
            below = if low > below { low } else { below };
            above = if high < above { high } else { above };
        });
    }
    let level = f64::midpoint(below, above);

    let mut crossings = Vec::new();
    for ring in polygon.rings() {
        let mut previous: Option<Xy> = None;
        ring.for_each_xy(|x, y| {
            if let Some(start) = previous
                && let Some(crossing) = crossing(start, [x, y], level)
            {
                crossings.push(crossing);
            }
            previous = Some([x, y]);
        });
    }
    crossings.sort_by(f64::total_cmp);
    let mut best = (0.0, [first.x, first.y]);
    for pair in crossings.chunks_exact(2) {
        let width = pair[1] - pair[0];
        if width > best.0 {
            best = (width, [f64::midpoint(pair[0], pair[1]), level]);
        }
    }
    Some(best)
}

/// Returns where an edge crosses a horizontal line; the lower end of an edge does not count.
fn crossing(start: Xy, end: Xy, level: f64) -> Option<f64> {
    if (start[1] > level) == (end[1] > level) {
        return None;
    }
    if start[0] == end[0] {
        return Some(start[0]);
    }
    let t = (level - start[1]) / (end[1] - start[1]);
    Some(start[0] + t * (end[0] - start[0]))
}

/// Returns the vertex closest to the centroid; the ends of lines count only if there is no other.
fn on_lines(geometry: Geometry<'_>) -> Option<Coord> {
    let target = centre_of_lines(geometry).or_else(|| centre(geometry))?;
    let mut inner = Closest::new(target);
    let mut ends = Closest::new(target);
    geometry.sequences(&mut |kind, sequence| {
        if kind != Kind::LineString {
            return;
        }
        let last = sequence.len().saturating_sub(1);
        for (index, coord) in sequence.iter().enumerate() {
            if index == 0 || index == last {
                ends.add(coord);
            } else {
                inner.add(coord);
            }
        }
    });
    inner.best.or(ends.best).map(|(_, coord)| coord)
}

/// Returns the centroid of lines as GEOS adds it up, since its rounding decides which of two ends
/// is closer.
fn centre_of_lines(geometry: Geometry<'_>) -> Option<Xy> {
    let (mut sum, mut length) = ([0.0, 0.0], 0.0);
    geometry.sequences(&mut |kind, sequence| {
        if kind != Kind::LineString {
            return;
        }
        let mut previous: Option<Xy> = None;
        sequence.for_each_xy(|x, y| {
            if let Some([x0, y0]) = previous {
                let size = distance_squared([x0, y0], [x, y]).sqrt();
                length += size;
                sum[0] += size * f64::midpoint(x0, x);
                sum[1] += size * f64::midpoint(y0, y);
            }
            previous = Some([x, y]);
        });
    });
    (length > 0.0).then(|| [sum[0] / length, sum[1] / length])
}

fn on_points(geometry: Geometry<'_>) -> Option<Coord> {
    let mut closest = Closest::new(centre_of(&Shape::new(geometry))?);
    geometry.coords(|coord| closest.add(coord));
    closest.best.map(|(_, coord)| coord)
}

struct Closest {
    target: Xy,
    best: Option<(f64, Coord)>,
}

impl Closest {
    fn new(target: Xy) -> Self {
        Self { target, best: None }
    }

    fn add(&mut self, coord: Coord) {
        let distance = distance_squared([coord.x, coord.y], self.target).sqrt();
        if !distance.is_nan() && self.best.is_none_or(|(least, _)| distance < least) {
            self.best = Some((distance, coord));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn points_lie_on_their_geometry() {
        for (text, expected) in [
            ("POLYGON((0 0,10 0,10 10,0 10,0 0))", "POINT(5 5)"),
            ("POLYGON((0 0,10 0,10 10,0 10,0 0),(1 1,9 1,9 9,1 9,1 1))", "POINT(0.5 5)"),
            ("LINESTRING(0 0,5 1,10 0)", "POINT(5 1)"),
            ("LINESTRING(0 0,10 0)", "POINT(0 0)"),
            ("MULTIPOINT((0 0),(4 4),(9 9))", "POINT(4 4)"),
            ("POLYGON EMPTY", "POINT EMPTY"),
            ("GEOMETRYCOLLECTION(POLYGON((1 1,1 1,1 1,1 1)),LINESTRING(2 2,3 3))", "POINT(1 1)"),
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            let point = point_on_surface(Geometry::try_new(&wkb).unwrap());
            assert_eq!(wkt::format(Geometry::try_new(&point).unwrap(), 15), expected, "{text}");
        }
    }
}
