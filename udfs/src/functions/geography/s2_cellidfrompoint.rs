//! `S2_CellIdFromPoint`: the smallest S2 cell of a point on the earth.

use godwit_geometry::GeometryError;
use godwit_geometry::geodesic::s2;

use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "S2_CellIdFromPoint",
    category: Category::Accessor,
    summary: "Returns the id of the smallest S2 cell, of level 30, in which a point lies.",
    notes: "Ids are 64-bit integers with a sign; those of the cube's last two sides are negative. An \
            empty point is in no cell.",
    example: "SELECT S2_CellIdFromPoint(ST_GeogPoint(24.75, 59.44))",
    parity: Parity::Extension("SedonaDB and BigQuery have the function."),
    overloads: &[Overload {
        arguments: &[Argument::geography("geog", "The point.")],
        returns: Type::Int64,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_i64(|geometry| {
                if geometry.is_empty() {
                    return Ok(None);
                }
                let position =
                    geometry.point_xy().ok_or_else(|| GeometryError::InvalidArgument {
                        reason: format!(
                            "S2_CellIdFromPoint takes a POINT, not a {}",
                            geometry.kind().wkt_name()
                        ),
                    })?;
                Ok(Some(s2::cell_id(position).cast_signed()))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
