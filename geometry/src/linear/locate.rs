//! Where on a line the closest position to a point lies.

use super::{distance, interpolate, length};
use crate::planar::{Xy, closest_on_segment, perpendicular_squared};
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
    for (index, (from, to)) in line.iter().zip(line.iter().skip(1)).enumerate() {
        let edge = [xy(from), xy(to)];
        let closest = closest_on_segment(xy(point), edge);
        let distance = perpendicular_squared(xy(point), closest, edge);
        if best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, index));
        }
        if distance == 0.0 {
            break;
        }
    }
    let Some((_, index)) = best else { return Some(Located { fraction: 0.0, coord: first }) };
    let (from, to) = (line.coord(index), line.coord(index + 1));
    let coord = closest_coord(point, from, to);
    let is_end = index + 2 == line.len() && coord.x == to.x && coord.y == to.y;
    if is_end {
        return Some(Located { fraction: 1.0, coord });
    }
    let total = length(line);
    if total == 0.0 {
        return Some(Located { fraction: 0.0, coord });
    }
    let edges = line.iter().zip(line.iter().skip(1)).take(index);
    let before: f64 = edges.map(|(from, to)| distance(from, to)).sum();
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
