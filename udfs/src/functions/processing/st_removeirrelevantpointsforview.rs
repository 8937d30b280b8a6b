//! `ST_RemoveIrrelevantPointsForView`: a geometry without what a window does not show.

use godwit_geometry::{Geometry, construct, to_iso};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_RemoveIrrelevantPointsForView",
    category: Category::Processing,
    summary: "Returns polygons and lines without the points that a window does not show.",
    notes: "For drawing only: of points that follow each other on one side of the window only the \
            first and the last stay, so the result may be invalid. With `cartesian_hint` corners \
            outside go too, which is right when edges are drawn straight. Points and collections \
            stay as they are.",
    example: "SELECT ST_AsText(ST_RemoveIrrelevantPointsForView(\
                'LINESTRING(0 0, 20 1, 30 2, 20 3)', ST_MakeEnvelope(-1, -1, 9, 9)))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::geometry("bounds", "A geometry whose box is the window."),
            Argument::new(
                "cartesian_hint",
                Type::Boolean,
                "Whether edges are drawn straight, not if left out.",
            )
            .optional(),
        ],
        evaluate: |arguments| {
            let bounds = arguments.geometry(1)?;
            (arguments.geometry(0)?, bounds, arguments.boolean_or(2, false)?)
                .map_bytes(|(geometry, bounds, is_straight)| seen(geometry, bounds, is_straight))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn seen(geometry: Geometry<'_>, bounds: Geometry<'_>, is_straight: bool) -> Vec<u8> {
    match bounds.bounds() {
        Some(window) => construct::remove_irrelevant_points(geometry, &window, is_straight),
        None => to_iso(geometry).into_owned(),
    }
}
