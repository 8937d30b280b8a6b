//! `ST_GeomFromHEXEWKB`: a geometry read from hexadecimal WKB.

use godwit_geometry::{Geometry, GeometryError, to_iso};

use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity};
use crate::literal::read_hex;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeomFromHEXEWKB",
    aliases: &["ST_GeomFromHEXWKB"],
    category: Category::Constructor,
    summary: "Returns the geometry that WKB or EWKB in hexadecimal digits holds.",
    notes: "The SRID inside EWKB sets the reference system when the text is a literal.",
    example: "SELECT ST_AsText(ST_GeomFromHEXEWKB('0101000000000000000000F03F0000000000000040'))",
    parity: Parity::Extension(
        "PostGIS casts such texts to geometry; SedonaDB and DuckDB have the function.",
    ),
    overloads: &[Overload {
        arguments: &[
            Argument::text("hex", "The hexadecimal digits."),
            Argument::integer("srid", "The reference system.").optional().literal(),
        ],
        crs: CrsRule::Hex(1),
        evaluate: |arguments| {
            arguments.text(0)?.map_bytes(|text| {
                let bytes = read_hex(text.trim())?;
                Ok::<_, GeometryError>(to_iso(Geometry::try_any(&bytes)?).into_owned())
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
