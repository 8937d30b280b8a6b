//! Every query that runs, waits or has just ended, and the limits on them.

mod admission;
pub(crate) mod audit;
mod cancel;
mod info;
mod interrupt;
mod panic;
mod registry;
mod running;

pub(crate) use admission::{Admission, SharedSlot};
pub(crate) use cancel::CancelReason;
pub use info::{QueryInfo, QueryState};
pub(crate) use interrupt::Interrupt;
pub(crate) use panic::unpanicked;
pub(crate) use registry::Registry;
pub(crate) use running::{RowCounter, Running};
