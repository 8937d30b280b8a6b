//! `ST_GeogFromWKB`: a geography read from WKB.

use super::constructed::{check_bytes, rows_in_range};
use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeogFromWKB",
    aliases: &["ST_GeographyFromWKB", "ST_GeogFromEWKB"],
    category: Category::Constructor,
    summary: "Returns the geography that WKB or EWKB holds, after checking its structure.",
    notes: "It is in longitude and latitude, on WGS 84 unless literal bytes or `srid` say \
            otherwise; positions outside of their range are turned into it.",
    example: "SELECT ST_AsText(ST_GeogFromWKB(ST_AsBinary(ST_Point(1, 2))))",
    parity: Parity::Differs("PostGIS keeps an SRID with each value."),
    overloads: &[Overload {
        arguments: &[
            Argument::new("wkb", Type::Binary, "The bytes."),
            Argument::integer("srid", "The reference system.").optional().literal(),
        ],
        returns: Type::Geography,
        crs: CrsRule::Bytes(1),
        passes: Some(0),
        check: check_bytes,
        evaluate: rows_in_range,
    }],
    ..Function::BASE
};
