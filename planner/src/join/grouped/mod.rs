//! The group-join: aggregates of the rows that each left row of a spatial join matches.
//!
//! What is grouped by columns of the collected side needs no row of the join: every pair that is
//! found goes to the state of its left row at once, whose number is known (Moerkotte and Neumann,
//! "Accelerating Queries with Group-By and Join by Groupjoin", 2011). The states of a partition
//! are put out as a partial aggregate puts out its own, and merged above.

mod exec;
mod grouping;
mod groups;
mod rule;

pub use exec::SpatialGroupJoinExec;
pub(super) use grouping::Grouping;
pub(super) use groups::Groups;
pub(crate) use rule::UseSpatialGroupJoin;
