//! Lateral subqueries of any form, computed over all outer rows at once.
//!
//! The query engine takes conditions out of a subquery and joins on them, which is right and fast
//! while nothing but filters and inner joins lies between the subquery's answer and what it says
//! of the outer row. Everything else is done here, after Neumann and Kemper, "Unnesting Arbitrary
//! Queries" (BTW 2015): the outer rows are numbered and kept ([`crate::spool`]), the subquery is
//! computed over the pairs of an outer row and its own rows, every operator of it apart for each
//! number, and the answer is joined with the outer rows by their numbers.

mod aggregate;
mod chain;
mod correlation;
mod dependent;
mod domain;
mod grouping_sets;
mod joins;
mod limit;
mod names;
mod refreshed;
mod rule;
mod simple;

pub use correlation::{is_correlated, outer_columns, renamed_inside, subquery_of};
pub(crate) use refreshed::RefreshJoins;
pub use rule::UnnestLateral;
pub use simple::{has_simple_form, is_simple, is_simple_total};
