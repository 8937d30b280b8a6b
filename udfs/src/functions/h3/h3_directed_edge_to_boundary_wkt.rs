//! `h3_directed_edge_to_boundary_wkt`: the line between two cells as WKT.

use super::geometry_text::as_wkt;
use super::h3_directed_edge_to_boundary::boundary;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_directed_edge_to_boundary_wkt",
    category: Category::H3,
    summary: "Returns the line that a directed edge crosses as WKT in longitude and latitude.",
    example: "SELECT h3_directed_edge_to_boundary_wkt('165283473fffffff')",
    parity: Parity::Extension("The H3 library and its extension for DuckDB have the function."),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("edge", "The directed edge.")],
            returns: Type::Text,
            evaluate: |arguments| arguments.integer(0)?.map_text(|edge| as_wkt(boundary(edge))),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("edge", "The directed edge in hexadecimal digits.")],
            returns: Type::Text,
            evaluate: |arguments| arguments.text(0)?.map_text(|edge| as_wkt(boundary(edge))),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
