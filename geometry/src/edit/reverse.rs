//! The order of vertices turned around.

use super::paths::{Empties, edit_paths};
use crate::wkb::append_reversed_paths;
use crate::{Geometry, GeometryError, Kind, Layout, Sequence, curve, to_iso, write};

/// Returns the geometry with the vertices of every line and ring in the opposite order.
pub fn reverse(geometry: Geometry<'_>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(geometry.bytes().len());
    append_reversed(&mut bytes, geometry);
    bytes
}

/// Appends the geometry with its vertices in the opposite order.
pub fn append_reversed(bytes: &mut Vec<u8>, geometry: Geometry<'_>) {
    if append_reversed_paths(bytes, geometry) {
        return;
    }
    if !geometry.is_basic() {
        bytes.extend_from_slice(&curve::reverse(geometry));
        return;
    }
    let reversed =
        edit_paths(geometry, geometry.dimension(), Empties::Kept, &mut |_, mut coords| {
            coords.reverse();
            coords
        });
    bytes.extend_from_slice(&reversed);
}

/// Returns the geometry with exterior rings in one direction and holes in the other. Surfaces in
/// space and areas with arcs stay as they are.
pub fn orient_rings(geometry: Geometry<'_>, clockwise: bool) -> Result<Vec<u8>, GeometryError> {
    match geometry.kind() {
        _ if geometry.is_basic() => Ok(oriented(geometry, clockwise)),
        Kind::Triangle => Ok(oriented(geometry, clockwise)),
        kind @ (Kind::MultiSurface | Kind::GeometryCollection) => {
            let members: Result<Vec<Vec<u8>>, _> =
                geometry.parts().map(|part| orient_rings(part, clockwise)).collect();
            let members = members?;
            Ok(write::collection(kind, geometry.dimension(), &members))
        }
        _ => Ok(to_iso(geometry).into_owned()),
    }
}

fn oriented(geometry: Geometry<'_>, clockwise: bool) -> Vec<u8> {
    let mut is_wrong = Vec::new();
    rings(geometry, &mut |index, ring| {
        is_wrong.push(is_clockwise(ring) != (clockwise == (index == 0)));
    });
    let mut is_wrong = is_wrong.into_iter();
    edit_paths(geometry, geometry.dimension(), Empties::Kept, &mut |kind, mut coords| {
        if kind.layout() == Layout::Rings && is_wrong.next().unwrap_or(false) {
            coords.reverse();
        }
        coords
    })
}

/// Returns whether every exterior ring runs in one direction and every hole in the other;
/// true where there are none.
///
/// A ring without area counts as running against what is asked when it is an exterior one.
pub fn has_oriented_rings(geometry: Geometry<'_>, clockwise: bool) -> bool {
    let mut are_right = true;
    rings(geometry, &mut |index, ring| {
        let area = signed_area(ring);
        let area = if clockwise { area } else { -area };
        are_right &= if index == 0 { area > 0.0 } else { area <= 0.0 || area.is_nan() };
    });
    are_right
}

/// Calls a function with every ring at any depth and its number in its polygon.
fn rings(geometry: Geometry<'_>, visit: &mut dyn FnMut(usize, Sequence<'_>)) {
    for (index, ring) in geometry.rings().enumerate() {
        visit(index, ring);
    }
    for part in geometry.parts() {
        rings(part, visit);
    }
}

fn is_clockwise(ring: Sequence<'_>) -> bool {
    signed_area(ring) > 0.0
}

/// Returns twice the area of a ring, positive when it runs clockwise.
///
/// The products are formed as `PostGIS` forms them, so that rings whose area is lost to rounding
/// or overflow are judged alike.
fn signed_area(ring: Sequence<'_>) -> f64 {
    let origin = ring.xy(0)[0];
    let mut sum = 0.0;
    for index in 2..ring.len() {
        let (before, at, after) = (ring.xy(index - 2), ring.xy(index - 1), ring.xy(index));
        sum += (at[0] - origin) * (before[1] - after[1]);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn rings_are_turned_as_needed() {
        let text = "GEOMETRYCOLLECTION(LINESTRING(0 0,1 1),MULTIPOLYGON(EMPTY,\
                    ((0 0,9 0,9 9,0 9,0 0),(1 1,2 1,2 2,1 1))))";
        let (wkb, _) = wkt::parse(text).unwrap();
        let geometry = Geometry::try_new(&wkb).unwrap();
        for clockwise in [true, false] {
            let oriented = orient_rings(geometry, clockwise).unwrap();
            let oriented = Geometry::try_new(&oriented).unwrap();
            assert!(has_oriented_rings(oriented, clockwise));
            assert!(!has_oriented_rings(oriented, !clockwise));
        }
    }
}
