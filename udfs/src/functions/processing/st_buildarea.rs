//! `ST_BuildArea`: the area that lines enclose.

use godwit_geometry::{Geometry, GeometryError, Kind, noding, write};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_BuildArea",
    category: Category::Processing,
    summary: "Returns the area that the lines of a geometry enclose; null when there is none.",
    notes: "What lies in a ring that lies in another ring is a hole, and what lies in that an \
            area again. The lines are expected to meet at their ends only; ST_Node cuts them so.",
    example: "SELECT ST_AsText(ST_BuildArea('MULTILINESTRING((0 0, 4 0, 4 4, 0 0), (2 1, 3 1, 3 2, 2 1))'))",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The lines or polygons.")],
        returns: Type::Geometry,
        evaluate: |arguments| arguments.geometry(0)?.map_bytes(build_area),
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn build_area(geometry: Geometry<'_>) -> Result<Option<Vec<u8>>, GeometryError> {
    if geometry.is_empty() {
        return Ok(Some(write::empty(Kind::Polygon, geometry.dimension())));
    }
    noding::build_area(geometry)
}
