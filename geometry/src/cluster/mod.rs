//! Which geometries belong together: those that meet, those that are close, those around one
//! centre.
//!
//! Clusters are numbered as `PostGIS` numbers them, so that answers can be compared. A geometry
//! that is missing takes part like an empty one, which belongs to a cluster of its own; callers
//! hide its number, and numbers have gaps there.

mod centres;
mod contact;
mod density;
mod groups;
mod means;
mod tree;

pub use contact::{intersecting, related};
pub use density::{dbscan, within};
pub use groups::Groups;
pub use means::k_means;
