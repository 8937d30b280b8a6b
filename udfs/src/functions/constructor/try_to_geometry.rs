//! `TRY_TO_GEOMETRY`: a geometry read from whatever holds one, or null.

use godwit_geometry::{Geometry, WkbColumn, to_iso};

use crate::answers::BytesAnswers;
use crate::arguments::Arguments;
use crate::function::{Argument, Category, CrsRule, Evaluated, Function, Overload, Parity, Type};
use crate::literal::read_geometry_text;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "TRY_TO_GEOMETRY",
    category: Category::Constructor,
    summary: "Returns the geometry that a text or bytes hold; null when they hold none.",
    notes: "Texts are WKT, EWKT, GeoJSON or hexadecimal WKB, bytes are WKB or EWKB. A reference \
            system counts when the text or the bytes are a literal.",
    example: "SELECT TRY_TO_GEOMETRY('POINT(1') IS NULL",
    parity: Parity::Extension("Snowflake and Databricks have the function."),
    overloads: &[
        Overload {
            arguments: &[
                Argument::text("text", "The text."),
                Argument::integer("srid", "The reference system.").optional().literal(),
            ],
            crs: CrsRule::Attempt(1),
            evaluate: |arguments| {
                let read = |text| read_geometry_text(text).ok().map(|(wkb, _)| wkb);
                arguments.text(0)?.map_bytes(read)
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::new("wkb", Type::Binary, "The bytes."),
                Argument::integer("srid", "The reference system.").optional().literal(),
            ],
            crs: CrsRule::Attempt(1),
            evaluate: bytes_rows,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn bytes_rows(arguments: &Arguments<'_>) -> Evaluated {
    let array = arguments.array(0)?;
    let column = WkbColumn::try_new(array.as_ref()).ok_or_else(|| arguments.wrong_type(0))?;
    let mut answers = BytesAnswers::new(arguments.row_count, 0);
    for row in 0..arguments.row_count {
        let bytes = column.get(if array.len() == 1 { 0 } else { row });
        let geometry = bytes.and_then(|bytes| Geometry::try_any(bytes).ok());
        answers.push(geometry.map(to_iso).as_deref())?;
    }
    answers.finish()
}
