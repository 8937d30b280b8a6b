//! `ST_ZMax`: the largest height of a geometry.

use crate::function::{Argument, Function, Kinds, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ZMax",
    summary: "Returns the largest height of a geometry; null when it has none.",
    example: "SELECT ST_ZMax('LINESTRING Z (1 2 3, 4 5 6)')",
    parity: Parity::Differs("PostGIS returns 0 for a geometry without that dimension."),
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Float64,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_f64(|geometry| {
                let mut result: Option<f64> = None;
                if geometry.dimension().has_z() {
                    geometry.coords(|coord| {
                        result = Some(result.map_or(coord.z, |known| known.max(coord.z)));
                    });
                }
                result
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
