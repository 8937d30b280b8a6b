//! `ST_Translate`: a geometry moved.

use godwit_geometry::edit;

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Translate",
    category: Category::Processing,
    summary: "Returns a geometry moved by a distance along each axis.",
    notes: "Measures stay as they are, and so do heights without a distance along Z.",
    example: "SELECT ST_AsText(ST_Translate('LINESTRING(0 0, 1 1)', 10, 20))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("deltax", "The distance along X."),
            Argument::float("deltay", "The distance along Y."),
            Argument::float("deltaz", "The distance along Z.").optional(),
        ],
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            if arguments.len() == 3 {
                return (geometry, arguments.floats::<2>(1)?).map_appended(
                    |(geometry, [x, y]), bytes| {
                        edit::append_translated(bytes, geometry, [x, y, 0.0]);
                    },
                );
            }
            (geometry, arguments.floats::<3>(1)?).map_appended(|(geometry, by), bytes| {
                edit::append_translated(bytes, geometry, by);
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
