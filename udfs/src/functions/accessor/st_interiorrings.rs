//! `ST_InteriorRings`: the holes of a polygon.

use godwit_geometry::dump;

use crate::function::{Argument, Function, Kinds, Overload, Parity, Type};
use crate::sets::map_geometries;

pub(super) static FUNCTION: Function = Function {
    title: "ST_InteriorRings",
    summary: "Returns the holes of a polygon as a list of lines; null for other kinds.",
    notes: "`UNNEST(ST_InteriorRings(polygon))` makes a row of each. A polygon without holes has \
            an empty list.",
    example: "SELECT array_length(ST_InteriorRings('POLYGON((0 0, 9 0, 9 9, 0 0), (3 1, 4 1, 4 2, \
              3 1))'))",
    parity: Parity::Extension("PostGIS has no such function; BigQuery has it."),
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("polygon", "The polygon.")],
        returns: Type::GeometryList,
        evaluate: |arguments| map_geometries(&arguments.geometry(0)?, dump::holes),
        ..Overload::BASE
    }],
    ..Function::BASE
};
