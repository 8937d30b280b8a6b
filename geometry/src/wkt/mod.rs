//! WKT and EWKT, read and written as PostGIS does.

mod format;
mod parse;

pub use format::{format, format_ewkt, format_into};
pub use parse::parse;

#[cfg(test)]
mod tests;
