//! `ST_LocateBetweenElevations`: the parts of a geometry between two heights.

use godwit_geometry::edit::Ordinate;
use godwit_geometry::linear;

use crate::function::{Argument, Category, Function, Overload};
use crate::functions::expect::refusal;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_LocateBetweenElevations",
    category: Category::LinearReferencing,
    summary: "Returns the parts of a geometry between two heights, as a multi geometry or \
              collection.",
    notes: "Lines and rings are cut where they reach the heights; a line that only touches the \
            range leaves a point. Geometries without heights are refused.",
    example: "SELECT ST_AsText(ST_LocateBetweenElevations('LINESTRING Z (0 0 0, 10 0 10)', 2, 4))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry with heights."),
            Argument::float("elevation_start", "One end of the range."),
            Argument::float("elevation_end", "The other end of the range."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.floats::<2>(1)?).map_bytes(|(geometry, range)| {
                if !geometry.dimension().has_z() {
                    return Err(refusal(
                        "ST_LocateBetweenElevations takes a geometry with heights",
                    ));
                }
                Ok(linear::between(geometry, Ordinate::Z, range))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
