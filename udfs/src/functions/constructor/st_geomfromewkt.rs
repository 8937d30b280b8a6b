//! `ST_GeomFromEWKT`: a geometry read from WKT with an SRID.

use super::st_geomfromtext::check_same_srid;
use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity};
use crate::literal::read_geometry_text;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeomFromEWKT",
    aliases: &["GeomFromEWKT"],
    category: Category::Constructor,
    summary: "Returns the geometry that a WKT with an `SRID=` prefix spells.",
    notes: "Reads GeoJSON and hexadecimal WKB as well. The reference systems of columns are \
            explained at ST_GeomFromText.",
    example: "SELECT ST_AsEWKT(ST_GeomFromEWKT('SRID=3857;POINT(1 2)'))",
    parity: Parity::Differs("PostGIS keeps an SRID with each value."),
    overloads: &[Overload {
        arguments: &[Argument::text("ewkt", "The text.")],
        crs: CrsRule::Text(1),
        evaluate: |arguments| {
            let texts = arguments.text(0)?;
            check_same_srid(&texts)?;
            texts.map_bytes(|text| read_geometry_text(text).map(|(wkb, _)| wkb))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
