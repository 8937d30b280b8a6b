//! The rectangle of the smallest area around a geometry, in any direction.

use super::hull;
use crate::planar::{Shape, Xy, distance_squared};
use crate::{Coord, Dimension, Geometry, Kind, write};

/// Returns the rectangle of the smallest area that contains a geometry; a line or point when all
/// vertices lie on one, and an empty polygon when there are none.
pub fn oriented_envelope(geometry: Geometry<'_>) -> Vec<u8> {
    let shape = Shape::new(geometry);
    let mut corners = hull(shape.coords.into_iter().chain(shape.points).collect());
    let coord = |[x, y]: Xy| Coord::xy(x, y);
    match corners.as_slice() {
        [] => write::empty(Kind::Polygon, Dimension::Xy),
        [[x, y]] => write::point_xy(*x, *y),
        [start, end] => write::line_string([*start, *end].map(coord), Dimension::Xy),
        _ => {
            corners.reverse();
            let order = |a: &Xy, b: &Xy| a[1].total_cmp(&b[1]).then(a[0].total_cmp(&b[0]));
            let lowest = (0..corners.len()).min_by(|a, b| order(&corners[*a], &corners[*b]));
            corners.rotate_left(lowest.unwrap_or(0));
            let [a, b, c, d] = smallest(&corners);
            write::polygon([[a, b, c, d, a].map(coord)], Dimension::Xy)
        }
    }
}

/// Returns the corners of the smallest rectangle around a clockwise convex ring.
///
/// One side of it lies on an edge. While the edge goes around, so do the corners that are farthest
/// ahead, across and behind.
fn smallest(corners: &[Xy]) -> [Xy; 4] {
    let at = |index: usize| corners.get(index % corners.len()).copied().unwrap_or_default();
    let mut best: Option<(f64, [Xy; 4])> = None;
    let (mut ahead, mut across, mut behind) = (0, 0, 0);
    for index in 0..corners.len() {
        let (start, end) = (at(index), at(index + 1));
        let edge = [end[0] - start[0], end[1] - start[1]];
        let along = |to: usize| {
            let to = at(to);
            (to[0] - start[0]) * edge[0] + (to[1] - start[1]) * edge[1]
        };
        let beside = |to: usize| {
            let to = at(to);
            (to[0] - start[0]) * edge[1] - (to[1] - start[1]) * edge[0]
        };
        let climb = |from: usize, height: &dyn Fn(usize) -> f64| {
            let mut top = from;
            while top < from + corners.len() && height(top + 1) > height(top) {
                top += 1;
            }
            top
        };
        ahead = climb(ahead.max(index + 1), &along);
        across = climb(across.max(ahead), &beside);
        behind = climb(behind.max(across), &|to| -along(to));
        // Triangles have several rectangles of the same area; the way it is computed decides.
        let upright = upright([start, end], at(across));
        let width = distance_to_line(at(ahead), upright) + distance_to_line(at(behind), upright);
        let area = distance_squared(upright[0], upright[1]).sqrt() * width;
        if best.is_none_or(|(least, _)| area < least) {
            let length = edge[0] * edge[0] + edge[1] * edge[1];
            let corner = |along: f64, beside: f64| {
                [
                    start[0] + (along * edge[0] + beside * edge[1]) / length,
                    start[1] + (along * edge[1] - beside * edge[0]) / length,
                ]
            };
            let (low, high, far) = (along(behind), along(ahead), beside(across));
            let rectangle =
                [corner(low, 0.0), corner(high, 0.0), corner(high, far), corner(low, far)];
            best = Some((area, rectangle));
        }
    }
    best.map_or([at(0); 4], |(_, rectangle)| rectangle)
}

/// Returns the line from the foot of a position on the line through an edge to the position.
fn upright([start, end]: [Xy; 2], at: Xy) -> [Xy; 2] {
    let (dx, dy) = (end[0] - start[0], end[1] - start[1]);
    let share = ((at[0] - start[0]) * dx + (at[1] - start[1]) * dy) / (dx * dx + dy * dy);
    [[start[0] + share * dx, start[1] + share * dy], at]
}

fn distance_to_line(at: Xy, [start, end]: [Xy; 2]) -> f64 {
    let (dx, dy) = (end[0] - start[0], end[1] - start[1]);
    let length = dx * dx + dy * dy;
    let share = ((start[1] - at[1]) * dx - (start[0] - at[0]) * dy) / length;
    share.abs() * length.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn rectangles_turn_with_their_geometry() {
        for (text, expected) in [
            ("POLYGON((0 0,2 0,2 1,0 1,0 0))", "POLYGON((0 0,0 1,2 1,2 0,0 0))"),
            ("POLYGON((1 0,3 2,2 3,0 1,1 0))", "POLYGON((1 0,0 1,2 3,3 2,1 0))"),
            ("MULTIPOINT((0 0),(2 2),(1 1))", "LINESTRING(0 0,2 2)"),
            ("MULTIPOINT((1 1),(1 1))", "POINT(1 1)"),
            ("LINESTRING EMPTY", "POLYGON EMPTY"),
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            let rectangle = oriented_envelope(Geometry::try_new(&wkb).unwrap());
            let text_found = wkt::format(Geometry::try_new(&rectangle).unwrap(), 15);
            assert_eq!(text_found, expected, "{text}");
        }
    }
}
