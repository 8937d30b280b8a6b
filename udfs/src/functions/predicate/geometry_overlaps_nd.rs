//! `geometry_overlaps_nd`: whether the boxes around two geometries meet in all their dimensions.

use godwit_geometry::Geometry;

use crate::boxes::GEOMETRIES;
use crate::function::{Category, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "geometry_overlaps_nd",
    category: Category::Predicate,
    summary: "Returns whether the boxes around two geometries share at least one position, with \
              heights and measures.",
    notes: "The operator `&&&` means this function. A dimension counts when both geometries have \
            it.",
    example: "SELECT geometry_overlaps_nd('LINESTRING Z (0 0 0, 9 9 9)', 'POINT Z (1 8 3)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: GEOMETRIES,
        returns: Type::Boolean,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?).map_bool(|(a, b)| meet(a, b))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn meet(a: Geometry<'_>, b: Geometry<'_>) -> bool {
    let Some((a_box, b_box)) = a.bounds().zip(b.bounds()) else { return false };
    if !a_box.intersects(&b_box) {
        return false;
    }
    let (a, b) = (ranges(a), ranges(b));
    a.into_iter().zip(b).all(|([a_min, a_max], [b_min, b_max])| {
        // A dimension that one of them lacks has no numbers, and no order.
        !(a_max < b_min || b_max < a_min)
    })
}

/// Returns the ranges of heights and measures, NaN for what the geometry lacks.
fn ranges(geometry: Geometry<'_>) -> [[f64; 2]; 2] {
    let mut ranges = [[f64::NAN; 2]; 2];
    geometry.coords(|coord| {
        for ([min, max], ordinate) in ranges.iter_mut().zip([coord.z, coord.m]) {
            *min = min.min(ordinate);
            *max = max.max(ordinate);
        }
    });
    ranges
}
