//! `ST_PointFromGeoHash`: the middle of a geohash.

use godwit_geometry::write;

use super::geohash_cell::{ARGUMENTS, cell_rows};
use crate::function::{Category, Function, Nulls, Overload};

pub(super) static FUNCTION: Function = Function {
    title: "ST_PointFromGeoHash",
    aliases: &["ST_GeomPointFromGeoHash"],
    category: Category::Constructor,
    summary: "Returns the point in the middle of the rectangle that a geohash stands for.",
    notes: "It is in longitude and latitude, but has no reference system; name it with ST_SetSRID.",
    example: "SELECT ST_AsText(ST_PointFromGeoHash('9qqj'))",
    nulls: Nulls::Seen,
    overloads: &[Overload {
        arguments: ARGUMENTS,
        evaluate: |arguments| {
            cell_rows(arguments, |cell| {
                let [x, y] = cell.centre();
                write::point_xy(x, y)
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
