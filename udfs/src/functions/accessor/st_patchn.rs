//! `ST_PatchN`: a face of a surface.

use godwit_geometry::{Geometry, Kind, to_iso};

use crate::function::{Argument, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_PatchN",
    summary: "Returns a face of a POLYHEDRALSURFACE or a TIN, counted from 1; null when there is no \
              such face.",
    notes: "A face of a POLYHEDRALSURFACE is a POLYGON, one of a TIN a TRIANGLE.",
    example: "SELECT ST_AsText(ST_PatchN('TIN(((0 0, 1 0, 0 1, 0 0)), ((1 0, 1 1, 0 1, 1 0)))', 2))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("surface", "The surface."),
            Argument::integer("n", "The number of the face, from 1."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.integer(1)?)
                .map_borrowed(|(geometry, n)| face(geometry, n).map(to_iso))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn face(geometry: Geometry<'_>, n: i64) -> Option<Geometry<'_>> {
    let index = usize::try_from(n).ok()?.checked_sub(1)?;
    let is_surface = matches!(geometry.kind(), Kind::PolyhedralSurface | Kind::Tin);
    if is_surface { geometry.parts().nth(index) } else { None }
}
