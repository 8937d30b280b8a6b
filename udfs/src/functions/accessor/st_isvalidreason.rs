//! `ST_IsValidReason`: what makes a geometry invalid.

use godwit_geometry::validity;

use crate::function::{Argument, Function, Overload, Type};
use crate::rows::Rows as _;

const VALID: &str = "Valid Geometry";

pub(super) static FUNCTION: Function = Function {
    title: "ST_IsValidReason",
    summary: "Returns what makes a geometry invalid and where, or `Valid Geometry`.",
    notes: "Where several things are wrong, one of them is told. With `flags` 1 a ring may touch \
            itself to make a hole. As in PostGIS, a call with flags tells no place.",
    example: "SELECT ST_IsValidReason('POLYGON((0 0, 2 2, 2 0, 0 2, 0 0))')",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::integer("flags", "1 allows rings that touch themselves, 0 does not.")
                .optional(),
        ],
        returns: Type::Text,
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            if arguments.len() == 1 {
                return geometry.map_text(|geometry| reason(validity::defect(geometry, false)));
            }
            (geometry, arguments.integer(1)?).map_text(|(geometry, flags)| {
                let defect = validity::defect(geometry, flags & 1 == 1);
                defect.map_or(VALID, |defect| defect.flaw.reason()).to_owned()
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn reason(defect: Option<validity::Defect>) -> String {
    defect.map_or_else(|| VALID.to_owned(), |defect| defect.to_string())
}
