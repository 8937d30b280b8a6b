//! `ST_MakePolygon`: a polygon of its exterior ring.

use godwit_geometry::{Geometry, GeometryError, Kind, write};

use crate::function::{Argument, Category, Function, Overload, Parity};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_MakePolygon",
    category: Category::Constructor,
    summary: "Returns the polygon whose exterior ring is a closed line.",
    example: "SELECT ST_AsText(ST_MakePolygon('LINESTRING(0 0, 1 0, 1 1, 0 0)'))",
    parity: Parity::Differs("PostGIS also takes an array of interior rings."),
    overloads: &[Overload {
        arguments: &[Argument::geometry("shell", "A closed line of at least four points.")],
        evaluate: |arguments| arguments.geometry(0)?.map_bytes(polygon_of),
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn polygon_of(shell: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    let Some(line) = shell.line() else {
        return Err(invalid("shell is not a line"));
    };
    if line.is_empty() {
        return Ok(write::empty(Kind::Polygon, shell.dimension()));
    }
    if line.len() < 4 {
        return Err(invalid("shell must have at least 4 points"));
    }
    if !line.is_closed() {
        return Err(invalid("shell must be closed"));
    }
    Ok(write::polygon([line], shell.dimension()))
}

fn invalid(reason: &str) -> GeometryError {
    GeometryError::InvalidArgument { reason: format!("ST_MakePolygon: {reason}") }
}
