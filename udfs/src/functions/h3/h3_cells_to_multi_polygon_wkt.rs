//! `h3_cells_to_multi_polygon_wkt`: the outline of many cells as WKT.

use super::geometry_text::as_wkt;
use super::h3_cells_to_multi_polygon::outline_of;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_cells_to_multi_polygon_wkt",
    category: Category::H3,
    summary: "Returns the outline of cells as WKT in longitude and latitude.",
    notes: "Null when one of the values is not a cell.",
    example: "SELECT h3_cells_to_multi_polygon_wkt(['8928308280fffff'])",
    parity: Parity::Extension("The extension for DuckDB has the function."),
    overloads: &[
        Overload {
            arguments: &[Argument::new("cells", Type::Int64List, "The cells.")],
            returns: Type::Text,
            evaluate: |arguments| arguments.list(0)?.map_text(|cells| as_wkt(outline_of(&cells)?)),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::new(
                "cells",
                Type::TextList,
                "The cells in hexadecimal digits.",
            )],
            returns: Type::Text,
            evaluate: |arguments| arguments.list(0)?.map_text(|cells| as_wkt(outline_of(&cells)?)),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
