//! `ST_MakeEnvelope`: a rectangle of its corners.

use godwit_geometry::{Coord, Dimension, write};

use crate::function::{Argument, Category, CrsRule, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_MakeEnvelope",
    category: Category::Constructor,
    summary: "Returns the rectangle between two corners as a polygon.",
    notes: "The ring runs from the lower left corner upwards.",
    example: "SELECT ST_AsText(ST_MakeEnvelope(0, 0, 2, 1))",
    overloads: &[Overload {
        arguments: &[
            Argument::float("xmin", "The smallest X."),
            Argument::float("ymin", "The smallest Y."),
            Argument::float("xmax", "The largest X."),
            Argument::float("ymax", "The largest Y."),
            Argument::integer("srid", "The reference system.").optional().literal(),
        ],
        crs: CrsRule::Argument(4),
        evaluate: |arguments| {
            let corners = (
                arguments.float(0)?,
                arguments.float(1)?,
                arguments.float(2)?,
                arguments.float(3)?,
            );
            corners.map_bytes(|(xmin, ymin, xmax, ymax)| {
                let ring = [(xmin, ymin), (xmin, ymax), (xmax, ymax), (xmax, ymin), (xmin, ymin)];
                write::polygon([ring.map(|(x, y)| Coord::xy(x, y))], Dimension::Xy)
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
