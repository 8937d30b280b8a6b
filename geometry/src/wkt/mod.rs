//! WKT and EWKT, read and written as PostGIS does.

mod format;
mod parse;
mod summary;

pub use format::{format, format_ewkt, format_into};
pub use parse::{append_parsed, parse};
pub use summary::{Context, summary};

#[cfg(test)]
mod tests;
