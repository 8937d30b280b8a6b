//! `ST_InverseTransformPipeline`: a geometry moved back along a coordinate operation.

use super::st_transformpipeline::{DIFFERENCE, GEOMETRY, NOTES, PIPELINE, SRID, transform};
use crate::function::{Category, CrsRule, Function, Kinds, Overload, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "ST_InverseTransformPipeline",
    category: Category::ReferenceSystem,
    summary: "Returns a geometry with its coordinates moved backwards by a coordinate operation.",
    notes: NOTES,
    example: "SELECT ST_AsText(ST_InverseTransformPipeline('POINT(426857.988 5427937.523)', 'urn:ogc:def:coordinateOperation:EPSG::16031'), 6)",
    parity: Parity::Differs(DIFFERENCE),
    kinds: Kinds::All,
    overloads: &[
        Overload {
            arguments: &[GEOMETRY, PIPELINE],
            crs: CrsRule::Unknown,
            evaluate: |arguments| transform(arguments, true),
            ..Overload::BASE
        },
        Overload {
            arguments: &[GEOMETRY, PIPELINE, SRID],
            crs: CrsRule::Argument(2),
            evaluate: |arguments| transform(arguments, true),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
