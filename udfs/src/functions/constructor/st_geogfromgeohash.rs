//! `ST_GeogFromGeoHash`: the rectangle of a geohash on the earth.

use godwit_geometry::box_2d;

use super::geohash_cell::{ARGUMENTS, cell_rows};
use crate::function::{Category, CrsRule, Function, Nulls, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeogFromGeoHash",
    category: Category::Constructor,
    summary: "Returns the rectangle that a geohash stands for, as a geography.",
    notes: "It is in longitude and latitude on WGS 84; ST_GeomFromGeoHash returns a geometry.",
    example: "SELECT ST_AsText(ST_GeogFromGeoHash('9qqj'))",
    parity: Parity::Extension("Snowflake and BigQuery have the function."),
    nulls: Nulls::Seen,
    overloads: &[Overload {
        arguments: ARGUMENTS,
        returns: Type::Geography,
        crs: CrsRule::Wgs84,
        evaluate: |arguments| {
            cell_rows(arguments, |cell| box_2d([cell.xmin, cell.ymin], [cell.xmax, cell.ymax]))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
