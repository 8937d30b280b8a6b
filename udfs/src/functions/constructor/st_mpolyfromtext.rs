//! `ST_MPolyFromText`: a multipolygon read from WKT.

use godwit_geometry::Kind;

use super::typed::{of_text, text_rows};
use crate::function::{Category, Function, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "ST_MPolyFromText",
    aliases: &["ST_MultiPolygonFromText"],
    category: Category::Constructor,
    summary: "Returns the multipolygon that a WKT spells; null when it spells anything else.",
    notes: "Reads the same texts as ST_GeomFromText, where reference systems of columns are \
            explained.",
    example: "SELECT ST_AsText(ST_MPolyFromText('MULTIPOLYGON(((0 0,1 0,1 1,0 0)))'))",
    parity: Parity::Differs("PostGIS keeps an SRID with each value."),
    overloads: &[of_text(|arguments| text_rows(arguments, Kind::MultiPolygon))],
    ..Function::BASE
};
