//! `ST_TransformPipeline`: a geometry moved by a coordinate operation.

use godwit_geometry::GeometryError;
use godwit_geometry::transform::Pipeline;

use crate::arguments::Arguments;
use crate::function::{Argument, Category, CrsRule, Evaluated, Function, Kinds, Overload, Parity};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_TransformPipeline",
    category: Category::ReferenceSystem,
    summary: "Returns a geometry with its coordinates moved by a coordinate operation.",
    notes: NOTES,
    example: "SELECT ST_AsText(ST_TransformPipeline('POINT(2 49)', 'urn:ogc:def:coordinateOperation:EPSG::16031'), 3)",
    parity: Parity::Differs(DIFFERENCE),
    kinds: Kinds::All,
    overloads: &[
        Overload {
            arguments: &[GEOMETRY, PIPELINE],
            crs: CrsRule::Unknown,
            evaluate: |arguments| transform(arguments, false),
            ..Overload::BASE
        },
        Overload {
            arguments: &[GEOMETRY, PIPELINE, SRID],
            crs: CrsRule::Argument(2),
            evaluate: |arguments| transform(arguments, false),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

/// What both directions have to say.
pub(super) const NOTES: &str = "The operation is a PROJ string, such as `+proj=utm +zone=31`, a \
    pipeline of such with `+step`, or the URN of a UTM projection, \
    `urn:ogc:def:coordinateOperation:EPSG::16031`. Steps may be projections and `unitconvert`, \
    `axisswap`, `affine` and `noop`, each also with `+inv`; steps that shift datums or need \
    grids are refused. The reference system of the result is `to_srid`, or none.";

/// What `PostGIS` does that this does not.
pub(super) const DIFFERENCE: &str =
    "PostGIS takes all steps of PROJ, with grids, and all operations of the EPSG registry.";

pub(super) const GEOMETRY: Argument = Argument::geometry("geom", "The geometry.");
pub(super) const PIPELINE: Argument = Argument::text("pipeline", "The operation.");
pub(super) const SRID: Argument =
    Argument::integer("to_srid", "The reference system of the result.").literal();

/// Returns the geometries moved by the operation of their row.
pub(super) fn transform(arguments: &Arguments<'_>, is_inverse: bool) -> Evaluated {
    let texts = arguments.text(1)?;
    if arguments.is_constant(1) {
        let text = texts.get(0)?;
        // Rows without a geometry need no operation, so one that is wrong is told by the others.
        let pipeline = text.map(|text| Pipeline::parse(text, is_inverse));
        return arguments.geometry(0)?.map_bytes(|geometry| match &pipeline {
            Some(Ok(pipeline)) => pipeline.apply(geometry).map(Some),
            Some(Err(error)) => Err(error.clone()),
            None => Ok(None),
        });
    }
    (arguments.geometry(0)?, texts).map_bytes(|(geometry, text)| -> Result<_, GeometryError> {
        Pipeline::parse(text, is_inverse)?.apply(geometry)
    })
}
