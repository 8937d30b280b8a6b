//! `ST_MakeValid`: a geometry repaired.

use godwit_geometry::validity::{self, Repair};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_MakeValid",
    category: Category::Processing,
    summary: "Returns a valid geometry with the vertices of an invalid one; a valid one as it is.",
    notes: "By default an area begins or ends at every line of a polygon, and lines that enclose \
            nothing stay lines. `method=structure` keeps what shells wind around and takes away \
            what holes wind around; parts that collapse to lines or points are dropped then, unless \
            `keepcollapsed=true`.",
    example: "SELECT ST_AsText(ST_MakeValid('POLYGON((0 0, 2 2, 2 0, 0 2, 0 0))'))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::text(
                "params",
                "`method=linework`, or `method=structure` and `keepcollapsed=true` or `false`.",
            )
            .optional(),
        ],
        returns: Type::Geometry,
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            if arguments.len() == 1 {
                return geometry
                    .map_bytes(|geometry| validity::make_valid(geometry, Repair::default()));
            }
            (geometry, arguments.text(1)?).map_bytes(|(geometry, params)| {
                validity::make_valid(geometry, Repair::parse(params)?)
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
