//! `ST_Centroid`: the centre of mass.

use godwit_geometry::construct;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Centroid",
    category: Category::Processing,
    summary: "Returns the centre of mass of the parts of highest dimension.",
    notes: "It may lie outside of the geometry; ST_PointOnSurface never does. The centroid of an \
            empty geometry is an empty point.",
    example: "SELECT ST_AsText(ST_Centroid('POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))'))",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Geometry,
        evaluate: |arguments| {
            arguments
                .geometry(0)?
                .map_appended(|geometry, bytes| construct::append_centroid(bytes, geometry))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
