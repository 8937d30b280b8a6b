//! `ST_LineMerge`: lines joined to longer ones.

use godwit_geometry::noding;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_LineMerge",
    category: Category::Processing,
    summary: "Returns the lines of a geometry joined wherever exactly two of them end.",
    notes: "Lines are reversed where that is needed to join them, unless `directed`. The rings of \
            polygons count as lines; points are left out.",
    example: "SELECT ST_AsText(ST_LineMerge('MULTILINESTRING((0 0, 1 1), (2 2, 1 1))'))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The lines."),
            Argument::new("directed", Type::Boolean, "Whether to keep the direction of lines.")
                .optional(),
        ],
        returns: Type::Geometry,
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            if arguments.len() == 1 {
                return geometry.map_bytes(|geometry| noding::line_merge(geometry, false));
            }
            (geometry, arguments.boolean(1)?)
                .map_bytes(|(geometry, directed)| noding::line_merge(geometry, directed))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
