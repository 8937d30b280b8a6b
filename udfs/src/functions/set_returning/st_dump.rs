//! `ST_Dump`: the points, lines and polygons a geometry is made of.

use godwit_geometry::dump;

use crate::function::{Argument, Category, Function, Kinds, Overload, Type};
use crate::sets::map_dump;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Dump",
    category: Category::SetReturning,
    summary: "Returns the points, lines and polygons a geometry is made of, each with its path.",
    notes: "`path` has the number of the member at each level, from 1, and is empty when the geometry \
            has no members. Nested collections are opened. In FROM the call is a table with the \
            columns `path` and `geom`; in a select list it makes a row of each part, and \
            `(ST_Dump(geom)).geom` is the part alone. Empty members are kept; an \
            empty geometry has no parts.",
    example: "SELECT ST_Dump('MULTIPOINT(0 0, 1 1)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::DUMP,
        evaluate: |arguments| {
            map_dump(&arguments.geometry(0)?, |geometry, dump| {
                dump::parts(geometry, &mut |path, wkb| dump.push(path, wkb))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
