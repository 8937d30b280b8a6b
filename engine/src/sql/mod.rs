//! The SQL dialect, its parser, and the rewrites between parsing and planning.

mod dialect;
mod limits;
mod parser;
pub(crate) mod rewrite;
mod slice;
mod statement;

pub(crate) use parser::parse;
pub(crate) use statement::{
    Change, Copy, CreateExternalTable, CreateSource, CreateTable, CreateView, Describe, Drop,
    DropKind, Explain, Insert, Show, Statement,
};
