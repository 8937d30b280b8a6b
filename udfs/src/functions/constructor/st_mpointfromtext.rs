//! `ST_MPointFromText`: a multipoint read from WKT.

use godwit_geometry::Kind;

use super::typed::{of_text, text_rows};
use crate::function::{Category, Function, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "ST_MPointFromText",
    aliases: &["ST_MultiPointFromText"],
    category: Category::Constructor,
    summary: "Returns the multipoint that a WKT spells; null when it spells anything else.",
    notes: "Reads the same texts as ST_GeomFromText, where reference systems of columns are \
            explained.",
    example: "SELECT ST_AsText(ST_MPointFromText('MULTIPOINT((0 0),(1 2))'))",
    parity: Parity::Differs("PostGIS keeps an SRID with each value."),
    overloads: &[of_text(|arguments| text_rows(arguments, Kind::MultiPoint))],
    ..Function::BASE
};
