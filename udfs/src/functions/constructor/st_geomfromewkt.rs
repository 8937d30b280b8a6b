//! `ST_GeomFromEWKT`: a geometry read from WKT with an SRID.

use super::st_geomfromtext::read_rows;
use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeomFromEWKT",
    category: Category::Constructor,
    summary: "Returns the geometry that a WKT with an `SRID=` prefix spells.",
    notes: "Reads the same texts as ST_GeomFromText, where reference systems of columns are \
            explained.",
    example: "SELECT ST_AsEWKT(ST_GeomFromEWKT('SRID=3857;POINT(1 2)'))",
    parity: Parity::Differs("PostGIS keeps an SRID with each value."),
    overloads: &[Overload {
        arguments: &[Argument::text("ewkt", "The text.")],
        crs: CrsRule::Text(1),
        evaluate: read_rows,
        ..Overload::BASE
    }],
    ..Function::BASE
};
