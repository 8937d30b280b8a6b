//! `ST_Boundary`: the boundary of a geometry.

use godwit_geometry::{GeometryError, construct, curve};

use crate::function::{Argument, Category, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Boundary",
    category: Category::Processing,
    summary: "Returns the boundary of a geometry: the rings of polygons and the ends of lines.",
    example: "SELECT ST_AsText(ST_Boundary('LINESTRING(0 0, 1 1)'))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Geometry,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_appended(|geometry, bytes| {
                if geometry.is_basic() {
                    construct::append_boundary(bytes, geometry);
                } else {
                    bytes.extend_from_slice(&curve::boundary(geometry)?);
                }
                Ok::<_, GeometryError>(())
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
