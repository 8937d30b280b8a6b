//! Arcs, and surfaces of several parts: what simple features do not have.
//!
//! An arc runs from a position through a second one to a third, on the circle through all three;
//! when the first and the third are the same it is a whole circle, whose centre lies halfway to the
//! second. Three positions on a line are no arc but two segments. Every kind of geometry is listed
//! in [`Kind`](crate::Kind); what is not basic becomes so by [`to_basic`].

mod arc;
mod basic;
mod boundary;
mod column;
mod force;
mod measure;
mod stroke;
mod surface;
mod unstroke;

pub(crate) use arc::{Sweep, add_arcs, arcs};
pub use basic::{to_basic, to_line};
pub use boundary::boundary;
pub use column::{to_basic_column, to_box_column};
pub use force::{force_curve, reverse};
pub use measure::{length, length_3d, perimeter};
pub use stroke::{Stroke, Tolerance};
pub use surface::{dimension, has_arc, is_closed};
pub use unstroke::to_curve;

#[cfg(test)]
mod tests;
