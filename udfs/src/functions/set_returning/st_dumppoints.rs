//! `ST_DumpPoints`: the vertices of a geometry.

use godwit_geometry::dump;

use crate::function::{Argument, Category, Function, Kinds, Overload, Type};
use crate::sets::map_dump;

pub(super) static FUNCTION: Function = Function {
    title: "ST_DumpPoints",
    category: Category::SetReturning,
    summary: "Returns the vertices of a geometry as points, each with its path.",
    notes: "`path` has the number of the member at each level, then the number of the ring in a \
            polygon, then the number of the vertex, all from 1. Empty geometries have no rows.",
    example: "SELECT ST_DumpPoints('LINESTRING(0 0, 1 1)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::DUMP,
        evaluate: |arguments| {
            map_dump(&arguments.geometry(0)?, |geometry, dump| {
                dump::points(geometry, &mut |path, wkb| dump.push(path, wkb))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
