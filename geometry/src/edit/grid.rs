//! Coordinates moved to the nodes of a grid.

use super::paths::{Empties, edit_paths, is_same};
use crate::{Coord, Dimension, Geometry, Kind, map_coords, to_iso};

/// A grid: a node of it, and the distance of nodes along each axis; along an axis whose size is
/// absent or not above 0, ordinates stay as they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// One of the nodes; an absent ordinate is 0.
    pub origin: Coord,
    /// The distance of nodes along each axis.
    pub size: Coord,
}

impl Grid {
    fn is_meaningless(&self) -> bool {
        let Coord { x, y, z, m } = self.size;
        [x, y, z, m].into_iter().all(|size| size == 0.0 || size.is_nan())
    }

    fn snap(&self, coord: Coord, dimension: Dimension) -> Coord {
        let origin = |value: f64| if value.is_nan() { 0.0 } else { value };
        let mut snapped = coord;
        snapped.x = snap(coord.x, self.origin.x, self.size.x);
        snapped.y = snap(coord.y, self.origin.y, self.size.y);
        if dimension.has_z() {
            snapped.z = snap(coord.z, origin(self.origin.z), self.size.z);
        }
        if dimension.has_m() {
            snapped.m = snap(coord.m, origin(self.origin.m), self.size.m);
        }
        snapped
    }
}

/// Returns the geometry with its coordinates on the nodes of a grid.
///
/// Coordinates that come to repeat the one before are left out, and so are lines and rings that
/// collapse. Rings may come to cross.
pub fn snap_to_grid(geometry: Geometry<'_>, grid: &Grid) -> Vec<u8> {
    if geometry.is_empty() || grid.is_meaningless() {
        return to_iso(geometry).into_owned();
    }
    let dimension = geometry.dimension();
    if geometry.kind() == Kind::Point {
        return map_coords(geometry, |coord| grid.snap(coord, dimension));
    }
    edit_paths(geometry, dimension, Empties::Dropped, &mut |kind, mut coords| {
        for coord in &mut coords {
            *coord = grid.snap(*coord, dimension);
        }
        // Every second position of a path of arcs lies in the middle of one.
        if kind == Kind::CircularString {
            return coords;
        }
        coords.dedup_by(|a, b| is_same(*a, *b));
        let least = match kind {
            Kind::Point => 1,
            Kind::LineString => 2,
            _ => 4,
        };
        if coords.len() < least {
            coords.clear();
        }
        coords
    })
}

/// Returns the closest multiple of a size, seen from an origin; halves go to the even one.
fn snap(value: f64, origin: f64, size: f64) -> f64 {
    if size.is_nan() || size <= 0.0 {
        return value;
    }
    // Sizes such as 0.1 are inexact, but their inverses are not, and give shorter decimals.
    if size < 1.0 {
        let scale = whole(1.0 / size);
        return ((value - origin) * scale).round_ties_even() / scale + origin;
    }
    let size = whole(size);
    ((value - origin) / size).round_ties_even() * size + origin
}

/// Returns the whole number that a value is within a millionth of, else the value.
pub(super) fn whole(value: f64) -> f64 {
    let rounded = value.round_ties_even();
    if (value - rounded).abs() < 1e-6 { rounded } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn what_collapses_is_left_out() {
        let grid = Grid { origin: Coord::xy(0.0, 0.0), size: Coord::xy(1.0, 1.0) };
        for (text, expected) in [
            ("LINESTRING(0 0,0.2 0.1,1.6 1.4)", "LINESTRING(0 0,2 1)"),
            ("LINESTRING(0 0,0.2 0.1)", "LINESTRING EMPTY"),
            ("MULTILINESTRING((0 0,0.2 0.1),(0 0,3 3))", "MULTILINESTRING((0 0,3 3))"),
            ("POLYGON((0 0,9 0,9 9,0 0),(1 1,1.1 1,1.1 1.1,1 1))", "POLYGON((0 0,9 0,9 9,0 0))"),
            ("POLYGON((0 0,0.1 0,0.1 0.1,0 0))", "POLYGON EMPTY"),
            ("MULTIPOINT((0.4 0.4),(0.1 0.1),EMPTY)", "MULTIPOINT((0 0),(0 0))"),
            ("POINT Z (0.5 1.5 2.5)", "POINT Z (0 2 2.5)"),
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            let snapped = snap_to_grid(Geometry::try_new(&wkb).unwrap(), &grid);
            assert_eq!(wkt::format(Geometry::try_new(&snapped).unwrap(), 15), expected, "{text}");
        }
    }

    #[test]
    fn decimal_grids_give_short_decimals() {
        assert_eq!(snap(0.31, 0.0, 0.1), 0.3);
        assert_eq!(snap(9.8766, 0.0, 0.001), 9.877);
        assert_eq!(snap(7.0, 1.0, 4.0), 9.0);
        assert_eq!(snap(7.3, 0.0, 0.0), 7.3);
    }
}
