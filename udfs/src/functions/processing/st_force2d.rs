//! `ST_Force2D`: a geometry without heights and measures.

use godwit_geometry::Dimension;
use godwit_geometry::wkb::force_dimension;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Force2D",
    category: Category::Processing,
    summary: "Returns a geometry without heights and measures.",
    example: "SELECT ST_AsText(ST_Force2D('POINT ZM (1 2 3 4)'))",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Geometry,
        evaluate: |arguments| {
            arguments
                .geometry(0)?
                .map_bytes(|geometry| force_dimension(geometry, Dimension::Xy, 0.0, 0.0))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
