//! The closest positions of two geographies.

use super::sphere::{self, Closest, Located};
use super::{Figure, between};
use crate::{Coord, Dimension, Geometry, write};

/// Returns the smallest distance as `PostGIS` gives it for geographies: without what is smaller
/// than ten nanometres.
pub fn distance_rounded(a: Geometry<'_>, b: Geometry<'_>, figure: Figure) -> Option<f64> {
    super::distance(a, b, figure).map(|distance| (distance * 1e8).round() / 1e8)
}

/// Returns the point of the first geometry that is closest to the second; nothing when one of
/// them is empty.
pub fn closest_point(a: Geometry<'_>, b: Geometry<'_>) -> Option<Vec<u8>> {
    let [[x, y], _] = closest_positions(a, b)?;
    Some(write::point_xy(x, y))
}

/// Returns the shortest line from the first geometry to the second; nothing when one of them is
/// empty.
pub fn shortest_line(a: Geometry<'_>, b: Geometry<'_>) -> Option<Vec<u8>> {
    let ends = closest_positions(a, b)?;
    Some(write::line_string(ends.map(|[x, y]| Coord::xy(x, y)), Dimension::Xy))
}

fn closest_positions(a: Geometry<'_>, b: Geometry<'_>) -> Option<[[f64; 2]; 2]> {
    let (first, second) = (Located::new(a)?, Located::new(b)?);
    let ends = match sphere::closest(&first, &second)? {
        Closest::Meeting(at) => [at, at],
        Closest::Apart(ends) => ends,
    };
    Some([at_vertex(a, ends[0]), at_vertex(b, ends[1])])
}

/// Returns the vertex at a position, whose ordinates have lost nothing, else the position.
fn at_vertex(geometry: Geometry<'_>, at: [f64; 2]) -> [f64; 2] {
    let mut found = at;
    geometry.sequences(&mut |_, sequence| {
        sequence.for_each_xy(|x, y| {
            if (x - at[0]).abs() < 1e-12 && (y - at[1]).abs() < 1e-12 {
                found = [x, y];
            }
        });
    });
    found
}

/// Returns the length of the lines of a geography: of a collection also the rings of its
/// polygons, of polygons alone nothing. Heights add to it.
pub fn length(geometry: Geometry<'_>, figure: Figure) -> f64 {
    use crate::Kind::{MultiPolygon, Polygon};
    match geometry.kind() {
        Polygon | MultiPolygon => 0.0,
        _ => path_length(geometry, figure),
    }
}

/// Returns the length of the rings of a geography: of a collection also that of its lines, of
/// points and lines alone nothing. Heights add to it.
pub fn perimeter(geometry: Geometry<'_>, figure: Figure) -> f64 {
    use crate::Kind::{GeometryCollection, MultiPolygon, Polygon};
    match geometry.kind() {
        Polygon | MultiPolygon | GeometryCollection => path_length(geometry, figure),
        _ => 0.0,
    }
}

fn path_length(geometry: Geometry<'_>, figure: Figure) -> f64 {
    let has_heights = geometry.dimension().has_z();
    let mut sum = 0.0;
    geometry.sequences(&mut |_, sequence| {
        let mut previous: Option<Coord> = None;
        for at in sequence {
            if let Some(from) = previous {
                let flat = between([from.x, from.y], [at.x, at.y], figure).unwrap_or(f64::NAN);
                sum += if has_heights { flat.hypot(at.z - from.z) } else { flat };
            }
            previous = Some(at);
        }
    });
    sum
}
