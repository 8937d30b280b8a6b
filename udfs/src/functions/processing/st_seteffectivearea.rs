//! `ST_SetEffectiveArea`: the area each vertex stands for, as its measure.

use godwit_geometry::construct;

use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_SetEffectiveArea",
    category: Category::Processing,
    summary: "Returns a geometry with the effective area of each vertex as its measure.",
    notes: "The effective area is that of the triangle with the neighbours when it is the turn of \
            the vertex to go in ST_SimplifyVW. Vertices that always stay have the largest value \
            of single precision. Vertices below `threshold` are left out. With a `set_area` of 0 \
            measures are not set.",
    example: "SELECT ST_AsText(ST_SetEffectiveArea('LINESTRING(0 0, 2 1, 4 0)'))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("threshold", "The area below which vertices are left out.").optional(),
            Argument::integer("set_area", "Whether areas become measures, 1 if left out.")
                .optional(),
        ],
        evaluate: |arguments| {
            let threshold = arguments.float_or(1, 0.0)?;
            (arguments.geometry(0)?, threshold, arguments.integer_or(2, 1)?).map_bytes(
                |(geometry, threshold, set_area)| {
                    if set_area == 0 {
                        return construct::simplify_vw(geometry, threshold);
                    }
                    construct::set_effective_area(geometry, threshold)
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
