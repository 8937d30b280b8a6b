//! `ST_SRID`: the number of a reference system.

use crate::function::{Argument, Category, Function, Kinds, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_SRID",
    category: Category::ReferenceSystem,
    summary: "Returns the EPSG code of a geometry's reference system; 0 when it has none or none \
              is known.",
    notes: "The reference system belongs to the column, so all rows have the same. Longitude and \
            latitude on WGS 84 is 4326 under all its names.",
    example: "SELECT ST_SRID(ST_Point(1, 2, 4326))",
    parity: Parity::Differs("PostGIS keeps an SRID with each value."),
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Int32,
        evaluate: |arguments| {
            let srid = arguments.crs(0)?.map(|crs| crs.srid().unwrap_or(0));
            let geometry = arguments.geometry(0)?;
            geometry.map_i32(|geometry| srid.or(geometry.srid()).unwrap_or(0))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
