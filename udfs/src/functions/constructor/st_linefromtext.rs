//! `ST_LineFromText`: a line read from WKT.

use godwit_geometry::Kind;

use super::typed::text_rows;
use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "ST_LineFromText",
    aliases: &["ST_LineStringFromText"],
    category: Category::Constructor,
    summary: "Returns the line that a WKT spells; null when it spells anything else.",
    notes: "Reads the same texts as ST_GeomFromText, where reference systems of columns are \
            explained.",
    example: "SELECT ST_AsText(ST_LineFromText('LINESTRING(0 0,1 2)'))",
    parity: Parity::Differs("PostGIS keeps an SRID with each value."),
    overloads: &[Overload {
        arguments: &[
            Argument::text("wkt", "The text."),
            Argument::integer("srid", "The reference system.").optional().literal(),
        ],
        crs: CrsRule::Text(1),
        evaluate: |arguments| text_rows(arguments, Kind::LineString),
        ..Overload::BASE
    }],
    ..Function::BASE
};
