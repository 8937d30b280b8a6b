//! `ST_PointFromText`: a point read from WKT.

use godwit_geometry::Kind;

use super::typed::{of_text, text_rows};
use crate::function::{Category, Function, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "ST_PointFromText",
    category: Category::Constructor,
    summary: "Returns the point that a WKT spells; null when it spells anything else.",
    notes: "Reads the same texts as ST_GeomFromText, where reference systems of columns are \
            explained.",
    example: "SELECT ST_AsText(ST_PointFromText('POINT(1 2)'))",
    parity: Parity::Differs("PostGIS keeps an SRID with each value."),
    overloads: &[of_text(|arguments| text_rows(arguments, Kind::Point))],
    ..Function::BASE
};
