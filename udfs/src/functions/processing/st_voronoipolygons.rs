//! `ST_VoronoiPolygons`: the cells of the Voronoi diagram.

use godwit_geometry::construct;
use godwit_geometry::construct::Cells;

use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Nulls, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_VoronoiPolygons",
    aliases: &["ST_VoronoiDiagram"],
    category: Category::Processing,
    summary: "Returns the Voronoi cells of the vertices of a geometry, as polygons.",
    notes: NOTES,
    example: "SELECT ST_NumGeometries(ST_VoronoiPolygons('MULTIPOINT(0 0, 2 0, 1 2)'))",
    nulls: Nulls::Seen,
    overloads: &[Overload {
        arguments: ARGUMENTS,
        evaluate: |arguments| voronoi(arguments, Cells::Polygons),
        ..Overload::BASE
    }],
    ..Function::BASE
};

/// What both functions have to say.
pub(super) const NOTES: &str = "A cell is everything closer to its vertex than to the others. The \
    diagram covers the box around the vertices, grown by its longer side, and the box around \
    `extend_to`. Vertices closer than `tolerance` to another are left out. Less than two vertices \
    give an empty collection.";

/// What both functions take.
pub(super) const ARGUMENTS: &[Argument] = &[
    Argument::geometry("geom", "The geometry."),
    Argument::float("tolerance", "The distance below which vertices are one.").default("0"),
    Argument::geometry("extend_to", "A geometry whose box the diagram covers.").optional(),
];

/// Returns the parts of the diagram that are asked for.
pub(super) fn voronoi(arguments: &Arguments<'_>, cells: Cells) -> Evaluated {
    let tolerance = arguments.float_or(1, 0.0)?;
    (arguments.geometry(0)?, tolerance, arguments.maybe_geometry(2)?).map_bytes(
        |(geometry, tolerance, extend_to)| {
            construct::voronoi(geometry, tolerance, extend_to, cells)
        },
    )
}
