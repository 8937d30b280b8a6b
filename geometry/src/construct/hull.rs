//! The convex hull.

use std::collections::HashMap;

use crate::edit::{Empties, edit_paths};
use crate::planar::{Key, Shape, Xy, key, orient};
use crate::{Coord, Dimension, Geometry, to_iso, write};

/// Fewer positions are sorted as fast as they are looked through.
const WORTH_REDUCING: usize = 32;

/// Returns the smallest convex geometry around a geometry: a polygon, or a line or point when
/// all positions lie on one; an empty geometry as it is. Its corners keep their heights.
pub fn convex_hull(geometry: Geometry<'_>) -> Vec<u8> {
    let shape = Shape::new(geometry);
    let positions: Vec<Xy> = shape.coords.into_iter().chain(shape.points).collect();
    match hull_of_corners(&hull(positions)) {
        Some(hull) => with_heights(hull, geometry),
        None => to_iso(geometry).into_owned(),
    }
}

/// Returns a geometry, whose positions are some of another one's, with the heights they have there.
pub(super) fn with_heights(flat: Vec<u8>, source: Geometry<'_>) -> Vec<u8> {
    let (true, Ok(geometry)) = (source.dimension().has_z(), Geometry::try_new(&flat)) else {
        return flat;
    };
    let mut heights: HashMap<Key, f64> = HashMap::new();
    source.coords(|coord| {
        heights.entry(key([coord.x + 0.0, coord.y + 0.0])).or_insert(coord.z);
    });
    edit_paths(geometry, Dimension::Xyz, Empties::Kept, &mut |_, coords| {
        let height = |coord: &Coord| heights.get(&key([coord.x + 0.0, coord.y + 0.0])).copied();
        let lift = |coord: Coord| Coord { z: height(&coord).unwrap_or(f64::NAN), ..coord };
        coords.into_iter().map(lift).collect()
    })
}

/// Returns the corners of the convex hull of positions, for `hull_of_corners`.
pub fn hull_corners(positions: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    hull(positions)
}

/// Returns the convex geometry with some corners, or nothing when there are none.
pub fn hull_of_corners(corners: &[[f64; 2]]) -> Option<Vec<u8>> {
    let coords =
        |corners: &[Xy]| -> Vec<Coord> { corners.iter().map(|[x, y]| Coord::xy(*x, *y)).collect() };
    Some(match corners {
        [] => return None,
        [[x, y]] => write::point_xy(*x, *y),
        [_, _] => write::line_string(coords(corners), Dimension::Xy),
        _ => {
            // Clockwise from the lowest corner, as other software draws it.
            let mut ring: Vec<Xy> = corners.iter().rev().copied().collect();
            let order = |a: &Xy, b: &Xy| a[1].total_cmp(&b[1]).then(a[0].total_cmp(&b[0]));
            let lowest = (0..ring.len()).min_by(|a, b| order(&ring[*a], &ring[*b]));
            ring.rotate_left(lowest.unwrap_or(0));
            ring.extend(ring.first().copied());
            write::polygon([coords(&ring)], Dimension::Xy)
        }
    })
}

/// Returns the corners of the convex hull, anticlockwise and without collinear ones.
pub(crate) fn hull(mut positions: Vec<Xy>) -> Vec<Xy> {
    if positions.len() >= WORTH_REDUCING {
        drop_inner(&mut positions);
    }
    positions.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    positions.dedup();
    if positions.len() < 3 {
        return positions;
    }
    let mut corners = chain(positions.iter().copied());
    let upper = chain(positions.iter().rev().copied());
    corners.pop();
    corners.extend_from_slice(&upper[..upper.len() - 1]);
    corners
}

/// Drops positions that certainly are no corners: those inside of the octagon of the positions that
/// lie farthest out in eight directions.
fn drop_inner(positions: &mut Vec<Xy>) {
    const DIRECTIONS: [Xy; 8] = [
        [1.0, 0.0],
        [1.0, 1.0],
        [0.0, 1.0],
        [-1.0, 1.0],
        [-1.0, 0.0],
        [-1.0, -1.0],
        [0.0, -1.0],
        [1.0, -1.0],
    ];
    let Some(&start) = positions.first() else { return };
    let mut farthest = [(f64::NEG_INFINITY, start); 8];
    for at in positions.iter() {
        for ((most, corner), [x, y]) in farthest.iter_mut().zip(DIRECTIONS) {
            let along = x * at[0] + y * at[1];
            if along > *most {
                (*most, *corner) = (along, *at);
            }
        }
    }
    let octagon = farthest.map(|(_, corner)| corner);
    let mut sides = [[0.0; 3]; 8];
    for (index, side) in sides.iter_mut().enumerate() {
        let (a, b) = (octagon[index], octagon[(index + 1) % 8]);
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let largest = |axis: usize| octagon.iter().map(|at| at[axis].abs()).fold(0.0, f64::max);
        // What is kept for being too close to a side is told apart by the exact algorithm.
        let slack = (dx.abs() * largest(1) + dy.abs() * largest(0)) * 1e-14;
        *side = [-dy, dx, dx * a[1] - dy * a[0] + slack];
    }
    // A side without length says nothing about the positions to its left.
    let sides: Vec<[f64; 3]> =
        sides.into_iter().filter(|[a, b, _]| *a != 0.0 || *b != 0.0).collect();
    if sides.len() > 2 {
        positions.retain(|at| !sides.iter().all(|[a, b, c]| a * at[0] + b * at[1] > *c));
    }
}

/// Returns the corners of one half of the hull, from the first to the last position.
fn chain(positions: impl Iterator<Item = Xy>) -> Vec<Xy> {
    let mut corners: Vec<Xy> = Vec::new();
    for at in positions {
        while let [.., before, last] = corners.as_slice()
            && orient(*before, *last, at) <= 0
        {
            corners.pop();
        }
        corners.push(at);
    }
    corners
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn hulls_have_the_dimension_of_their_positions() {
        for (text, expected) in [
            ("MULTIPOINT((0 0),(1 1),(2 2))", "LINESTRING(0 0,2 2)"),
            ("MULTIPOINT((1 1),(1 1))", "POINT(1 1)"),
            ("MULTIPOINT EMPTY", "MULTIPOINT EMPTY"),
            (
                "POLYGON((0 0,10 0,10 10,0 10,0 0),(2 2,2 4,4 4,4 2,2 2))",
                "POLYGON((0 0,0 10,10 10,10 0,0 0))",
            ),
            ("LINESTRING(0 0,5 0,5 5,2 1)", "POLYGON((0 0,5 5,5 0,0 0))"),
            ("LINESTRING ZM (0 0 1 9,2 0 2 9,1 0 3 9)", "LINESTRING Z (0 0 1,2 0 2)"),
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            let hull = convex_hull(Geometry::try_new(&wkb).unwrap());
            assert_eq!(wkt::format(Geometry::try_new(&hull).unwrap(), 15), expected);
        }
    }
}
