//! `h3_construct_cell`: a cell of its base cell and digits.

use arrow::array::{ArrayRef, AsArray as _};
use arrow::datatypes::Int64Type;
use h3o::CellIndex;

use super::cell::IndexRows as _;
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_construct_cell",
    category: Category::H3,
    summary: "Returns the cell that a base cell and digits name.",
    notes: "There is one digit for each resolution from 1 on; a resolution given as well takes \
            that many of them. Null when there is no such cell.",
    example: "SELECT h3_construct_cell(20, [0, 4, 2])",
    parity: Parity::Extension("The H3 library and its extension for DuckDB have the function."),
    overloads: &[Overload {
        arguments: ARGUMENTS,
        returns: Type::Int64,
        evaluate: cells,
        ..Overload::BASE
    }],
    ..Function::BASE
};

/// What the function takes, whatever form it answers in.
pub(super) const ARGUMENTS: &[Argument] = &[
    Argument::integer("base_cell", "The number of the base cell, 0 to 121."),
    Argument::new("digits", Type::Int64List, "The digits, 0 to 6."),
    Argument::integer("resolution", "The resolution.").optional(),
];

/// Returns cells of their base cells and digits, in the form of the result.
pub(super) fn cells(arguments: &Arguments<'_>) -> Evaluated {
    let (bases, digits) = (arguments.integer(0)?, arguments.list(1)?);
    if arguments.len() == 2 {
        return (bases, digits)
            .map_index(arguments.result, |(base, digits)| Ok(construct(base, &digits, None)));
    }
    (bases, digits, arguments.integer(2)?).map_index(arguments.result, |(base, digits, number)| {
        Ok(construct(base, &digits, Some(number)))
    })
}

/// Returns the cell of a base cell and digits, as many of them as a resolution has.
fn construct(base: i64, digits: &ArrayRef, number: Option<i64>) -> Option<CellIndex> {
    let digits = digits.as_primitive_opt::<Int64Type>()?;
    let count = number.map_or(Some(digits.len()), |number| usize::try_from(number).ok())?;
    if count > digits.len() || count > 15 {
        return None;
    }
    let base = u64::try_from(base).ok().filter(|base| *base < 122)?;
    // Mode, resolution, base cell, and three bits a digit, which are all set where there is none.
    let mut bits = (1 << 59) | (u64::try_from(count).ok()? << 52) | (base << 45);
    for index in 0..15 {
        let digit = if index < count { digits.iter().nth(index)?? } else { 7 };
        let digit = u64::try_from(digit).ok().filter(|digit| *digit < 8)?;
        bits |= digit << (3 * (14 - index));
    }
    CellIndex::try_from(bits).ok()
}
