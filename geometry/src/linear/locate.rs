//! Where on a line the closest position to a point lies.

use super::{distance, distance_xy, interpolate};
use crate::planar::{Xy, closest_on_segment, may_be_nearer, perpendicular_squared};
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
    let mut best: Option<(f64, usize)> = None;
    let point_xy = xy(point);
    let mut previous: Option<Xy> = None;
    let mut index = 0;
    line.for_each_xy(|x, y| {
        let next = [x, y];
        if let Some(previous) = previous.replace(next) {
            let edge = [previous, next];
            if best.is_none_or(|(least, _)| may_be_nearer(point_xy, edge, least)) {
                let closest = closest_on_segment(point_xy, edge);
                let distance = perpendicular_squared(point_xy, closest, edge);
                if best.is_none_or(|(least, _)| distance < least) {
                    best = Some((distance, index));
                }
            }
            index += 1;
        }
    });
    let Some((_, index)) = best else { return Some(Located { fraction: 0.0, coord: first }) };
    let (from, to) = (line.coord(index), line.coord(index + 1));
    let coord = closest_coord(point, from, to);
    let is_end = index + 2 == line.len() && coord.x == to.x && coord.y == to.y;
    if is_end {
        return Some(Located { fraction: 1.0, coord });
    }
    let (mut total, mut before) = (0.0, 0.0);
    let mut previous: Option<Xy> = None;
    let mut edge = 0;
    line.for_each_xy(|x, y| {
        if let Some(previous) = previous.replace([x, y]) {
            before = if edge == index { total } else { before };
            total += distance_xy(previous, [x, y]);
            edge += 1;
        }
    });
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
