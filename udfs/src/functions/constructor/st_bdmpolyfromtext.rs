//! `ST_BdMPolyFromText`: a multipolygon of the lines of its boundary, read from WKT.

use super::boundary_area::boundary_rows;
use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "ST_BdMPolyFromText",
    category: Category::Constructor,
    summary: "Returns the multipolygon whose boundary is a multilinestring spelled by a WKT.",
    notes: "The lines may be in any order. What lies in a ring that lies in another ring is a hole.",
    example: "SELECT ST_AsText(ST_BdMPolyFromText('MULTILINESTRING((0 0, 1 0, 1 1, 0 0))', 4326))",
    parity: Parity::Differs("PostGIS keeps an SRID with each value."),
    overloads: &[Overload {
        arguments: &[
            Argument::text("wkt", "The text."),
            Argument::integer("srid", "The reference system.").literal(),
        ],
        crs: CrsRule::Text(1),
        evaluate: |arguments| boundary_rows(arguments, true),
        ..Overload::BASE
    }],
    ..Function::BASE
};
