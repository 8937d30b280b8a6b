//! `ST_AddMeasure`: a line with measures that grow with its length.

use godwit_geometry::linear;

use crate::function::{Argument, Category, Function, Overload};
use crate::functions::expect::refusal;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_AddMeasure",
    category: Category::LinearReferencing,
    summary: "Returns a line with measures that grow from a start to an end with its length.",
    notes: "Measures that it has already are replaced. In a multiline they grow over all of its \
            lines. Other geometries are refused.",
    example: "SELECT ST_AsText(ST_AddMeasure('LINESTRING(0 0, 1 0, 4 0)', 10, 18))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The line or multiline."),
            Argument::float("measure_start", "The measure at the start."),
            Argument::float("measure_end", "The measure at the end."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.floats::<2>(1)?).map_bytes(|(geometry, range)| {
                linear::add_measure(geometry, range).ok_or_else(|| {
                    let name = geometry.kind().wkt_name();
                    refusal(format!("ST_AddMeasure takes lines, not {name}"))
                })
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
