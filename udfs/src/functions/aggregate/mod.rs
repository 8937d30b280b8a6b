//! Functions that make one value of many rows.

mod st_collect_agg;
mod st_extent_agg;
mod st_makeline_agg;
mod st_union_agg;

use crate::aggregate::Aggregate;

/// The aggregate functions.
pub(super) static AGGREGATES: &[&Aggregate] = &[
    &st_collect_agg::AGGREGATE,
    &st_extent_agg::AGGREGATE,
    &st_makeline_agg::AGGREGATE,
    &st_union_agg::AGGREGATE,
];
