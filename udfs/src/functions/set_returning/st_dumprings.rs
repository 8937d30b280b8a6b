//! `ST_DumpRings`: the rings of a polygon.

use godwit_geometry::dump;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::sets::map_dump;

pub(super) static FUNCTION: Function = Function {
    title: "ST_DumpRings",
    category: Category::SetReturning,
    summary: "Returns the rings of a polygon as polygons, each with its path.",
    notes: "`path` has one number: 0 for the exterior, then the holes from 1. Other kinds of geometry \
            are an error; take them apart with `ST_Dump` first.",
    example: "SELECT ST_DumpRings('POLYGON((0 0, 9 0, 9 9, 0 0), (3 1, 4 1, 4 2, 3 1))')",
    overloads: &[Overload {
        arguments: &[Argument::geometry("polygon", "The polygon.")],
        returns: Type::DUMP,
        evaluate: |arguments| {
            map_dump(&arguments.geometry(0)?, |geometry, dump| {
                dump::rings(geometry, &mut |path, wkb| dump.push(path, wkb))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
