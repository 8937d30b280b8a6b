//! Memory, spill files, and the session state that every session starts from.

mod headroom;
mod interruptible;
mod memory;
mod settings;
mod state;

pub(crate) use memory::resources;
pub(crate) use settings::{apply, reset, value, values};
pub(crate) use state::{base_state, session_state};
