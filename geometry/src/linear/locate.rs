//! Where on a line the closest position to a point lies.

use super::{distance, distance_xy, interpolate};
use crate::planar::{Xy, segment_distance_squared};
use crate::{Coord, Sequence};

/// The position of a line that is closest to a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Located {
    /// The fraction of the length of the line before it.
    pub fraction: f64,
    /// The coordinate, with height and measure.
    pub coord: Coord,
}

/// Returns the position of a line that is closest to a point in the plane, the first of several;
/// nothing when the line has no coordinates.
pub fn locate_point(line: Sequence<'_>, point: Coord) -> Option<Located> {
    let first = line.first()?;
    if line.len() == 1 {
        return Some(Located { fraction: 0.0, coord: first });
    }
    let point_xy = xy(point);
    let (mut nearest, mut index, mut before) = (f64::INFINITY, 0_usize, 0.0);
    let (mut edge, mut total) = (0_usize, 0.0);
    let mut previous = xy(first);
    line.for_each_xy(|x, y| {
        // The first position is an edge of no length, which the first edge is no further than.
        let squared = segment_distance_squared(point_xy, [previous, [x, y]]);
        if squared < nearest {
            (nearest, index, before) = (squared, edge, total);
        }
        total += distance_xy(previous, [x, y]);
        previous = [x, y];
        edge += 1;
    });
    let index = index.saturating_sub(1);
    let (from, to) = (line.coord(index), line.coord(index + 1));
    let coord = closest_coord(point, from, to);
    let is_end = index + 2 == line.len() && coord.x == to.x && coord.y == to.y;
    if is_end {
        return Some(Located { fraction: 1.0, coord });
    }
    if total == 0.0 {
        return Some(Located { fraction: 0.0, coord });
    }
    let fraction = (before + distance(from, coord)) / total;
    Some(Located { fraction: fraction.clamp(0.0, 1.0), coord })
}

/// Returns the coordinate of an edge that is closest to a point, in all ordinates.
fn closest_coord(point: Coord, from: Coord, to: Coord) -> Coord {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let square = dx * dx + dy * dy;
    if square == 0.0 {
        return from;
    }
    let part = ((point.x - from.x) * dx + (point.y - from.y) * dy) / square;
    if part <= 0.0 {
        from
    } else if part >= 1.0 {
        to
    } else {
        interpolate(from, to, part)
    }
}

fn xy(coord: Coord) -> Xy {
    [coord.x, coord.y]
}
