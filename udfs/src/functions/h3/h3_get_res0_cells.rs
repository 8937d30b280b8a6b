//! `h3_get_res0_cells`: the cells of resolution 0.

use std::sync::Arc;

use arrow::array::{Int64Builder, ListBuilder};
use h3o::CellIndex;

use super::cell::integer;
use crate::function::{Category, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_get_res0_cells",
    aliases: &["h3_get_res_0_cells"],
    category: Category::H3,
    summary: "Returns the 122 cells of resolution 0.",
    example: "SELECT h3_get_res0_cells()",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[Overload {
        returns: Type::Int64List,
        evaluate: |arguments| {
            let mut builder = ListBuilder::new(Int64Builder::new());
            for _ in 0..arguments.row_count {
                for cell in CellIndex::base_cells() {
                    builder.values().append_value(integer(cell));
                }
                builder.append(true);
            }
            Ok(Arc::new(builder.finish()))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
