//! `ST_H3CellIDs`: the cells of a geometry.

use super::cell::integers;
use super::fill::{Mode, cells_in, cells_over};
use super::h3_latlng_to_cell::check_degrees;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_H3CellIDs",
    category: Category::H3,
    summary: "Returns the cells that cover a geometry, or those whose centres lie in it.",
    notes: "With `full_cover` these are the cells of h3_coverage, without it those of \
            h3_polygon_to_cells.",
    example: "SELECT ST_H3CellIDs('POLYGON((24 59, 25 59, 25 60, 24 60, 24 59))', 4, true)",
    parity: Parity::Extension("Sedona has the function."),
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry, in longitude and latitude."),
            Argument::integer("resolution", "The resolution, 0 to 15."),
            Argument::new("full_cover", Type::Boolean, "Whether every position is covered."),
        ],
        returns: Type::Int64List,
        check: check_degrees,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.integer(1)?, arguments.boolean(2)?).map_i64_list(
                |(geometry, number, is_full)| {
                    let cells = if is_full {
                        cells_over(geometry, number)?
                    } else {
                        cells_in(geometry, number, Mode::Centre)?
                    };
                    Ok(cells.as_deref().map(integers))
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
