//! `ST_LineFromEncodedPolyline`: a line read from an encoded polyline.

use godwit_geometry::polyline;

use crate::function::{Argument, Category, CrsRule, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_LineFromEncodedPolyline",
    category: Category::Constructor,
    summary: "Returns the line that an encoded polyline spells.",
    notes: "The result is in longitude and latitude on WGS 84. The precision must be that of the \
            writer; some services write 6 decimals.",
    example: "SELECT ST_AsText(ST_LineFromEncodedPolyline('_p~iF~ps|U_ulLnnqC'))",
    overloads: &[Overload {
        arguments: &[
            Argument::text("txtin", "The encoded polyline."),
            Argument::integer("nprecision", "The decimals, 5 if left out or negative.").optional(),
        ],
        crs: CrsRule::Wgs84,
        evaluate: |arguments| {
            (arguments.text(0)?, arguments.integer_or(1, 5)?).map_bytes(|(text, precision)| {
                polyline::decode(text, usize::try_from(precision).unwrap_or(5))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
