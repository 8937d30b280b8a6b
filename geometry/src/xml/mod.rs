//! XML fragments as a tree, for the geometry formats written in it.
//!
//! Strict where it matters: tags must match, entities must be known, there are no document type
//! declarations and nothing is fetched. Namespaces are resolved where they are asked for, because
//! fragments often lack their declarations.

mod parse;
mod shape;
mod tree;

pub(crate) use parse::parse;
pub(crate) use shape::{Shape, is_closed};
pub(crate) use tree::Element;
