//! `ST_AsBinary`: a geometry written as WKB.

use godwit_geometry::to_iso;

use super::super::constructor::canonical_rows;
use super::byte_order::in_byte_order;
use crate::function::{Argument, Category, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_AsBinary",
    aliases: &["ST_AsWKB"],
    category: Category::Output,
    summary: "Returns the ISO WKB of a geometry.",
    notes: "The byte order is `NDR`, little-endian, if left out, or `XDR`, big-endian.",
    example: "SELECT encode(ST_AsBinary(ST_Point(1, 2)), 'hex')",
    kinds: Kinds::All,
    overloads: &[
        Overload {
            arguments: &[Argument::geometry("geom", "The geometry.")],
            returns: Type::Binary,
            passes: Some(0),
            evaluate: canonical_rows,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::text("byte_order", "`NDR` or `XDR`."),
            ],
            returns: Type::Binary,
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.text(1)?).map_bytes(|(geometry, name)| {
                    in_byte_order(to_iso(geometry).into_owned(), name)
                })
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
