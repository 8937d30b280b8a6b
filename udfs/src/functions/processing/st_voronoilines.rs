//! `ST_VoronoiLines`: the borders of the Voronoi diagram.

use godwit_geometry::construct::Cells;

use super::st_voronoipolygons::{ARGUMENTS, NOTES, voronoi};
use crate::function::{Category, Function, Nulls, Overload};

pub(super) static FUNCTION: Function = Function {
    title: "ST_VoronoiLines",
    category: Category::Processing,
    summary: "Returns the borders between the Voronoi cells of the vertices of a geometry.",
    notes: NOTES,
    example: "SELECT ST_AsText(ST_VoronoiLines('MULTIPOINT(0 0, 2 0)'))",
    nulls: Nulls::Seen,
    overloads: &[Overload {
        arguments: ARGUMENTS,
        evaluate: |arguments| voronoi(arguments, Cells::Edges),
        ..Overload::BASE
    }],
    ..Function::BASE
};
