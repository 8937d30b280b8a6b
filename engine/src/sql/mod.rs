//! The SQL dialect, its parser, and the rewrites between parsing and planning.

mod brief;
mod dialect;
mod limits;
mod parser;
pub(crate) mod rewrite;
mod slice;
mod statement;

pub(crate) use brief::is_brief;
pub(crate) use parser::parse;
pub(crate) use statement::{
    Change, Copy, CreateExternalTable, CreateSource, CreateTable, CreateView, Describe, Drop,
    DropKind, Explain, Insert, Show, Statement,
};
