//! `GeometryType`: the kind of a geometry as WKT spells it.

use godwit_geometry::Dimension;

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "GeometryType",
    summary: "Returns the kind of a geometry as WKT spells it, such as `POINT`.",
    notes: "A geometry with a measure and no height gets an `M` at the end.",
    example: "SELECT GeometryType('LINESTRING(0 0, 1 1)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Text,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_text(|geometry| {
                let name = geometry.kind().wkt_name();
                let suffix = if geometry.dimension() == Dimension::Xym { "M" } else { "" };
                format!("{name}{suffix}")
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
