//! `ST_PointFromWKB`: a point read from WKB.

use godwit_geometry::Kind;

use super::typed::{of_bytes, wkb_rows};
use crate::function::{Category, Function, Kinds, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "ST_PointFromWKB",
    aliases: &["ST_Point2DFromWKB"],
    category: Category::Constructor,
    summary: "Returns the point that WKB or EWKB holds; null when it holds anything else.",
    notes: "Reads the same bytes as ST_GeomFromWKB, where reference systems of columns are \
            explained.",
    example: "SELECT ST_AsText(ST_PointFromWKB(ST_AsBinary('POINT(1 2)')))",
    parity: Parity::Differs("PostGIS keeps an SRID with each value."),
    kinds: Kinds::All,
    overloads: &[of_bytes(|arguments| wkb_rows(arguments, Kind::Point))],
    ..Function::BASE
};
