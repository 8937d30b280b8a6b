//! The form in which equal geometries look alike.

use std::cmp::Ordering;

use crate::bounds::xy_of;
use crate::planar::{Xy, orient};
use crate::{Coord, Dimension, Geometry, Kind, WkbWriter, write};

/// Appends the geometry in a form that does not depend on how it was drawn: rings and closed
/// lines start at their lowest position and exterior rings run clockwise, open lines start at the
/// lower end, and members and holes are in descending order. Measures are lost.
pub fn append_normalized(bytes: &mut Vec<u8>, geometry: Geometry<'_>) {
    if !append_normalized_ring(bytes, geometry) {
        bytes.extend_from_slice(&normalize(geometry));
    }
}

/// Appends the normal form of a polygon of one ring, or returns that it is something else.
fn append_normalized_ring(bytes: &mut Vec<u8>, geometry: Geometry<'_>) -> bool {
    let mut rings = geometry.rings();
    let (Some(ring), None) = (rings.next(), rings.next()) else { return false };
    let Some([open @ .., last]) = ring.xy_records() else { return false };
    let ([first, ..], 4..) = (open, ring.len()) else { return false };
    let mut lowest = 0;
    let mut low = xy_of(*first);
    let mut has_nan = false;
    for (index, record) in open.iter().enumerate() {
        let at = xy_of(*record);
        has_nan |= at[0].is_nan() || at[1].is_nan();
        if at[0] < low[0] || (at[0] == low[0] && at[1] < low[1]) {
            (lowest, low) = (index, at);
        }
    }
    if has_nan || xy_of(*last).iter().any(|ordinate| ordinate.is_nan()) {
        return false;
    }
    let (after, before) = (&open[lowest..], &open[..lowest]);
    let position = |index: usize| {
        let record = after.get(index).or_else(|| before.get(index.wrapping_sub(after.len())));
        record.map_or(low, |record| xy_of(*record))
    };
    write::append_header(bytes, Kind::Polygon, Dimension::Xy, 1);
    bytes.extend_from_slice(&u32::try_from(ring.len()).unwrap_or(u32::MAX).to_le_bytes());
    let start = bytes.len();
    for run in [after, before, &after[..1]] {
        bytes.extend_from_slice(run.as_flattened());
    }
    if is_anticlockwise(ring.len(), position) {
        bytes.get_mut(start..).unwrap_or_default().as_chunks_mut::<16>().0.reverse();
    }
    true
}

fn normalize(geometry: Geometry<'_>) -> Vec<u8> {
    let mut shape = Normal::new(geometry);
    shape.normalize();
    let dimension = Dimension::new(geometry.dimension().has_z(), false);
    let mut writer = WkbWriter::with_capacity(dimension, geometry.bytes().len());
    shape.write(&mut writer);
    writer.into_bytes()
}

/// A geometry whose parts can be put in order.
enum Normal {
    Point(Option<Coord>),
    Line(Vec<Coord>),
    Polygon(Vec<Vec<Coord>>),
    Collection(Kind, Vec<Normal>),
}

impl Normal {
    fn new(geometry: Geometry<'_>) -> Self {
        match geometry.kind() {
            Kind::Point => Self::Point(geometry.point()),
            Kind::LineString => Self::Line(geometry.line().into_iter().flatten().collect()),
            Kind::Polygon => {
                let rings = geometry.rings().filter(|ring| !ring.is_empty());
                Self::Polygon(rings.map(|ring| ring.iter().collect()).collect())
            }
            kind => Self::Collection(kind, geometry.parts().map(Self::new).collect()),
        }
    }

    fn normalize(&mut self) {
        match self {
            Self::Point(_) => {}
            Self::Line(coords) => normalize_line(coords),
            Self::Polygon(rings) => {
                for (index, ring) in rings.iter_mut().enumerate() {
                    normalize_ring(ring, index == 0);
                }
                if let Some((_, holes)) = rings.split_first_mut() {
                    holes.sort_by(|a, b| compare_paths(b, a));
                }
            }
            Self::Collection(_, members) => {
                for member in members.iter_mut() {
                    member.normalize();
                }
                members.sort_by(|a, b| b.compare(a));
            }
        }
    }

    /// Returns the order of two geometries: by kind, then by their positions.
    fn compare(&self, other: &Self) -> Ordering {
        self.rank()
            .cmp(&other.rank())
            .then_with(|| other.is_empty().cmp(&self.is_empty()))
            .then_with(|| match (self, other) {
                (Self::Point(Some(a)), Self::Point(Some(b))) => compare_coords(a, b),
                (Self::Line(a), Self::Line(b)) => compare_paths(a, b),
                (Self::Polygon(a), Self::Polygon(b)) => compare_polygons(a, b),
                (Self::Collection(_, a), Self::Collection(_, b)) => compare_members(a, b),
                _ => Ordering::Equal,
            })
    }

    /// Returns the place of the kind among the kinds.
    fn rank(&self) -> u8 {
        match self {
            Self::Point(_) => 0,
            Self::Collection(Kind::MultiPoint, _) => 1,
            Self::Line(_) => 2,
            Self::Collection(Kind::MultiLineString, _) => 3,
            Self::Polygon(_) => 4,
            Self::Collection(Kind::MultiPolygon, _) => 5,
            Self::Collection(..) => 6,
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Point(coord) => coord.is_none(),
            Self::Line(coords) => coords.is_empty(),
            Self::Polygon(rings) => rings.is_empty(),
            Self::Collection(_, members) => members.iter().all(Self::is_empty),
        }
    }

    fn write(&self, writer: &mut WkbWriter) {
        match self {
            Self::Point(coord) => writer.point(coord.unwrap_or(Coord::NAN)),
            Self::Line(coords) => writer.line(coords.iter().copied()),
            Self::Polygon(rings) => {
                writer.begin(Kind::Polygon);
                for ring in rings {
                    writer.ring(ring.iter().copied());
                }
                writer.end();
            }
            Self::Collection(kind, members) => {
                writer.begin(*kind);
                for member in members {
                    member.write(writer);
                }
                writer.end();
            }
        }
    }
}

fn normalize_line(coords: &mut [Coord]) {
    if let [first, .., last] = coords
        && compare_coords(first, last).is_eq()
    {
        normalize_ring(coords, true);
        return;
    }
    let pairs = coords.iter().zip(coords.iter().rev()).take(coords.len() / 2);
    let order = pairs.map(|(a, b)| compare_coords(a, b)).find(|order| order.is_ne());
    if order == Some(Ordering::Greater) {
        coords.reverse();
    }
}

/// Makes a closed path start at its lowest position and run in a direction.
fn normalize_ring(ring: &mut [Coord], clockwise: bool) {
    let Some((last, open)) = ring.split_last_mut() else { return };
    let lowest = (0..open.len()).min_by(|a, b| compare_coords(&open[*a], &open[*b]));
    open.rotate_left(lowest.unwrap_or(0));
    if let Some(first) = open.first() {
        *last = *first;
    }
    let position = |index: usize| -> Xy { [ring[index].x, ring[index].y] };
    if ring.len() >= 4 && is_anticlockwise(ring.len(), position) == clockwise {
        ring.reverse();
    }
}

/// Returns whether a closed path runs anticlockwise where it is highest.
fn is_anticlockwise(length: usize, position: impl Fn(usize) -> Xy) -> bool {
    let count = length - 1;
    // The first of the highest vertices that is reached from below.
    let mut top: Option<usize> = None;
    let mut previous = position(0)[1];
    let mut highest = previous;
    for index in 1..=count {
        let [_, y] = position(index);
        if y > previous && highest <= y {
            (top, highest) = (Some(index), y);
        }
        previous = y;
    }
    let Some(rise) = top else { return false };
    let high = position(rise);
    let mut fall = rise % count;
    while position(fall)[1] == high[1] {
        fall = (fall + 1) % count;
        if fall == rise % count {
            return false;
        }
    }
    let before_fall = position((fall + count - 1) % count);
    if before_fall == high {
        let low = position(rise - 1);
        let next = position(fall);
        return low != high && next != high && low != next && orient(low, high, next) > 0;
    }
    // A flat top runs to the left when the ring runs anticlockwise.
    before_fall[0] < high[0]
}

fn compare_polygons(a: &[Vec<Coord>], b: &[Vec<Coord>]) -> Ordering {
    let shells = a.first().zip(b.first());
    shells
        .map_or(Ordering::Equal, |(a, b)| compare_paths(a, b))
        .then(a.len().cmp(&b.len()))
        .then_with(|| {
            let mut holes = a.iter().zip(b).skip(1).map(|(a, b)| compare_paths(a, b));
            holes.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        })
}

fn compare_members(a: &[Normal], b: &[Normal]) -> Ordering {
    let mut members = a.iter().zip(b).map(|(a, b)| a.compare(b));
    members.find(|order| order.is_ne()).unwrap_or_else(|| a.len().cmp(&b.len()))
}

/// Returns the order of two paths: the one with fewer positions first.
fn compare_paths(a: &[Coord], b: &[Coord]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| {
        let mut coords = a.iter().zip(b).map(|(a, b)| compare_coords(a, b));
        coords.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    })
}

fn compare_coords(a: &Coord, b: &Coord) -> Ordering {
    // Adding zero makes a negative zero positive.
    (a.x + 0.0).total_cmp(&(b.x + 0.0)).then((a.y + 0.0).total_cmp(&(b.y + 0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn equal_geometries_look_alike() {
        for (text, expected) in [
            ("LINESTRING(3 3,1 1)", "LINESTRING(1 1,3 3)"),
            ("LINESTRING(1 1,0 5,2 2,1 1)", "LINESTRING(0 5,2 2,1 1,0 5)"),
            ("POLYGON((5 0,5 5,0 5,0 0,5 0))", "POLYGON((0 0,0 5,5 5,5 0,0 0))"),
            ("POLYGON((5 0,0 0,0 5,5 5,5 0))", "POLYGON((0 0,0 5,5 5,5 0,0 0))"),
            (
                "POLYGON((0 0,0 9,9 9,9 0,0 0),(2 1,1 1,1 2,2 1),(7 6,6 6,6 7,7 6))",
                "POLYGON((0 0,0 9,9 9,9 0,0 0),(6 6,7 6,6 7,6 6),(1 1,2 1,1 2,1 1))",
            ),
            ("MULTIPOINT(EMPTY,(1 2),(3 1))", "MULTIPOINT((3 1),(1 2),EMPTY)"),
            (
                "GEOMETRYCOLLECTION ZM (POINT ZM (1 2 3 4),LINESTRING ZM (2 2 1 1,0 0 2 2))",
                "GEOMETRYCOLLECTION Z (LINESTRING Z (0 0 2,2 2 1),POINT Z (1 2 3))",
            ),
            ("POLYGON EMPTY", "POLYGON EMPTY"),
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            let mut normal = Vec::new();
            append_normalized(&mut normal, Geometry::try_new(&wkb).unwrap());
            assert_eq!(wkt::format(Geometry::try_new(&normal).unwrap(), 15), expected, "{text}");
        }
    }
}
