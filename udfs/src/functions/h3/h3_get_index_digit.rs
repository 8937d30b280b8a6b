//! `h3_get_index_digit`: one digit of a cell.

use super::cell::{Cell as _, Index, Indexes};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_get_index_digit",
    category: Category::H3,
    summary: "Returns the digit of a cell at a resolution, 1 to 15.",
    notes: "The digit is 7 at resolutions finer than that of the cell, and null when there is no \
            such resolution.",
    example: "SELECT h3_get_index_digit('822d57fffffffff', 1)",
    parity: Parity::Extension("The H3 library and its extension for DuckDB have the function."),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("cell", "The cell."),
                Argument::integer("resolution", "The resolution, 1 to 15."),
            ],
            returns: Type::Int32,
            evaluate: digits,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("cell", "The cell in hexadecimal digits."),
                Argument::integer("resolution", "The resolution, 1 to 15."),
            ],
            returns: Type::Int32,
            evaluate: digits,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn digits(arguments: &Arguments<'_>) -> Evaluated {
    (Indexes::of(arguments, 0)?, arguments.integer(1)?)
        .map_i32(|(cell, resolution)| digit(cell, resolution))
}

fn digit(cell: Index, number: i64) -> Option<i32> {
    let bits = u64::from(cell.cell()?);
    let shift = u32::try_from(15_i64.checked_sub(number)?).ok().filter(|shift| *shift < 15)?;
    i32::try_from((bits >> (3 * shift)) & 7).ok()
}
