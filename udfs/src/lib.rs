//! The SQL functions: `ST_*`, `H3_*`, aggregates and windows.
//!
//! A function is data (`function.rs`) with a closure over a batch; `scalar.rs`, `aggregate/` and
//! `window/` make the query engine's objects of it, and `reference.rs` the documentation. To add
//! one, copy the nearest file under `functions/` and list it in the `mod.rs` beside it.

mod aggregate;
mod answers;
mod arguments;
mod boxes;
mod carried;
mod catalogue;
mod category;
mod column;
mod function;
mod functions;
mod interruption;
mod json;
mod literal;
mod named;
mod optional;
mod options;
mod outcome;
mod overload;
mod plan;
mod predicate;
mod prepared_cache;
mod reference;
mod relabel;
mod result;
mod rows;
mod scalar;
mod sets;
mod untyped;
mod window;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod sql_tests;

pub use catalogue::{
    aggregate_functions, aggregate_twin, catalogue, for_groups_of, function_shape,
    literal_integers, names_reference_system, scalar_functions, scalar_twin, window_functions,
};
pub use category::Category;
pub use function::Parity;
pub use interruption::Interruption;
pub use json::{
    JsonColumn, Tree as JsonTree, as_json, is_free_numeric, is_json, to_binary as to_jsonb,
    without_zeros, write_double, write_single, write_string,
};
pub use named::{Filled, fill};
pub use reference::{ArgumentInfo, Fields, FunctionInfo, FunctionKind, Shape, reference_page};
pub use result::{box_dimensions, boxed_like};
pub use untyped::{Place, Untyped, untyped_literal};
