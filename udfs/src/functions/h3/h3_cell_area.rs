//! `h3_cell_area`: the area of a cell.

use super::cell::Cell;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_cell_area",
    category: Category::H3,
    summary: "Returns the exact area of a cell.",
    notes: "Units are `km^2`, `m^2` and `rads^2`; null for others. Without a unit, square \
            kilometres.",
    example: "SELECT h3_cell_area('8928308280fffff', 'm^2')",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("cell", "The cell."),
                Argument::text("unit", "`km^2`, `m^2` or `rads^2`.").optional(),
            ],
            returns: Type::Float64,
            evaluate: |arguments| {
                let cells = arguments.integer(0)?;
                if arguments.len() == 1 {
                    return cells.map_f64(|cell| area(cell, "km^2"));
                }
                (cells, arguments.text(1)?).map_f64(|(cell, unit)| area(cell, unit))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("cell", "The cell in hexadecimal digits."),
                Argument::text("unit", "`km^2`, `m^2` or `rads^2`.").optional(),
            ],
            returns: Type::Float64,
            evaluate: |arguments| {
                let cells = arguments.text(0)?;
                if arguments.len() == 1 {
                    return cells.map_f64(|cell| area(cell, "km^2"));
                }
                (cells, arguments.text(1)?).map_f64(|(cell, unit)| area(cell, unit))
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

/// Returns the area of a cell in a unit.
fn area(cell: impl Cell, unit: &str) -> Option<f64> {
    let cell = cell.cell()?;
    match unit {
        "km^2" => Some(cell.area_km2()),
        "m^2" => Some(cell.area_m2()),
        "rads^2" => Some(cell.area_rads2()),
        _ => None,
    }
}
