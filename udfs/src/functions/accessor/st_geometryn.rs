//! `ST_GeometryN`: a member of a collection.

use godwit_geometry::{Geometry, to_iso};

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeometryN",
    summary: "Returns a member of a collection, counted from 1; null when there is no such member.",
    notes: "A single geometry is its own first member.",
    example: "SELECT ST_AsText(ST_GeometryN('MULTIPOINT(0 0, 1 1)', 2))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The collection."),
            Argument::integer("n", "The number of the member, from 1."),
        ],
        returns: Type::Geometry,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.integer(1)?)
                .map_borrowed(|(geometry, n)| member(geometry, n).map(to_iso))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn member(geometry: Geometry<'_>, n: i64) -> Option<Geometry<'_>> {
    let index = usize::try_from(n).ok()?.checked_sub(1)?;
    if geometry.kind().is_multi() {
        return geometry.parts().nth(index);
    }
    (index == 0 && !geometry.is_empty()).then_some(geometry)
}
