//! `TO_GEOMETRY`: a geometry read from whatever holds one.

use godwit_geometry::to_iso;

use crate::function::{Argument, Category, CrsRule, Function, Kinds, Overload, Parity};
use crate::literal::read_geometry_text;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "TO_GEOMETRY",
    category: Category::Constructor,
    summary: "Returns the geometry that a text or bytes hold, whatever their format.",
    notes: "Texts are WKT, EWKT, GeoJSON or hexadecimal WKB, bytes are WKB or EWKB. A reference \
            system in the text counts when the text is a literal. TRY_TO_GEOMETRY answers null \
            where this function fails.",
    example: "SELECT ST_AsText(TO_GEOMETRY('POINT(1 2)'))",
    parity: Parity::Extension("Snowflake and Databricks have the function."),
    kinds: Kinds::All,
    overloads: &[
        Overload {
            arguments: &[
                Argument::text("text", "The text."),
                Argument::integer("srid", "The reference system.").optional().literal(),
            ],
            crs: CrsRule::Text(1),
            evaluate: |arguments| {
                arguments.text(0)?.map_bytes(|text| read_geometry_text(text).map(|(wkb, _)| wkb))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::geometry("geom", "The bytes, or a geometry."),
                Argument::integer("srid", "The reference system.").optional().literal(),
            ],
            crs: CrsRule::Argument(1),
            evaluate: |arguments| arguments.geometry(0)?.map_borrowed(to_iso),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
