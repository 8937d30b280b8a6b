//! `ST_InteriorRingN`: a hole of a polygon.

use godwit_geometry::{Kind, to_iso, write};

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_InteriorRingN",
    summary: "Returns a hole of a polygon as a line, counted from 1; null when there is no such \
              hole.",
    example: "SELECT ST_AsText(ST_InteriorRingN('POLYGON((0 0, 9 0, 9 9, 0 0), (3 1, 4 1, 4 2, 3 \
              1))', 1))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("polygon", "The polygon."),
            Argument::integer("n", "The number of the hole, from 1."),
        ],
        returns: Type::Geometry,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.integer(1)?).map_bytes(|(geometry, n)| {
                let index = usize::try_from(n).ok().filter(|index| *index > 0)?;
                if geometry.kind() == Kind::CurvePolygon {
                    return geometry.parts().nth(index).map(|ring| to_iso(ring).into_owned());
                }
                let ring = geometry.rings().nth(index)?;
                Some(write::line_string(ring, geometry.dimension()))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
