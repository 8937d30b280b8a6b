//! `ST_CurveToLine`: a geometry with straight edges.

use godwit_geometry::curve::{self, Stroke, Tolerance};

use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_CurveToLine",
    category: Category::Processing,
    summary: "Returns a geometry with segments in place of arcs.",
    notes: "`tolerance` is a number of segments for a quarter of a circle when `tolerance_type` is \
            0, which is the default, the largest distance from the arc when it is 1, and the \
            largest angle of a segment in radians when it is 2; without a tolerance a quarter has 32 \
            segments. `flags` is a sum of 1 for segments that are the same in both directions and 2 \
            for such that keep the angle of the tolerance, with shorter ones at the ends. Heights \
            and measures change evenly along an arc. A CIRCULARSTRING or COMPOUNDCURVE becomes a \
            LINESTRING, a CURVEPOLYGON a POLYGON, a MULTICURVE a MULTILINESTRING and a MULTISURFACE \
            a MULTIPOLYGON; surfaces in space stay as they are.",
    example: "SELECT ST_AsText(ST_CurveToLine('CIRCULARSTRING(0 0, 1 1, 2 0)', 2), 3)",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("tol", "How close the edges are to an arc; 32 if left out.")
                .default("32"),
            Argument::integer("toltype", "What the tolerance means; 0 if left out.").default("0"),
            Argument::integer("flags", "How an arc is divided; 0 if left out.").optional(),
        ],
        passes: Some(0),
        evaluate: rows,
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn rows(arguments: &Arguments<'_>) -> Evaluated {
    let given =
        (arguments.float_or(1, 32.0)?, arguments.integer_or(2, 0)?, arguments.integer_or(3, 0)?);
    (arguments.geometry(0)?, given).map_borrowed(|(geometry, (tolerance, kind, flags))| {
        let stroke = Stroke {
            tolerance: Tolerance::new(tolerance, kind)?,
            symmetric: flags & 1 != 0,
            retain_angle: flags & 2 != 0,
        };
        curve::to_line(geometry, &stroke)
    })
}
