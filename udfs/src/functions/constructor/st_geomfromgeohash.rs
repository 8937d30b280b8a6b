//! `ST_GeomFromGeoHash`: the rectangle of a geohash.

use godwit_geometry::box_2d;

use super::geohash_cell::{ARGUMENTS, cell_rows};
use crate::function::{Category, Function, Nulls, Overload};

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeomFromGeoHash",
    category: Category::Constructor,
    summary: "Returns the rectangle that a geohash stands for.",
    notes: "The longer the geohash, the smaller the rectangle. It is in longitude and latitude, \
            but has no reference system; name it with ST_SetSRID.",
    example: "SELECT ST_AsText(ST_GeomFromGeoHash('9qqj'))",
    nulls: Nulls::Seen,
    overloads: &[Overload {
        arguments: ARGUMENTS,
        evaluate: |arguments| {
            cell_rows(arguments, |cell| box_2d([cell.xmin, cell.ymin], [cell.xmax, cell.ymax]))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
