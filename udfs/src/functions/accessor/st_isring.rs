//! `ST_IsRing`: whether a line is closed and simple.

use godwit_geometry::{Geometry, GeometryError, Kind, curve, validity};

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_IsRing",
    summary: "Returns whether a line ends where it starts and meets itself nowhere else.",
    notes: "Geometries other than lines are refused unless they are empty.",
    example: "SELECT ST_IsRing('LINESTRING(0 0, 1 0, 1 1, 0 0)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The line.")],
        returns: Type::Boolean,
        evaluate: |arguments| arguments.geometry(0)?.map_bool(is_ring),
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn is_ring(geometry: Geometry<'_>) -> Result<bool, GeometryError> {
    if geometry.is_empty() {
        return Ok(false);
    }
    if matches!(geometry.kind(), Kind::CircularString | Kind::CompoundCurve) {
        let line = curve::to_basic(geometry)?;
        return Ok(curve::is_closed(geometry) && validity::is_simple(Geometry::try_new(&line)?));
    }
    let Some(line) = geometry.line() else {
        return Err(GeometryError::InvalidArgument {
            reason: format!("ST_IsRing takes a line, not \"{}\"", geometry.kind().wkt_name()),
        });
    };
    Ok(line.xy(0) == line.xy(line.len() - 1) && validity::is_simple(geometry))
}
