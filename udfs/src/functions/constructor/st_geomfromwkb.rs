//! `ST_GeomFromWKB`: a geometry read from WKB.

use godwit_geometry::{check_complete, to_iso};

use crate::arguments::Arguments;
use crate::function::{
    Argument, Category, CrsRule, Evaluated, Function, Kinds, Overload, Parity, Type,
};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeomFromWKB",
    aliases: &["ST_GeomFromEWKB", "GeomFromEWKB", "ST_GeometryFromWKB", "ST_WKBToSQL"],
    category: Category::Constructor,
    summary: "Returns the geometry that WKB or EWKB holds, after checking its structure.",
    notes: "ISO WKB and EWKB of both byte orders are read. Lines of one position and rings that are \
            open or have fewer than four are refused; ST_GeomFromWKBUnchecked reads them. Bytes that are little-endian ISO WKB \
            already are not copied. The SRID inside EWKB sets the reference system when the \
            bytes are a literal; for a column, name it with `srid` or ST_SetSRID.",
    example: "SELECT ST_AsText(ST_GeomFromWKB(ST_AsBinary(ST_Point(1, 2)), 4326))",
    parity: Parity::Differs("PostGIS keeps an SRID with each value."),
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::new("wkb", Type::Binary, "The bytes."),
            Argument::integer("srid", "The reference system.").optional().literal(),
        ],
        crs: CrsRule::Bytes(1),
        passes: Some(0),
        evaluate: checked_rows,
        ..Overload::BASE
    }],
    ..Function::BASE
};

/// Returns the first argument as canonical WKB, after checking that lines and rings are complete.
fn checked_rows(arguments: &Arguments<'_>) -> Evaluated {
    arguments.geometry(0)?.for_each(|_, geometry| geometry.map_or(Ok(()), check_complete))?;
    canonical_rows(arguments)
}

/// Returns the first argument as canonical WKB, without copying when all rows already are.
pub(in crate::functions) fn canonical_rows(arguments: &Arguments<'_>) -> Evaluated {
    let rows = arguments.geometry(0)?;
    match rows.source() {
        Some(column) if column.is_plain() => Ok(column.to_array()),
        _ => rows.map_borrowed(to_iso),
    }
}
