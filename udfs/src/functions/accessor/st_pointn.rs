//! `ST_PointN`: a point of a line.

use godwit_geometry::{Geometry, write};

use super::path;
use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_PointN",
    summary: "Returns a point of a line, counted from 1; null when there is no such point.",
    notes: "A negative number counts from the end. Other geometries than lines give null.",
    example: "SELECT ST_AsText(ST_PointN('LINESTRING(0 0, 1 1, 2 2)', -1))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("line", "The line."),
            Argument::integer("n", "The number of the point, from 1, or from -1 at the end."),
        ],
        returns: Type::Geometry,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.integer(1)?)
                .map_appended(|(geometry, n), bytes| append_point_at(bytes, geometry, n))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn append_point_at(bytes: &mut Vec<u8>, geometry: Geometry<'_>, n: i64) -> Option<()> {
    let length = i64::try_from(path::length(geometry)?).ok()?;
    let index = if n < 0 { length + n } else { n - 1 };
    if index < 0 || index >= length {
        return None;
    }
    let index = usize::try_from(index).ok()?;
    let coord = match geometry.path() {
        Some(path) => path.coord(index),
        None => path::compound_coord(geometry, index)?,
    };
    write::append_point(bytes, coord, geometry.dimension());
    Some(())
}
