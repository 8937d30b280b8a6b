//! Polygons with fewer vertices that contain, or are contained in, the polygons given.
//!
//! Corners that point inward are cut off, or those that point outward for a hull inside, those of
//! the smallest area first.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use crate::interrupt::is_over;
use crate::planar::{Xy, orient, signed_area};
use crate::{Bounds, Coord, Geometry, GeometryError, Kind, Sequence, WkbWriter, to_iso};

/// Vertices in a leaf of the index, and children of a node.
const FANOUT: usize = 16;

/// Returns polygons with about a part of the vertices that contain the polygons given, or that
/// are contained in them for a hull that is not outer.
pub fn simplify_polygon_hull(
    geometry: Geometry<'_>,
    part: f64,
    is_outer: bool,
) -> Result<Vec<u8>, GeometryError> {
    if !matches!(geometry.kind(), Kind::Polygon | Kind::MultiPolygon) {
        let reason = format!(
            "a polygon hull is drawn around polygons, not around a {}",
            geometry.kind().pg_name()
        );
        return Err(GeometryError::InvalidArgument { reason });
    }
    if part.is_nan() {
        let reason = "the part of the vertices must be a number, not NaN".to_owned();
        return Err(GeometryError::InvalidArgument { reason });
    }
    let part = part.clamp(0.0, 1.0);
    let mut is_finite = true;
    geometry.coords(|coord| is_finite &= coord.x.is_finite() && coord.y.is_finite());
    if part == 1.0 || geometry.is_empty() || !is_finite {
        return Ok(to_iso(geometry).into_owned());
    }
    let mut writer = WkbWriter::with_capacity(geometry.dimension(), geometry.bytes().len());
    if geometry.kind() == Kind::Polygon {
        let hulls = hulls(geometry, part, is_outer);
        write(&mut writer, simplified(hulls, !is_outer));
        return Ok(writer.into_bytes());
    }
    writer.begin(Kind::MultiPolygon);
    if is_outer {
        // Outer hulls of several polygons could come to overlap each other.
        let counts: Vec<usize> = geometry.parts().map(|part| part.rings().len()).collect();
        let all = geometry.parts().flat_map(|polygon| hulls(polygon, part, true)).collect();
        let mut rings = simplified(all, true).into_iter();
        for count in counts {
            write(&mut writer, rings.by_ref().take(count));
        }
    } else {
        for polygon in geometry.parts() {
            write(&mut writer, simplified(hulls(polygon, part, false), true));
        }
    }
    writer.end();
    Ok(writer.into_bytes())
}

fn write(writer: &mut WkbWriter, rings: impl IntoIterator<Item = Vec<Coord>>) {
    writer.begin(Kind::Polygon);
    for ring in rings {
        writer.ring(ring);
    }
    writer.end();
}

fn hulls(polygon: Geometry<'_>, part: f64, is_outer: bool) -> Vec<RingHull> {
    let rings = polygon.rings().enumerate();
    rings.map(|(index, ring)| RingHull::new(ring, part, (index == 0) == is_outer)).collect()
}

/// Returns the simplified rings, closed; when they may overlap, none comes to meet another.
fn simplified(mut hulls: Vec<RingHull>, may_overlap: bool) -> Vec<Vec<Coord>> {
    for index in 0..hulls.len() {
        while let Some(corner) = hulls.get_mut(index).and_then(RingHull::next_corner) {
            let is_free = hulls.iter().enumerate().all(|(other, hull)| {
                let own = (other == index).then_some(&corner);
                (other != index && !may_overlap) || !hull.has_vertex_in(&corner, own)
            });
            if let (true, Some(hull)) = (is_free, hulls.get_mut(index)) {
                hull.remove(&corner);
            }
        }
    }
    hulls.into_iter().map(RingHull::into_ring).collect()
}

/// A vertex that may go, with its neighbours at the time.
struct Corner {
    area: f64,
    index: usize,
    before: usize,
    after: usize,
    positions: [Xy; 3],
}

/// A ring as a linked list of vertices.
struct RingHull {
    /// Clockwise for an outer hull, anticlockwise for an inner one, and not closed.
    coords: Vec<Coord>,
    before: Vec<usize>,
    after: Vec<usize>,
    is_gone: Vec<bool>,
    count: usize,
    /// The number of vertices below which nothing more is cut off.
    target: usize,
    queue: BinaryHeap<Reverse<Corner>>,
    /// The boxes of runs of vertices, then of every level above.
    levels: Vec<Vec<Bounds>>,
}

impl RingHull {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the part is between 0 and 1, so the target is at most the number of vertices"
    )]
    fn new(ring: Sequence<'_>, part: f64, is_outer: bool) -> Self {
        let mut coords: Vec<Coord> = ring.iter().collect();
        let positions: Vec<Xy> = coords.iter().map(|coord| [coord.x, coord.y]).collect();
        if (signed_area(&positions) > 0.0) == is_outer {
            coords.reverse();
        }
        if coords.len() > 1 {
            coords.pop();
        }
        let count = coords.len();
        let mut hull = Self {
            before: (0..count).map(|index| (index + count - 1) % count).collect(),
            after: (0..count).map(|index| (index + 1) % count).collect(),
            is_gone: vec![false; count],
            count,
            target: (part * count as f64).ceil() as usize,
            queue: BinaryHeap::new(),
            levels: levels(&coords),
            coords,
        };
        for index in 0..count {
            hull.add_corner(index);
        }
        hull
    }

    /// Takes the next corner to cut off, if there is one left.
    fn next_corner(&mut self) -> Option<Corner> {
        while self.count > 3 {
            is_over();
            let Reverse(corner) = self.queue.pop()?;
            let is_current = self.is_gone.get(corner.index) == Some(&false)
                && self.before.get(corner.index) == Some(&corner.before)
                && self.after.get(corner.index) == Some(&corner.after);
            if !is_current {
                continue;
            }
            return (self.count >= self.target).then_some(corner);
        }
        None
    }

    fn remove(&mut self, corner: &Corner) {
        if let Some(after) = self.after.get_mut(corner.before) {
            *after = corner.after;
        }
        if let Some(before) = self.before.get_mut(corner.after) {
            *before = corner.before;
        }
        if let Some(is_gone) = self.is_gone.get_mut(corner.index) {
            *is_gone = true;
        }
        self.count -= 1;
        self.add_corner(corner.before);
        self.add_corner(corner.after);
    }

    /// Puts a vertex into the queue unless it points outward.
    fn add_corner(&mut self, index: usize) {
        let (Some(&before), Some(&after)) = (self.before.get(index), self.after.get(index)) else {
            return;
        };
        let positions = [before, index, after].map(|index| self.position(index));
        let [a, b, c] = positions;
        if orient(a, b, c) < 0 {
            return;
        }
        let area = signed_area(&[a, b, c, a]).abs();
        self.queue.push(Reverse(Corner { area, index, before, after, positions }));
    }

    /// Returns whether a vertex other than the corner's own lies in or on its triangle.
    fn has_vertex_in(&self, corner: &Corner, own: Option<&Corner>) -> bool {
        let mut bounds = Bounds::NOTHING;
        for [x, y] in corner.positions {
            bounds.add(x, y);
        }
        let mut stack = vec![(self.levels.len().saturating_sub(1), 0)];
        while let Some((level, node)) = stack.pop() {
            is_over();
            let known = self.levels.get(level).and_then(|boxes| boxes.get(node));
            if known.is_none_or(|known| !known.intersects(&bounds)) {
                continue;
            }
            let children = node * FANOUT..(node + 1) * FANOUT;
            if let Some(below) = level.checked_sub(1) {
                stack.extend(children.map(|child| (below, child)));
                continue;
            }
            for vertex in children {
                let is_own =
                    own.is_some_and(|own| [own.index, own.before, own.after].contains(&vertex));
                let [x, y] = self.position(vertex);
                if !is_own
                    && self.is_gone.get(vertex) == Some(&false)
                    && bounds.contains_xy(x, y)
                    && is_in_triangle(corner.positions, [x, y])
                {
                    return true;
                }
            }
        }
        false
    }

    fn position(&self, index: usize) -> Xy {
        self.coords.get(index).map_or([f64::NAN; 2], |coord| [coord.x, coord.y])
    }

    fn into_ring(self) -> Vec<Coord> {
        let kept = self.coords.into_iter().zip(self.is_gone).filter(|(_, is_gone)| !is_gone);
        let mut ring: Vec<Coord> = kept.map(|(coord, _)| coord).collect();
        ring.extend(ring.first().copied());
        ring
    }
}

/// Returns the boxes around runs of vertices, up to one box around all.
fn levels(coords: &[Coord]) -> Vec<Vec<Bounds>> {
    let around = |run: &[Coord]| {
        let mut bounds = Bounds::NOTHING;
        for coord in run {
            bounds.add(coord.x, coord.y);
        }
        bounds
    };
    let mut levels: Vec<Vec<Bounds>> = vec![coords.chunks(FANOUT).map(around).collect()];
    while let Some(below) = levels.last().filter(|below| below.len() > 1) {
        let merged = |run: &[Bounds]| run.iter().fold(Bounds::NOTHING, |sum, next| sum.merge(next));
        levels.push(below.chunks(FANOUT).map(merged).collect());
    }
    levels
}

fn is_in_triangle([a, b, c]: [Xy; 3], at: Xy) -> bool {
    let sides = [orient(a, b, at), orient(b, c, at), orient(c, a, at)];
    !(sides.contains(&1) && sides.contains(&-1))
}

impl Ord for Corner {
    fn cmp(&self, other: &Self) -> Ordering {
        self.area.total_cmp(&other.area).then(self.index.cmp(&other.index))
    }
}

impl PartialOrd for Corner {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Corner {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Corner {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn check(text: &str, part: f64, is_outer: bool, expected: &str) {
        let (wkb, _) = wkt::parse(text).unwrap();
        let hull = simplify_polygon_hull(Geometry::try_new(&wkb).unwrap(), part, is_outer).unwrap();
        assert_eq!(wkt::format(Geometry::try_new(&hull).unwrap(), 15), expected, "{text}");
    }

    #[test]
    fn hulls_contain_or_are_contained() {
        let bay = "POLYGON((0 0,0 9,4 9,5 5,6 9,9 9,9 0,0 0))";
        check(bay, 0.0, true, "POLYGON((0 0,0 9,9 9,9 0,0 0))");
        check(bay, 1.0, true, bay);
        check(bay, 0.8, true, "POLYGON((0 0,0 9,6 9,9 9,9 0,0 0))");
        check(
            "MULTIPOLYGON(((0 0,0 9,4 9,5 5,6 9,9 9,9 0,0 0)),((5 7,5 8,5.1 8,5 7)))",
            0.0,
            true,
            "MULTIPOLYGON(((0 0,0 9,4 9,5 5,6 9,9 9,9 0,0 0)),((5 7,5 8,5.1 8,5 7)))",
        );
        check("POLYGON EMPTY", 0.5, true, "POLYGON EMPTY");
    }

    #[test]
    fn only_polygons_have_hulls() {
        let (wkb, _) = wkt::parse("LINESTRING(0 0,1 1)").unwrap();
        assert!(simplify_polygon_hull(Geometry::try_new(&wkb).unwrap(), 0.5, true).is_err());
    }
}
