//! Rows that are computed once, numbered and read in several places of a plan.
//!
//! A lateral subquery is computed over all rows it is lateral to at once, and its answer is joined
//! with them by their numbers. What makes these rows may be dear, or another at every run, as a
//! `LIMIT` is; so it runs once, and both places read what it gave.

mod exec;
mod node;
mod plan;
mod share;

pub(crate) use exec::SpoolExec;
pub(crate) use node::{ROW, Spool};
pub(crate) use plan::PlanSpool;
pub use share::ShareSpools;
