//! Members of collections taken out and put together.

use std::borrow::Cow;

use crate::{Dimension, Geometry, Kind, to_iso, write};

/// Returns the points, lines or polygons of a collection as a multi geometry; without a kind, the
/// parts of the highest dimension.
///
/// Another geometry is returned as it is, or as an empty one when it is not of the kind.
pub fn extract(geometry: Geometry<'_>, kind: Option<Kind>) -> Cow<'_, [u8]> {
    let dimension = geometry.dimension();
    if !geometry.kind().is_collection() {
        return match kind {
            Some(kind) if kind != geometry.kind() => Cow::Owned(write::empty(kind, dimension)),
            _ => to_iso(geometry),
        };
    }
    let Some(kind) = kind.or_else(|| highest(geometry)) else {
        return Cow::Owned(write::empty(Kind::GeometryCollection, dimension));
    };
    let mut found = Vec::new();
    simple_parts(geometry, &mut |part| {
        if part.kind() == kind && !part.is_empty() {
            found.push(part);
        }
    });
    Cow::Owned(collection(kind.multi(), dimension, &found))
}

/// Returns the simplest form of a collection: its one member, a multi geometry, or a collection
/// with at most one of each kind. What has arcs or surfaces stays as it is.
pub fn homogenize(geometry: Geometry<'_>) -> Cow<'_, [u8]> {
    let dimension = geometry.dimension();
    let kind = geometry.kind();
    if !kind.is_collection() || !geometry.is_basic() {
        return to_iso(geometry);
    }
    if geometry.is_empty() {
        return Cow::Owned(write::empty(kind, dimension));
    }
    if kind != Kind::GeometryCollection {
        return match (geometry.part_count(), geometry.parts().next()) {
            (1, Some(only)) => to_iso(only),
            _ => to_iso(geometry),
        };
    }
    let mut forms = Vec::new();
    for kind in [Kind::Point, Kind::LineString, Kind::Polygon] {
        let mut found = Vec::new();
        parts_that_count(geometry, &mut |part| {
            if part.kind() == kind {
                found.push(part);
            }
        });
        match found.as_slice() {
            [] => {}
            [only] => forms.push(to_iso(*only).into_owned()),
            _ => forms.push(collection(kind.multi(), dimension, &found)),
        }
    }
    if forms.len() == 1 {
        return Cow::Owned(forms.swap_remove(0));
    }
    Cow::Owned(write::collection(Kind::GeometryCollection, dimension, &forms))
}

/// Returns the geometry as a collection: with the members of a multi geometry, or of itself.
pub fn to_collection(geometry: Geometry<'_>) -> Cow<'_, [u8]> {
    if geometry.kind() == Kind::GeometryCollection {
        return to_iso(geometry);
    }
    let members: Vec<Geometry<'_>> =
        if geometry.kind().is_collection() { geometry.parts().collect() } else { vec![geometry] };
    Cow::Owned(collection(Kind::GeometryCollection, geometry.dimension(), &members))
}

/// Returns the kind of the parts of the highest dimension, empty ones included.
fn highest(geometry: Geometry<'_>) -> Option<Kind> {
    let mut highest = None;
    simple_parts(geometry, &mut |part| {
        highest = highest.max(Some(part.kind()).filter(|kind| kind.is_basic()));
    });
    highest
}

/// Calls a function with every point, line, polygon, arc and triangle at any depth, but not with
/// what a curve or its polygon is put together of.
fn simple_parts<'g>(geometry: Geometry<'g>, visit: &mut dyn FnMut(Geometry<'g>)) {
    if matches!(geometry.kind(), Kind::CompoundCurve | Kind::CurvePolygon) {
        return;
    }
    for part in geometry.parts() {
        if part.kind().is_collection() {
            simple_parts(part, visit);
        } else {
            visit(part);
        }
    }
}

/// Calls a function with every point, line and polygon that is not in an empty collection.
fn parts_that_count<'g>(geometry: Geometry<'g>, visit: &mut dyn FnMut(Geometry<'g>)) {
    for part in geometry.parts() {
        if !part.kind().is_collection() {
            visit(part);
        } else if !part.is_empty() {
            parts_that_count(part, visit);
        }
    }
}

fn collection(kind: Kind, dimension: Dimension, members: &[Geometry<'_>]) -> Vec<u8> {
    let members: Vec<Cow<'_, [u8]>> = members.iter().map(|member| to_iso(*member)).collect();
    write::collection(kind, dimension, &members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn check(form: fn(Geometry<'_>) -> Cow<'_, [u8]>, cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            let (wkb, _) = wkt::parse(text).unwrap();
            let result = form(Geometry::try_new(&wkb).unwrap());
            assert_eq!(wkt::format(Geometry::try_new(&result).unwrap(), 15), *expected, "{text}");
        }
    }

    #[test]
    fn parts_are_found_at_any_depth() {
        check(
            |geometry| extract(geometry, None),
            &[
                ("POINT(1 1)", "POINT(1 1)"),
                ("GEOMETRYCOLLECTION EMPTY", "GEOMETRYCOLLECTION EMPTY"),
                (
                    "GEOMETRYCOLLECTION(POINT(1 1),GEOMETRYCOLLECTION(LINESTRING(0 0,1 1)))",
                    "MULTILINESTRING((0 0,1 1))",
                ),
                ("GEOMETRYCOLLECTION(POLYGON EMPTY,POINT(1 1))", "MULTIPOLYGON EMPTY"),
            ],
        );
        check(
            |geometry| extract(geometry, Some(Kind::Point)),
            &[
                ("LINESTRING(0 0,1 1)", "POINT EMPTY"),
                ("MULTIPOINT((1 1),EMPTY)", "MULTIPOINT((1 1))"),
                ("GEOMETRYCOLLECTION(MULTIPOINT((1 1)),POINT(2 2))", "MULTIPOINT((1 1),(2 2))"),
            ],
        );
    }

    #[test]
    fn the_simplest_form_is_found() {
        check(
            homogenize,
            &[
                ("GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(1 1)))", "POINT(1 1)"),
                ("MULTIPOINT((1 1))", "POINT(1 1)"),
                ("MULTIPOINT((1 1),(2 2))", "MULTIPOINT((1 1),(2 2))"),
                ("GEOMETRYCOLLECTION(POINT EMPTY)", "GEOMETRYCOLLECTION EMPTY"),
                (
                    "GEOMETRYCOLLECTION(POLYGON((0 0,1 0,1 1,0 0)),POINT(1 1),MULTIPOINT((2 2)))",
                    "GEOMETRYCOLLECTION(MULTIPOINT((1 1),(2 2)),POLYGON((0 0,1 0,1 1,0 0)))",
                ),
            ],
        );
    }
}
