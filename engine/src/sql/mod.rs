//! The SQL dialect, its parser, and the rewrites between parsing and planning.

mod brief;
mod change;
mod dialect;
mod geometry_type;
mod limits;
mod made;
mod merge;
mod parser;
mod repeated;
pub(crate) mod rewrite;
mod slice;
mod split;
mod statement;
pub(crate) mod template;

pub(crate) use brief::is_brief;
pub(crate) use change::{Change, match_column, others};
pub(crate) use geometry_type::GeometryModifiers;
pub(crate) use merge::{Action, Merge};
pub(crate) use parser::parse;
pub(crate) use split::may_be_several;
pub use split::{StatementText, split};
pub(crate) use statement::{
    Analyze, Copy, CreateExternalTable, CreateSource, CreateTable, CreateView, Describe, Drop,
    DropKind, Explain, Insert, RETURNED_ROWS, Show, Statement,
};
