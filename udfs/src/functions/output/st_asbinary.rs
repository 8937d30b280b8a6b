//! `ST_AsBinary`: a geometry written as WKB.

use godwit_geometry::wkb::to_iso_without_hollows;

use super::byte_order::in_byte_order;
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_AsBinary",
    aliases: &["ST_AsWKB"],
    category: Category::Output,
    summary: "Returns the ISO WKB of a geometry.",
    notes: "The byte order is `NDR`, little-endian, if left out, or `XDR`, big-endian. A collection of \
            nothing but empty members is written as one without members.",
    example: "SELECT encode(ST_AsBinary(ST_Point(1, 2)), 'hex')",
    kinds: Kinds::All,
    overloads: &[
        Overload {
            arguments: &[Argument::geometry("geom", "The geometry.")],
            returns: Type::Binary,
            passes: Some(0),
            evaluate: written,
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
                    in_byte_order(to_iso_without_hollows(geometry).into_owned(), name)
                })
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

/// Returns the rows without copying when all already are as they are written.
fn written(arguments: &Arguments<'_>) -> Evaluated {
    let rows = arguments.geometry(0)?;
    match rows.source() {
        Some(column) if column.is_plain() => Ok(column.to_array()),
        _ => rows.map_borrowed(to_iso_without_hollows),
    }
}
