//! Whether geometries are valid and simple, and how invalid ones are repaired.
//!
//! A polygon is valid when its rings do not cross or touch themselves or run along each other,
//! holes lie inside of the shell and not in each other, and the interior is connected. All of
//! that is decided on exact signs.

mod check;
mod nesting;
mod repair;
mod rings;
mod simple;
mod structure;
mod touches;

pub use check::{Defect, Flaw, defect, is_valid};
pub use repair::{Method, Repair, make_valid};
pub use simple::is_simple;
