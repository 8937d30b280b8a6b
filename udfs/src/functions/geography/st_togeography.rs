//! `ST_ToGeography`: a value as a geography.

use super::constructed::{check_text, read_texts, rows_in_range};
use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "ST_ToGeography",
    aliases: &["TO_GEOGRAPHY", "geography", "ST_GeogFrom"],
    category: Category::Constructor,
    summary: "Returns a geometry, WKB or text as a geography.",
    notes: "The lines of a geography are the shortest ones on the earth, and functions measure it \
            in metres. It is in longitude and latitude, on WGS 84 when nothing else is known; \
            positions outside of their range are turned into it. Text may be WKT, EWKT, \
            hexadecimal WKB or GeoJSON.",
    example: "SELECT ST_Length(ST_ToGeography('LINESTRING(0 0, 0 1)'))",
    parity: Parity::Extension("PostGIS writes `geom::geography`, which works here as well."),
    overloads: &[
        Overload {
            arguments: &[Argument::geography("geom", "The geometry.")],
            returns: Type::Geography,
            passes: Some(0),
            evaluate: rows_in_range,
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("text", "The text.")],
            returns: Type::Geography,
            crs: CrsRule::Text(1),
            check: check_text,
            evaluate: read_texts,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
