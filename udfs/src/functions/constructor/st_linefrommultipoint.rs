//! `ST_LineFromMultiPoint`: a line through the points of a multipoint.

use godwit_geometry::{Geometry, GeometryError, Kind, write};

use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_LineFromMultiPoint",
    category: Category::Constructor,
    summary: "Returns a line through the points of a multipoint, in their order.",
    notes: "Heights and measures are kept. ST_MakeLine takes points and lines as well.",
    example: "SELECT ST_AsText(ST_LineFromMultiPoint('MULTIPOINT(0 0, 1 2)'))",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The multipoint.")],
        evaluate: |arguments| arguments.geometry(0)?.map_bytes(line_through),
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn line_through(points: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    if points.kind() != Kind::MultiPoint {
        return Err(GeometryError::InvalidArgument {
            reason: format!(
                "ST_LineFromMultiPoint takes a MULTIPOINT, not a {}",
                points.kind().wkt_name()
            ),
        });
    }
    let coords = points.parts().filter_map(Geometry::point);
    Ok(write::line_string(coords, points.dimension()))
}
