//! The SQL dialect, its parser, and the rewrites between parsing and planning.

mod brief;
mod change;
mod dialect;
mod limits;
mod parser;
pub(crate) mod rewrite;
mod slice;
mod statement;

pub(crate) use brief::is_brief;
pub(crate) use change::Change;
pub(crate) use parser::parse;
pub(crate) use statement::{
    Copy, CreateExternalTable, CreateSource, CreateTable, CreateView, Describe, Drop, DropKind,
    Explain, Insert, RETURNED_ROWS, Show, Statement,
};
