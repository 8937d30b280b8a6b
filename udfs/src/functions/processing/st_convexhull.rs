//! `ST_ConvexHull`: the convex hull.

use godwit_geometry::{Geometry, GeometryError, construct, curve, to_iso};

use crate::function::{Argument, Category, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ConvexHull",
    category: Category::Processing,
    summary: "Returns the smallest convex geometry that contains a geometry.",
    example: "SELECT ST_AsText(ST_ConvexHull('MULTIPOINT(0 0, 2 0, 1 1, 0 2)'))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Geometry,
        evaluate: |arguments| arguments.geometry(0)?.map_bytes(convex_hull),
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn convex_hull(geometry: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    if geometry.is_empty() {
        return Ok(to_iso(geometry).into_owned());
    }
    Ok(construct::convex_hull(Geometry::try_new(&curve::to_basic(geometry)?)?))
}
