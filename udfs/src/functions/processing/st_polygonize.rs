//! `ST_Polygonize`: the polygons that lines enclose.

use godwit_geometry::noding;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Polygonize",
    category: Category::Processing,
    summary: "Returns a collection of the polygons that lines enclose.",
    notes: "The lines are expected to meet at their ends only; ST_Node cuts them so. Lines that \
            enclose nothing are left out. With one geometry the name means the aggregate \
            `ST_Polygonize_Agg`.",
    example: "SELECT ST_AsText(ST_Polygonize(ARRAY[ST_GeomFromText('LINESTRING(0 0, 1 0, 1 1)'), \
              ST_GeomFromText('LINESTRING(1 1, 0 0)')]))",
    overloads: &[Overload {
        arguments: &[Argument::new("geoms", Type::GeometryList, "The lines.")],
        returns: Type::Geometry,
        evaluate: |arguments| {
            arguments.geometry_list(0)?.map_bytes(|geometries| {
                (!geometries.is_empty()).then(|| noding::polygonize(&geometries))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
