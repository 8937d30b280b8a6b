//! `ST_BdPolyFromText`: a polygon of the lines of its boundary, read from WKT.

use super::boundary_area::boundary_rows;
use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "ST_BdPolyFromText",
    category: Category::Constructor,
    summary: "Returns the polygon whose boundary is a multilinestring spelled by a WKT.",
    notes: "The lines may be in any order. When they enclose several polygons, that is an error; \
            ST_BdMPolyFromText takes such lines.",
    example: "SELECT ST_AsText(ST_BdPolyFromText('MULTILINESTRING((0 0, 1 0, 1 1, 0 0))', 4326))",
    parity: Parity::Differs("PostGIS keeps an SRID with each value."),
    overloads: &[Overload {
        arguments: &[
            Argument::text("wkt", "The text."),
            Argument::integer("srid", "The reference system.").literal(),
        ],
        crs: CrsRule::Text(1),
        evaluate: |arguments| boundary_rows(arguments, false),
        ..Overload::BASE
    }],
    ..Function::BASE
};
