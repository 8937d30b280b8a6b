//! The list of all functions, for sessions and for readers.

use std::sync::{Arc, LazyLock};

use datafusion::logical_expr::{AggregateUDF, ScalarUDF};

use crate::aggregate::AggregateFunction;
use crate::functions::{AGGREGATES, SCALARS};
use crate::reference::{FunctionInfo, aggregate_info, info};
use crate::scalar::Scalar;

static SCALAR_FUNCTIONS: LazyLock<Vec<Arc<ScalarUDF>>> = LazyLock::new(|| {
    let functions = SCALARS.iter().flat_map(|category| category.iter());
    functions.map(|function| Arc::new(ScalarUDF::new_from_impl(Scalar::new(function)))).collect()
});

static AGGREGATE_FUNCTIONS: LazyLock<Vec<Arc<AggregateUDF>>> = LazyLock::new(|| {
    let aggregates = AGGREGATES.iter();
    aggregates
        .map(|aggregate| Arc::new(AggregateUDF::new_from_impl(AggregateFunction::new(aggregate))))
        .collect()
});

static CATALOGUE: LazyLock<Vec<FunctionInfo>> = LazyLock::new(|| {
    let scalars = SCALARS.iter().flat_map(|category| category.iter());
    let mut infos: Vec<FunctionInfo> = scalars.map(|function| info(function)).collect();
    infos.extend(AGGREGATES.iter().map(|aggregate| aggregate_info(aggregate)));
    infos.sort_by(|a, b| (a.category, &a.name).cmp(&(b.category, &b.name)));
    infos
});

/// Returns every scalar function; the objects are shared, so a session costs nothing.
pub fn scalar_functions() -> Vec<Arc<ScalarUDF>> {
    SCALAR_FUNCTIONS.clone()
}

/// Returns every aggregate function; the objects are shared.
pub fn aggregate_functions() -> Vec<Arc<AggregateUDF>> {
    AGGREGATE_FUNCTIONS.clone()
}

/// Returns what there is to read about every function, by category and name.
pub fn catalogue() -> &'static [FunctionInfo] {
    &CATALOGUE
}

/// Returns the aggregate that a call means although a scalar function has its name.
///
/// The planner looks for scalar functions first, so `ST_Union(geom)` over rows would never be
/// found; whoever holds the syntax tree asks here and renames the call.
pub fn aggregate_twin(name: &str, argument_count: usize) -> Option<&'static str> {
    if argument_count != 1 {
        return None;
    }
    Some(match name.to_ascii_lowercase().as_str() {
        "st_union" | "st_memunion" => "st_union_agg",
        "st_collect" => "st_collect_agg",
        "st_makeline" => "st_makeline_agg",
        "st_extent" => "st_extent_agg",
        _ => return None,
    })
}
