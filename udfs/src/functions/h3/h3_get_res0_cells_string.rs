//! `h3_get_res0_cells_string`: the cells of resolution 0 in hexadecimal digits.

use std::sync::Arc;

use arrow::array::{ListBuilder, StringBuilder};
use h3o::CellIndex;

use super::cell::text;
use crate::function::{Category, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_get_res0_cells_string",
    category: Category::H3,
    summary: "Returns the 122 cells of resolution 0 in hexadecimal digits.",
    example: "SELECT h3_get_res0_cells_string()",
    parity: Parity::Extension("The extension for DuckDB has the function."),
    overloads: &[Overload {
        returns: Type::TextList,
        evaluate: |arguments| {
            let mut builder = ListBuilder::new(StringBuilder::new());
            for _ in 0..arguments.row_count {
                for cell in CellIndex::base_cells() {
                    builder.values().append_value(text(cell));
                }
                builder.append(true);
            }
            Ok(Arc::new(builder.finish()))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
