//! `ST_DelaunayTriangles`: the Delaunay triangulation.

use godwit_geometry::construct::Triangles;
use godwit_geometry::{Dimension, Geometry, GeometryError, Kind, construct, write};

use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_DelaunayTriangles",
    category: Category::Processing,
    summary: "Returns the Delaunay triangulation of the vertices of a geometry.",
    notes: "No vertex lies inside of the circle around a triangle. `flags` is 0 for a collection \
            of triangles, 1 for a multi line of the edges and 2 for a TIN. Vertices closer than `tolerance` to another are left out. Triangles \
            have the heights of their vertices. Where four vertices lie on a circle, either \
            diagonal is right.",
    example: "SELECT ST_AsText(ST_DelaunayTriangles('MULTIPOINT(0 0, 2 0, 1 2)'))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("g1", "The geometry."),
            Argument::float("tolerance", "The distance below which vertices are one.").default("0"),
            Argument::integer("flags", "0 for polygons, 1 for edges, 2 for a TIN.").optional(),
        ],
        evaluate: |arguments| {
            let tolerance = arguments.float_or(1, 0.0)?;
            (arguments.geometry(0)?, tolerance, arguments.integer_or(2, 0)?)
                .map_bytes(|(geometry, tolerance, flags)| triangles(geometry, tolerance, flags))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn triangles(geometry: Geometry<'_>, tolerance: f64, flags: i64) -> Result<Vec<u8>, GeometryError> {
    let output = match flags {
        0 => Triangles::Polygons,
        1 => Triangles::Edges,
        2 => Triangles::Surface,
        _ => {
            let reason = format!("the flags of the triangulation are {flags}, expected 0, 1 or 2");
            return Err(GeometryError::InvalidArgument { reason });
        }
    };
    if geometry.is_empty() {
        let kind = match output {
            Triangles::Polygons => Kind::GeometryCollection,
            Triangles::Edges => Kind::MultiLineString,
            Triangles::Surface => Kind::Tin,
        };
        return Ok(write::empty(kind, Dimension::Xy));
    }
    construct::delaunay_triangles(geometry, tolerance, output)
}
