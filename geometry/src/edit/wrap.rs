//! Geometries cut at a meridian and moved around the world.

use super::members::extract;
use super::translate;
use crate::overlay::{difference, intersection, unary_union};
use crate::wkb::force_dimension;
use crate::{Bounds, Coord, Dimension, Geometry, GeometryError, Kind, to_iso, write};

/// Returns the geometry with what lies on one side of a vertical line moved by a distance: with a
/// distance above 0 what is to the left of the line, else what is to the right.
///
/// Lines and polygons are cut where they cross it, and then lose their measures.
pub fn wrap_x(geometry: Geometry<'_>, cut: f64, shift: f64) -> Result<Vec<u8>, GeometryError> {
    if shift == 0.0 || geometry.is_empty() {
        return Ok(to_iso(geometry).into_owned());
    }
    if geometry.dimension().has_m() && is_cut(geometry, cut) {
        let dimension = Dimension::new(geometry.dimension().has_z(), false);
        let flat = force_dimension(geometry, dimension, 0.0, 0.0);
        return wrap(Geometry::try_new(&flat)?, cut, shift);
    }
    wrap(geometry, cut, shift)
}

/// Returns whether a line or polygon at any depth lies on both sides of the cut.
fn is_cut(geometry: Geometry<'_>, cut: f64) -> bool {
    match geometry.kind() {
        Kind::Point | Kind::MultiPoint => false,
        Kind::LineString | Kind::Polygon => {
            geometry.bounds().is_some_and(|bounds| bounds.xmin < cut && cut < bounds.xmax)
        }
        _ => geometry.parts().any(|part| is_cut(part, cut)),
    }
}

fn wrap(geometry: Geometry<'_>, cut: f64, shift: f64) -> Result<Vec<u8>, GeometryError> {
    let kind = geometry.kind();
    if kind.is_collection() {
        let mut parts = Vec::with_capacity(geometry.part_count());
        let mut out = kind;
        for part in geometry.parts() {
            let wrapped = wrap(part, cut, shift)?;
            if Geometry::try_new(&wrapped)?.kind() != part.kind() {
                out = Kind::GeometryCollection;
            }
            parts.push(wrapped);
        }
        return Ok(write::collection(out, geometry.dimension(), &parts));
    }
    let Some(bounds) = geometry.bounds() else { return Ok(to_iso(geometry).into_owned()) };
    let moves_left = shift > 0.0;
    let is_moved = match kind {
        Kind::Point if moves_left => bounds.xmin < cut,
        Kind::Point => bounds.xmin > cut,
        _ if moves_left => bounds.xmax <= cut,
        _ => bounds.xmin >= cut,
    };
    if is_moved {
        return Ok(translate(geometry, [shift, 0.0, 0.0]));
    }
    if kind == Kind::Point || !is_cut(geometry, cut) {
        return Ok(to_iso(geometry).into_owned());
    }
    let margin = bounds.width().max(bounds.height()).max(1.0);
    let around = bounds.expand(margin);
    let kept =
        if moves_left { Bounds { xmin: cut, ..around } } else { Bounds { xmax: cut, ..around } };
    let kept = rectangle(&kept);
    let kept = Geometry::try_new(&kept)?;
    let moved = difference(geometry, kept)?;
    let kept = intersection(geometry, kept)?;
    // Where the geometry only touches the line, it has parts of a lower dimension.
    let moved = extract(Geometry::try_new(&moved)?, Some(kind));
    let moved = translate(Geometry::try_new(&moved)?, [shift, 0.0, 0.0]);
    let kept = extract(Geometry::try_new(&kept)?, Some(kind));
    unary_union(&[Geometry::try_new(&kept)?, Geometry::try_new(&moved)?])
}

fn rectangle(bounds: &Bounds) -> Vec<u8> {
    let Bounds { xmin, ymin, xmax, ymax } = *bounds;
    let corners = [[xmin, ymin], [xmax, ymin], [xmax, ymax], [xmin, ymax], [xmin, ymin]];
    write::polygon([corners.map(|[x, y]| Coord::xy(x, y))], Dimension::Xy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn parts_beyond_the_line_are_moved() {
        for (text, cut, shift, expected) in [
            ("POINT(1 1)", 0.0, -360.0, "POINT(-359 1)"),
            ("POINT(0 1)", 0.0, -360.0, "POINT(0 1)"),
            ("LINESTRING(0 0,5 0)", 9.0, -10.0, "LINESTRING(0 0,5 0)"),
            (
                "LINESTRING(170 0,190 0)",
                180.0,
                -360.0,
                "MULTILINESTRING((170 0,180 0),(-180 0,-170 0))",
            ),
            (
                "MULTILINESTRING M ((0 0 1,2 0 2),(4 0 1,5 0 2))",
                3.0,
                -10.0,
                "MULTILINESTRING M ((0 0 1,2 0 2),(-6 0 1,-5 0 2))",
            ),
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            let wrapped = wrap_x(Geometry::try_new(&wkb).unwrap(), cut, shift).unwrap();
            assert_eq!(wkt::format(Geometry::try_new(&wrapped).unwrap(), 15), expected, "{text}");
        }
    }
}
