//! The diagonal of the box around a geometry.

use crate::{Bounds, Coord, Geometry, Kind, write};

/// Returns the line from the smallest ordinates to the largest, in every dimension of the
/// geometry; an empty line when there are none.
///
/// Unless it must fit exactly, the box is rounded outward to single precision.
pub fn bounding_diagonal(geometry: Geometry<'_>, fits: bool) -> Vec<u8> {
    let dimension = geometry.dimension();
    let (mut plane, mut rest) = (Bounds::NOTHING, Bounds::NOTHING);
    geometry.coords(|coord| {
        plane.add(coord.x, coord.y);
        rest.add(coord.z, coord.m);
    });
    if let Some(bounds) = geometry.bounds().filter(|_| !geometry.is_basic()) {
        plane = bounds;
    }
    if plane.is_nothing() {
        // PostGIS has a box at the origin around nothing, if it must fit.
        if fits {
            let origin = Coord { x: 0.0, y: 0.0, z: 0.0, m: 0.0 };
            return write::line_string([origin, origin], dimension);
        }
        return write::empty(Kind::LineString, dimension);
    }
    let corners = |bounds: &Bounds| {
        if fits {
            return [bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax];
        }
        bounds.to_f32_outward().map(f64::from)
    };
    let ([xmin, ymin, xmax, ymax], [zmin, mmin, zmax, mmax]) = (corners(&plane), corners(&rest));
    let low = Coord { x: xmin, y: ymin, z: zmin, m: mmin };
    let high = Coord { x: xmax, y: ymax, z: zmax, m: mmax };
    write::line_string([low, high], dimension)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn diagonals_go_from_low_to_high() {
        for (text, fits, expected) in [
            ("POLYGON((3 1,5 1,4 9,3 1))", false, "LINESTRING(3 1,5 9)"),
            ("MULTIPOINT Z ((1 2 9),(0 5 7))", false, "LINESTRING Z (0 2 7,1 5 9)"),
            ("POINT M (1 2 3)", true, "LINESTRING M (1 2 3,1 2 3)"),
            ("POINT(16777217 0)", true, "LINESTRING(16777217 0,16777217 0)"),
            ("POINT(16777217 0)", false, "LINESTRING(16777216 0,16777218 0)"),
            ("POLYGON Z EMPTY", false, "LINESTRING Z EMPTY"),
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            let found = bounding_diagonal(Geometry::try_new(&wkb).unwrap(), fits);
            assert_eq!(wkt::format(Geometry::try_new(&found).unwrap(), 15), expected, "{text}");
        }
    }
}
