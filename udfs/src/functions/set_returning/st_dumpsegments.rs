//! `ST_DumpSegments`: the segments of a geometry.

use godwit_geometry::dump;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::sets::map_dump;

pub(super) static FUNCTION: Function = Function {
    title: "ST_DumpSegments",
    category: Category::SetReturning,
    summary: "Returns the segments of lines and rings as lines of two vertices, each with its path.",
    notes: "`path` has the number of the member at each level, then the number of the ring in a \
            polygon, then the number of the segment, all from 1. Points have no segments.",
    example: "SELECT ST_DumpSegments('LINESTRING(0 0, 1 1, 2 0)')",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::DUMP,
        evaluate: |arguments| {
            map_dump(&arguments.geometry(0)?, |geometry, dump| {
                dump::segments(geometry, &mut |path, wkb| dump.push(path, wkb))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
