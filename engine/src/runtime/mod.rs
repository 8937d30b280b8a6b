//! Threads, memory, spill files, and the session state that every session starts from.

mod give_way;
mod headroom;
mod inherit;
mod interruptible;
mod memory;
mod reclaim;
mod settings;
mod state;
mod workers;

pub(crate) use inherit::{Flagged, inherit_flags};
pub(crate) use memory::resources;
pub(crate) use settings::{apply, reset, value, values};
pub(crate) use state::{base_state, session_state};
pub(crate) use workers::Workers;
