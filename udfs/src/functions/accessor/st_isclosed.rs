//! `ST_IsClosed`: whether lines end where they start.

use godwit_geometry::{Geometry, Sequence, curve};

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_IsClosed",
    summary: "Returns whether every line of a geometry ends where it starts.",
    notes: "Points and polygons are closed; what is empty is not, nor is a collection with such \
            a member. A POLYHEDRALSURFACE or a TIN is closed when it encloses a volume.",
    example: "SELECT ST_IsClosed('LINESTRING(0 0, 1 1, 0 0)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Boolean,
        evaluate: |arguments| arguments.geometry(0)?.map_bool(is_closed),
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn is_closed(geometry: Geometry<'_>) -> bool {
    geometry.line().map_or_else(|| has_closed_parts(geometry), Sequence::is_closed)
}

fn has_closed_parts(geometry: Geometry<'_>) -> bool {
    if geometry.is_empty() {
        return false;
    }
    if !geometry.is_basic() {
        return curve::is_closed(geometry);
    }
    geometry.parts().all(is_closed)
}
