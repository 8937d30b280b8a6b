//! `ST_SetCRS`: a geometry said to be in a reference system, by name.

use std::sync::Arc;

use crate::function::{Argument, Category, CrsRule, Function, Kinds, Overload, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "ST_SetCRS",
    category: Category::ReferenceSystem,
    summary: "Returns a geometry with another reference system and the same coordinates.",
    notes: "Takes a name such as `EPSG:3857` or `OGC:CRS84`, a PROJJSON, a WKT or a PROJ string. \
            ST_Transform changes coordinates to another reference system.",
    example: "SELECT ST_CRS(ST_SetCRS('POINT(1 2)', 'EPSG:3857'))",
    parity: Parity::Extension(
        "PostGIS has only ST_SetSRID; SedonaDB and DuckDB have the function.",
    ),
    kinds: Kinds::All,
    overloads: &[
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::text("crs", "The reference system.").literal(),
            ],
            crs: CrsRule::Argument(1),
            passes: Some(0),
            evaluate: |arguments| arguments.array(0).map(Arc::clone),
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::integer("crs", "The EPSG code.").literal(),
            ],
            crs: CrsRule::Argument(1),
            passes: Some(0),
            evaluate: |arguments| arguments.array(0).map(Arc::clone),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
