//! `h3_centeraswkt`: the centre of a cell as WKT.

use godwit_geometry::{Geometry, GeometryError, wkt};

use super::cell::Cell;
use super::h3_cell_to_point::centre;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_centeraswkt",
    category: Category::H3,
    summary: "Returns the centre of a cell as WKT in longitude and latitude.",
    example: "SELECT h3_centeraswkt('8928308280fffff')",
    parity: Parity::Extension("Databricks has the function."),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The cell.")],
            returns: Type::Text,
            evaluate: |arguments| arguments.integer(0)?.map_text(centre_text),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::Text,
            evaluate: |arguments| arguments.text(0)?.map_text(centre_text),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn centre_text(cell: impl Cell) -> Result<Option<String>, GeometryError> {
    let Some(wkb) = centre(cell) else {
        return Ok(None);
    };
    Ok(Some(wkt::format(Geometry::try_new(&wkb)?, 15)))
}
