//! Functions that make one value of many rows.

mod st_3dextent;
mod st_asflatgeobuf;
mod st_asgeobuf;
mod st_asmvt;
mod st_centroid_agg;
mod st_clusterintersecting_agg;
mod st_clusterwithin_agg;
mod st_collect_agg;
mod st_convexhull_agg;
mod st_coverageinvalidedges_agg;
mod st_coveragesimplify_agg;
mod st_coverageunion_agg;
mod st_extent_agg;
mod st_intersection_agg;
mod st_makeline_agg;
mod st_polygonize_agg;
mod st_union_agg;

use crate::aggregate::{Aggregate, RecordAggregate};

/// The aggregate functions.
pub(super) static AGGREGATES: &[&Aggregate] = &[
    &st_3dextent::AGGREGATE,
    &st_centroid_agg::AGGREGATE,
    &st_clusterintersecting_agg::AGGREGATE,
    &st_clusterwithin_agg::AGGREGATE,
    &st_collect_agg::AGGREGATE,
    &st_convexhull_agg::AGGREGATE,
    &st_coverageinvalidedges_agg::AGGREGATE,
    &st_coveragesimplify_agg::AGGREGATE,
    &st_coverageunion_agg::AGGREGATE,
    &st_extent_agg::AGGREGATE,
    &st_intersection_agg::AGGREGATE,
    &st_makeline_agg::AGGREGATE,
    &st_polygonize_agg::AGGREGATE,
    &st_union_agg::AGGREGATE,
];

/// The aggregates of whole rows.
pub(super) static RECORD_AGGREGATES: &[&RecordAggregate] =
    &[&st_asflatgeobuf::AGGREGATE, &st_asgeobuf::AGGREGATE, &st_asmvt::AGGREGATE];
