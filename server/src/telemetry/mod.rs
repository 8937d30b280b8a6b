//! Logs and metrics.

mod calls;
mod logs;
pub(crate) mod metrics;

pub(crate) use calls::CountCalls;
pub use logs::{LogError, start_logs};
