//! `ST_Extent_Approx`: the box around a geometry in single precision.

use godwit_geometry::box_2d;

use crate::function::{Argument, Function, Kinds, Overload, Parity};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Extent_Approx",
    summary: "Returns a box of single-precision numbers around a geometry, as a polygon.",
    notes: "The box contains the geometry and is hardly larger. It is null when the geometry is \
            empty.",
    example: "SELECT ST_AsText(ST_Extent_Approx('LINESTRING(0 0, 2 1)'))",
    parity: Parity::Extension("DuckDB has the function; its result is a BOX_2DF."),
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        evaluate: |arguments| {
            arguments.geometry(0)?.map_bytes(|geometry| {
                let [xmin, ymin, xmax, ymax] = geometry.bounds()?.to_f32_outward().map(f64::from);
                Some(box_2d([xmin, ymin], [xmax, ymax]))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
