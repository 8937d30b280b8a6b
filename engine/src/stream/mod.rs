//! The rows of a running query.

mod align;
mod result;
mod spawned;
mod written;

pub(crate) use align::align;
pub use result::ResultStream;
pub(crate) use spawned::spawned;
pub(crate) use written::{align_stream, with_nulls, written};
