//! `geometry_distance_box`: how far apart the boxes around two geometries are.

use godwit_geometry::Bounds;

use crate::boxes::GEOMETRIES;
use crate::function::{Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "geometry_distance_box",
    category: Category::Measurement,
    summary: "Returns the distance between the boxes around two geometries.",
    notes: "A distance to an empty geometry is 3.4028234663852886e38, the largest one. The operator `<#>` means this function.",
    example: "SELECT geometry_distance_box('LINESTRING(0 0, 1 1)', 'POINT(4 5)')",
    overloads: &[Overload {
        arguments: GEOMETRIES,
        returns: Type::Float64,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?).map_f64(|(a, b)| {
                match (a.bounds(), b.bounds()) {
                    (Some(a), Some(b)) => distance(&a, &b),
                    _ => f64::from(f32::MAX),
                }
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn distance(a: &Bounds, b: &Bounds) -> f64 {
    let x = (a.xmin - b.xmax).max(b.xmin - a.xmax).max(0.0);
    let y = (a.ymin - b.ymax).max(b.ymin - a.ymax).max(0.0);
    x.hypot(y)
}
