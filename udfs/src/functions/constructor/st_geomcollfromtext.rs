//! `ST_GeomCollFromText`: a collection read from WKT.

use godwit_geometry::Kind;

use super::typed::text_rows;
use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeomCollFromText",
    category: Category::Constructor,
    summary: "Returns the collection that a WKT spells; null when it spells anything else.",
    notes: "Reads the same texts as ST_GeomFromText, where reference systems of columns are \
            explained.",
    example: "SELECT ST_AsText(ST_GeomCollFromText('GEOMETRYCOLLECTION(POINT(1 2))'))",
    parity: Parity::Differs("PostGIS keeps an SRID with each value."),
    overloads: &[Overload {
        arguments: &[
            Argument::text("wkt", "The text."),
            Argument::integer("srid", "The reference system.").optional().literal(),
        ],
        crs: CrsRule::Text(1),
        evaluate: |arguments| text_rows(arguments, Kind::GeometryCollection),
        ..Overload::BASE
    }],
    ..Function::BASE
};
