//! `ST_AsHEXEWKB`: a geometry written as hexadecimal WKB with its SRID.

use godwit_geometry::{Geometry, to_ewkb};

use super::byte_order::in_byte_order;
use crate::function::{Argument, Category, Function, Kinds, Overload, Type};
use crate::literal::write_hex;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_AsHEXEWKB",
    category: Category::Output,
    summary: "Returns the EWKB of a geometry as hexadecimal digits.",
    notes: "The byte order is `NDR`, little-endian, if left out, or `XDR`, big-endian.",
    example: "SELECT ST_AsHEXEWKB(ST_Point(1, 2, 4326))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::text("byte_order", "`NDR` or `XDR`.").optional(),
        ],
        returns: Type::Text,
        evaluate: |arguments| {
            let srid = arguments.crs(0)?.and_then(|crs| crs.srid());
            let geometry = arguments.geometry(0)?;
            let write = |geometry: Geometry<'_>| to_ewkb(geometry, srid.or(geometry.srid()));
            if arguments.len() == 1 {
                return geometry.map_text(|geometry| write_hex(&write(geometry)));
            }
            (geometry, arguments.text(1)?).map_text(|(geometry, name)| {
                in_byte_order(write(geometry), name).map(|wkb| write_hex(&wkb))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
