//! `ST_GeogFromText`: a geography read from WKT.

use godwit_geometry::{Geometry, geodesic, wkt};

use super::constructed::check_text;
use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeogFromText",
    aliases: &[
        "ST_GeographyFromText",
        "ST_GeogFromEWKT",
        "ST_GeogFromWKT",
        "ST_GeographyFromWKT",
        "ST_GeographyFromEWKT",
    ],
    category: Category::Constructor,
    summary: "Returns the geography that a WKT or EWKT spells.",
    notes: "It is in longitude and latitude, on WGS 84 unless the text or `srid` says otherwise; \
            positions outside of their range are turned into it.",
    example: "SELECT ST_AsText(ST_GeogFromText('POINT(24.75 59.44)'))",
    parity: Parity::Differs("PostGIS keeps an SRID with each value."),
    overloads: &[Overload {
        arguments: &[
            Argument::text("wkt", "The text."),
            Argument::integer("srid", "The reference system.").optional().literal(),
        ],
        returns: Type::Geography,
        crs: CrsRule::Text(1),
        check: check_text,
        evaluate: |arguments| {
            arguments.text(0)?.map_bytes(|text| {
                let (wkb, _) = wkt::parse(text)?;
                Ok(geodesic::in_range(Geometry::try_new(&wkb)?).into_owned())
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
