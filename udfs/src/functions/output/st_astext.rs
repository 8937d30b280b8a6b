//! `ST_AsText`: a geometry written as WKT.

use godwit_geometry::wkt;

use crate::function::{Argument, Category, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_AsText",
    aliases: &["ST_AsWKT"],
    category: Category::Output,
    summary: "Returns the WKT of a geometry.",
    notes: "Numbers are as short as they can be, cut to `max_decimals` decimals. For text without \
            any loss take ST_AsHEXEWKB.",
    example: "SELECT ST_AsText(ST_Point(1.25, 2))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::integer("maxdecimaldigits", "The most decimals of a number, 15 if left out.")
                .optional(),
        ],
        returns: Type::Text,
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            if arguments.len() == 1 {
                return geometry.map_written_text(|geometry, text| {
                    wkt::format_into(text, geometry, MAX_DECIMALS);
                });
            }
            (geometry, arguments.integer(1)?).map_written_text(|(geometry, decimals), text| {
                wkt::format_into(text, geometry, clamp_decimals(decimals));
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

/// The decimals that a double can have, and the default.
pub(super) const MAX_DECIMALS: usize = 15;

/// Returns a number of decimals that makes sense for a double.
pub(super) fn clamp_decimals(decimals: i64) -> usize {
    usize::try_from(decimals.clamp(0, 15)).unwrap_or(MAX_DECIMALS)
}
