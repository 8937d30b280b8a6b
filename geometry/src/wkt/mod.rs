//! WKT and EWKT, read and written as PostGIS does.

mod curves;
mod format;
mod parse;
mod summary;
mod words;

pub use format::{format, format_ewkt, format_into};
pub use parse::{append_parsed, known_srid, parse};
pub use summary::{Context, summary};

#[cfg(test)]
mod tests;
