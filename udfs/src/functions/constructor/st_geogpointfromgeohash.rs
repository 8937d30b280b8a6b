//! `ST_GeogPointFromGeoHash`: the middle of a geohash on the earth.

use godwit_geometry::write;

use super::geohash_cell::{ARGUMENTS, cell_rows};
use crate::function::{Category, CrsRule, Function, Nulls, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeogPointFromGeoHash",
    category: Category::Constructor,
    summary: "Returns the point in the middle of the rectangle that a geohash stands for, as \
              a geography.",
    notes: "It is in longitude and latitude on WGS 84; ST_PointFromGeoHash returns a geometry.",
    example: "SELECT ST_AsText(ST_GeogPointFromGeoHash('9qqj'))",
    parity: Parity::Extension("Snowflake and BigQuery have the function."),
    nulls: Nulls::Seen,
    overloads: &[Overload {
        arguments: ARGUMENTS,
        returns: Type::Geography,
        crs: CrsRule::Wgs84,
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
