//! `ST_Box2dFromGeoHash`: the box of a geohash.

use godwit_geometry::box_2d;

use super::geohash_cell::{ARGUMENTS, cell_rows};
use crate::function::{Category, Function, Nulls, Overload, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "ST_Box2dFromGeoHash",
    category: Category::Constructor,
    summary: "Returns the box that a geohash stands for, as a polygon.",
    notes: "The same as ST_GeomFromGeoHash, because there is no type for boxes.",
    example: "SELECT ST_AsText(ST_Box2dFromGeoHash('9qqj'))",
    nulls: Nulls::Seen,
    parity: Parity::Differs("In PostGIS, the result is a box2d."),
    overloads: &[Overload {
        arguments: ARGUMENTS,
        evaluate: |arguments| {
            cell_rows(arguments, |cell| box_2d([cell.xmin, cell.ymin], [cell.xmax, cell.ymax]))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
