//! `ST_CRS`: the name of a reference system.

use crate::function::{Argument, Category, Function, Kinds, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_CRS",
    category: Category::ReferenceSystem,
    summary: "Returns the name of a geometry's reference system, such as `EPSG:3857`; null when \
              none is known.",
    example: "SELECT ST_CRS(ST_Point(1, 2, 3857))",
    parity: Parity::Extension("PostGIS has only ST_SRID; SedonaDB and DuckDB have the function."),
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Text,
        evaluate: |arguments| {
            let name = arguments.crs(0)?.map(|crs| crs.name());
            arguments.geometry(0)?.map_text(|_| name.clone())
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
