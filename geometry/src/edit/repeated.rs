//! Vertices that lie too close to the one before.

use super::paths::{Empties, edit_paths, is_same};
use crate::{Coord, Geometry, Kind, write};

/// Returns the geometry without vertices that are within a distance of the last one kept; with a
/// distance of 0, without those that are the same in every ordinate.
///
/// Lines keep two vertices and rings four, and paths of arcs stay as they are. A multipoint keeps one
/// of the points within the distance of each other, and has its points in the order of X and Y.
pub fn remove_repeated_points(geometry: Geometry<'_>, tolerance: f64) -> Vec<u8> {
    match geometry.kind() {
        Kind::MultiPoint => distinct_points(geometry, tolerance),
        Kind::GeometryCollection => {
            let mut parts = Vec::with_capacity(geometry.part_count());
            for part in geometry.parts().filter(|part| !part.is_empty()) {
                parts.push(remove_repeated_points(part, tolerance));
            }
            write::collection(Kind::GeometryCollection, geometry.dimension(), &parts)
        }
        _ => edit_paths(geometry, geometry.dimension(), Empties::Dropped, &mut |kind, coords| {
            let least = match kind {
                Kind::CircularString => return coords,
                Kind::Point => 1,
                Kind::LineString => 2,
                _ => 4,
            };
            distinct(coords, tolerance, least)
        }),
    }
}

fn distinct(coords: Vec<Coord>, tolerance: f64, least: usize) -> Vec<Coord> {
    let count = coords.len();
    if count <= least {
        return coords;
    }
    let mut kept: Vec<Coord> = Vec::with_capacity(count);
    for (index, coord) in coords.into_iter().enumerate() {
        let is_last = index + 1 == count;
        let is_spare = count + kept.len() > least + index;
        let repeats = is_spare && kept.last().is_some_and(|last| repeats(*last, coord, tolerance));
        if repeats && (!is_last || tolerance <= 0.0) {
            continue;
        }
        // The end of a path stays, so it takes the place of the vertex before.
        if repeats && kept.len() > 1 {
            kept.pop();
        }
        kept.push(coord);
    }
    kept
}

fn repeats(last: Coord, coord: Coord, tolerance: f64) -> bool {
    if tolerance > 0.0 {
        return square_of_distance(last, coord) <= tolerance * tolerance;
    }
    is_same(last, coord)
}

fn distinct_points(geometry: Geometry<'_>, tolerance: f64) -> Vec<u8> {
    let mut coords: Vec<Coord> = geometry.parts().filter_map(Geometry::point).collect();
    let limit = tolerance.max(0.0);
    coords.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut coords = without_neighbours(&coords, limit, |coord| coord.y);
    coords.sort_by(|a, b| a.x.total_cmp(&b.x));
    let coords = without_neighbours(&coords, limit, |coord| coord.x);
    let points: Vec<Vec<u8>> =
        coords.iter().map(|coord| write::point(*coord, geometry.dimension())).collect();
    write::collection(Kind::MultiPoint, geometry.dimension(), &points)
}

/// Returns the coordinates that no earlier one kept is within a distance of; they are sorted
/// along an axis.
fn without_neighbours(coords: &[Coord], limit: f64, along: fn(&Coord) -> f64) -> Vec<Coord> {
    let mut is_kept = vec![true; coords.len()];
    for (index, coord) in coords.iter().enumerate() {
        if !is_kept[index] {
            continue;
        }
        for (later, other) in coords.iter().enumerate().skip(index + 1) {
            if along(other) - along(coord) > limit {
                break;
            }
            if square_of_distance(*coord, *other) <= limit * limit {
                is_kept[later] = false;
            }
        }
    }
    coords.iter().zip(is_kept).filter(|(_, is_kept)| *is_kept).map(|(coord, _)| *coord).collect()
}

fn square_of_distance(a: Coord, b: Coord) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    dx * dx + dy * dy
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn neighbours_vanish() {
        for (text, tolerance, expected) in [
            ("LINESTRING(0 0,0 0,1 1,1 1,2 2)", 0.0, "LINESTRING(0 0,1 1,2 2)"),
            ("LINESTRING(0 0,0 0,0 0)", 0.0, "LINESTRING(0 0,0 0)"),
            ("LINESTRING(0 0,3 0,6 0,7 0)", 2.0, "LINESTRING(0 0,3 0,7 0)"),
            ("LINESTRING Z (0 0 1,0 0 2,1 1 3)", 0.0, "LINESTRING Z (0 0 1,0 0 2,1 1 3)"),
            (
                "POLYGON((0 0,1 0,1 1,0 1,0 0),(0.1 0.1,0.2 0.1,0.2 0.2,0.1 0.1))",
                9.0,
                "POLYGON((0 0,1 1,0 1,0 0),(0.1 0.1,0.2 0.1,0.2 0.2,0.1 0.1))",
            ),
            ("MULTIPOINT((4 4),(1 1),EMPTY,(4 4),(1 2))", 0.0, "MULTIPOINT((1 1),(1 2),(4 4))"),
            ("GEOMETRYCOLLECTION(POINT EMPTY,POINT(1 1))", 0.0, "GEOMETRYCOLLECTION(POINT(1 1))"),
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            let result = remove_repeated_points(Geometry::try_new(&wkb).unwrap(), tolerance);
            assert_eq!(wkt::format(Geometry::try_new(&result).unwrap(), 15), expected, "{text}");
        }
    }
}
