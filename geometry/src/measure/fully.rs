//! Whether one geometry stays close to another everywhere.

use super::extreme::edges_of;
use crate::construct::{BufferStyle, buffer};
use crate::planar::{EdgeTree, Location, locate};
use crate::{Geometry, GeometryError, Kind, relate};

/// The number of edges that stand for a quarter of a circle of the buffer.
const QUAD_SEGS: u32 = 32;

/// Returns whether every position of the second geometry is within a distance of the first.
///
/// The distance of a vertex is exact; that of what lies between vertices is as exact as the buffer
/// around the first geometry.
pub fn fully_within(
    a: Geometry<'_>,
    b: Geometry<'_>,
    distance: f64,
) -> Result<bool, GeometryError> {
    if distance.is_nan() || a.is_empty() || b.is_empty() {
        return Ok(false);
    }
    let shape = edges_of(a);
    let tree = EdgeTree::new(&shape);
    let mut is_near = !shape.is_empty();
    b.coords(|coord| {
        let at = [coord.x, coord.y];
        let is_finite = coord.x.is_finite() && coord.y.is_finite();
        is_near = is_near
            && is_finite
            && (tree.nearest(&shape, at).sqrt() <= distance
                || locate(&shape, &tree, at) != Location::Exterior);
    });
    // What lies between two vertices is no farther from a point than one of them.
    let is_decided = a.kind() == Kind::Point || matches!(b.kind(), Kind::Point | Kind::MultiPoint);
    if !is_near || is_decided {
        return Ok(is_near);
    }
    if distance == 0.0 {
        return relate::covers(a, b);
    }
    let style = BufferStyle { quad_segs: QUAD_SEGS, ..BufferStyle::default() };
    let reach = buffer(a, distance, &style)?;
    relate::covers(Geometry::try_new(&reach)?, b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn everything_must_be_close() {
        let ring = "LINESTRING(0 0,10 0,10 10,0 10,0 0)";
        for (a, b, distance, expected) in [
            ("POINT(0 0)", "LINESTRING(3 4,0 1)", 5.0, true),
            ("POINT(0 0)", "LINESTRING(3 4,0 1)", 4.9, false),
            (ring, "MULTIPOINT(5 4,9 9)", 4.0, true),
            (ring, "LINESTRING(0 5,10 5)", 4.0, false),
            (ring, "LINESTRING(0 5,10 5)", 5.1, true),
            (ring, "POLYGON((0 0,10 0,10 10,0 10,0 0))", 4.0, false),
            ("POLYGON((0 0,10 0,10 10,0 10,0 0))", "LINESTRING(0 5,10 5)", 0.0, true),
            ("POINT EMPTY", "POINT(0 0)", 4.0, false),
        ] {
            let (first, second) = (wkt::parse(a).unwrap().0, wkt::parse(b).unwrap().0);
            let (first, second) =
                (Geometry::try_new(&first).unwrap(), Geometry::try_new(&second).unwrap());
            assert_eq!(fully_within(first, second, distance), Ok(expected), "{a} {b} {distance}");
        }
    }
}
