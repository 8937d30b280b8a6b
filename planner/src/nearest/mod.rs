//! The nearest join: each row of the left side with the rows of the right side nearest to it.
//!
//! It is written as `JOIN ... ON ST_KNN(query, object, k)`, as a lateral subquery with
//! `ORDER BY ST_Distance(query, object) LIMIT k`, or as a condition on `ROW_NUMBER()`. A rule puts
//! a node of its own into the logical plan, before filters are moved: which rows are the nearest
//! depends on where a filter stands.
//!
//! The right side is collected and indexed by its boxes. The rows of the left side look up their
//! neighbours in an order in which near ones follow each other, so that each can start from how
//! far the neighbours of the one before were. Geographies are looked up in windows of longitudes
//! and latitudes that grow.

mod condition;
mod earth;
mod exec;
mod lateral;
mod node;
mod objects;
mod plan;
mod ranked;
mod rule;
mod stream;

pub use exec::NearestJoinExec;
pub(crate) use objects::Objects;
pub(crate) use plan::PlanNearestJoin;
pub(crate) use rule::UseNearestJoin;
