//! `ST_CollectionExtract`: the points, lines or polygons of a collection.

use godwit_geometry::{GeometryError, Kind, edit};

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::functions::expect::refusal;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_CollectionExtract",
    category: Category::Processing,
    summary: "Returns the points, lines or polygons of a collection as a multi geometry.",
    notes: "Without a type, the parts of the highest dimension are returned. Empty parts are left \
            out. A geometry that is no collection is returned as it is, or as an empty one when it \
            is of another type. Curves and triangles are none of the three types.",
    example: "SELECT ST_AsText(ST_CollectionExtract('GEOMETRYCOLLECTION(POINT(0 0), LINESTRING(0 \
              0, 1 1))', 1))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::integer("type", "1 for points, 2 for lines, 3 for polygons.").optional(),
        ],
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            if arguments.len() == 1 {
                return geometry.map_borrowed(|geometry| edit::extract(geometry, None));
            }
            (geometry, arguments.integer(1)?)
                .map_borrowed(|(geometry, number)| Ok(edit::extract(geometry, kind(number)?)))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn kind(number: i64) -> Result<Option<Kind>, GeometryError> {
    match number {
        0 => Ok(None),
        1 => Ok(Some(Kind::Point)),
        2 => Ok(Some(Kind::LineString)),
        3 => Ok(Some(Kind::Polygon)),
        _ => Err(refusal(format!("ST_CollectionExtract: type {number} is not 1, 2 or 3"))),
    }
}
