//! What one side of a join bounds on the other: a join that has read one side tells the scan of
//! the other which boxes its geometries have to meet.
//!
//! The scan learns of it by a filter whose content comes later, as from the hash join of the query
//! engine. It calls `godwit_meets_boxes`, a function of this folder that sessions do not have, and
//! scans know it by name.

mod meets_boxes;
mod offer;
#[cfg(test)]
mod tests;

pub use offer::ProbeBounds;
