//! The rows of a running query.

mod align;
mod in_turn;
mod result;
mod spawned;
mod written;

pub(crate) use align::align;
pub(crate) use in_turn::in_turn;
pub use result::ResultStream;
pub(crate) use spawned::spawned;
pub(crate) use written::{align_stream, with_nulls, written};
