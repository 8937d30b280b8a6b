//! Where values come from: the file, the environment, references inside texts.

mod environment;
mod file;
mod reference;

pub(crate) use environment::{Environment, apply};
pub(crate) use file::parse;
pub(crate) use reference::resolve;
