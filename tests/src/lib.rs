//! The test harness: one SQL text file, three ways to run it.
//!
//! A statement of an `.slt` file goes to the engine in process, through Flight SQL or through HTTP,
//! and every way must give the same text. The suites themselves are in `suite/`.

mod engines;
mod places;
mod render;

pub use engines::{Database, Door, EngineError};
pub use places::{repository, substitute};
pub use render::{render_batch, render_rows};
