//! `ST_AsHEXWKB`: a geometry written as hexadecimal WKB.

use godwit_geometry::to_iso;

use crate::function::{Argument, Category, Function, Kinds, Overload, Parity, Type};
use crate::literal::write_hex;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_AsHEXWKB",
    category: Category::Output,
    summary: "Returns the ISO WKB of a geometry as hexadecimal digits.",
    example: "SELECT ST_AsHEXWKB(ST_Point(1, 2))",
    parity: Parity::Extension("PostGIS has only ST_AsHEXEWKB; DuckDB has the function."),
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Text,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_text(|geometry| write_hex(&to_iso(geometry)))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
