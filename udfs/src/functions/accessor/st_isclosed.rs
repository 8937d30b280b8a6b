//! `ST_IsClosed`: whether lines end where they start.

use godwit_geometry::{Kind, curve};

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_IsClosed",
    summary: "Returns whether every line of a geometry ends where it starts.",
    notes: "Points are closed; empty geometries are not. A POLYHEDRALSURFACE or a TIN is closed when \
            it encloses a volume.",
    example: "SELECT ST_IsClosed('LINESTRING(0 0, 1 1, 0 0)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Boolean,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_bool(|geometry| {
                if let Some(line) = geometry.line() {
                    return line.is_closed();
                }
                if !geometry.is_basic() {
                    return curve::is_closed(geometry);
                }
                let mut is_closed = !geometry.is_empty();
                geometry.sequences(&mut |kind, sequence| {
                    is_closed &= kind == Kind::Point || sequence.is_closed();
                });
                is_closed
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
