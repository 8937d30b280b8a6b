//! `ST_NumPatches`: the number of faces of a surface.

use godwit_geometry::Kind;

use super::count;
use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_NumPatches",
    summary: "Returns the number of faces of a POLYHEDRALSURFACE or a TIN; null for any other \
              geometry.",
    example: "SELECT ST_NumPatches('TIN(((0 0, 1 0, 0 1, 0 0)), ((1 0, 1 1, 0 1, 1 0)))')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("surface", "The surface.")],
        returns: Type::Int32,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_i32(|geometry| {
                let is_surface = matches!(geometry.kind(), Kind::PolyhedralSurface | Kind::Tin);
                is_surface.then(|| count(geometry.part_count()))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
