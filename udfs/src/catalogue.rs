//! The list of all functions, for sessions and for readers.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use datafusion::logical_expr::{AggregateUDF, ScalarUDF, WindowUDF};

use crate::aggregate::{AggregateFunction, RecordFunction};
use crate::function::{CrsRule, Overload, Type};
use crate::functions::{AGGREGATES, RECORD_AGGREGATES, SCALARS, WINDOWS};
use crate::reference::{FunctionInfo, FunctionKind, Shape, aggregate_info, info};
use crate::scalar::Scalar;
use crate::window::Window;

static SCALAR_FUNCTIONS: LazyLock<Vec<Arc<ScalarUDF>>> = LazyLock::new(|| {
    let functions = SCALARS.iter().flat_map(|category| category.iter());
    functions.map(|function| Arc::new(ScalarUDF::new_from_impl(Scalar::new(function)))).collect()
});

static AGGREGATE_FUNCTIONS: LazyLock<Vec<Arc<AggregateUDF>>> = LazyLock::new(|| {
    let aggregates = AGGREGATES
        .iter()
        .map(|aggregate| AggregateUDF::new_from_impl(AggregateFunction::new(aggregate)));
    let of_records = RECORD_AGGREGATES
        .iter()
        .map(|aggregate| AggregateUDF::new_from_impl(RecordFunction::new(aggregate)));
    aggregates.chain(of_records).map(Arc::new).collect()
});

static WINDOW_FUNCTIONS: LazyLock<Vec<Arc<WindowUDF>>> = LazyLock::new(|| {
    let windows = WINDOWS.iter();
    windows.map(|function| Arc::new(WindowUDF::new_from_impl(Window::new(function)))).collect()
});

static CATALOGUE: LazyLock<Vec<FunctionInfo>> = LazyLock::new(|| {
    let scalars = SCALARS.iter().flat_map(|category| category.iter());
    let mut infos: Vec<FunctionInfo> =
        scalars.map(|function| info(function, FunctionKind::Scalar)).collect();
    infos.extend(AGGREGATES.iter().map(|aggregate| aggregate_info(aggregate)));
    infos.extend(WINDOWS.iter().map(|function| info(function, FunctionKind::Window)));
    infos.extend(RECORD_AGGREGATES.iter().map(|aggregate| RecordFunction::info(aggregate)));
    infos.sort_by(|a, b| (a.category, &a.name).cmp(&(b.category, &b.name)));
    infos
});

static SHAPES: LazyLock<HashMap<String, Shape>> = LazyLock::new(|| {
    let mut shapes = HashMap::new();
    for function in CATALOGUE.iter().filter(|function| function.kind == FunctionKind::Scalar) {
        let aliases = function.aliases.iter().map(|alias| alias.to_ascii_lowercase());
        for name in aliases.chain([function.name.clone()]) {
            shapes.insert(name, function.shape);
        }
    }
    shapes
});

static LITERAL_INTEGERS: LazyLock<HashMap<String, Vec<usize>>> = LazyLock::new(|| {
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for function in SCALARS.iter().flat_map(|category| category.iter()) {
        let found: BTreeSet<usize> = function
            .all_overloads()
            .flat_map(|overload| overload.arguments.iter().enumerate())
            .filter(|(_, argument)| argument.literal && argument.kind == Type::Int64)
            .map(|(index, _)| index)
            .collect();
        if !found.is_empty() {
            places.insert(function.name(), found.into_iter().collect());
        }
    }
    places
});

static NAMERS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let is_named = |overload: &Overload| {
        matches!(
            overload.crs,
            CrsRule::Text(_)
                | CrsRule::Hex(_)
                | CrsRule::Bytes(_)
                | CrsRule::Attempt(_)
                | CrsRule::Gml(_)
                | CrsRule::GeoJson
        )
    };
    let functions = SCALARS.iter().flat_map(|category| category.iter());
    let namers = functions.filter(|function| function.all_overloads().any(is_named));
    namers.map(|function| function.name()).collect()
});

/// Returns every scalar function; the objects are shared, so a session costs nothing.
pub fn scalar_functions() -> Vec<Arc<ScalarUDF>> {
    SCALAR_FUNCTIONS.clone()
}

/// Returns every aggregate function; the objects are shared.
pub fn aggregate_functions() -> Vec<Arc<AggregateUDF>> {
    AGGREGATE_FUNCTIONS.clone()
}

/// Returns an aggregate function with null as the value of groups that have fewer rows than these,
/// if it is one of ours that makes its value of rows it keeps, and does not know so yet.
///
/// It is for groups that a condition drops in any case.
pub fn for_groups_of(function: &AggregateUDF, fewest_rows: usize) -> Option<AggregateUDF> {
    AggregateFunction::for_groups_of(function, fewest_rows)
}

/// Returns every window function; the objects are shared.
pub fn window_functions() -> Vec<Arc<WindowUDF>> {
    WINDOW_FUNCTIONS.clone()
}

/// Returns what there is to read about every function, by category and name.
pub fn catalogue() -> &'static [FunctionInfo] {
    &CATALOGUE
}

/// Returns what a call of a scalar function of this name or alias, in lower case, gives where a
/// table may stand.
pub fn function_shape(name: &str) -> Option<Shape> {
    SHAPES.get(name).copied()
}

/// Returns which arguments of a scalar function of this name must be integers that are known when
/// the query is planned, as SRIDs are.
pub fn literal_integers(name: &str) -> &'static [usize] {
    LITERAL_INTEGERS.get(name).map_or(&[], Vec::as_slice)
}

/// Returns whether the first argument of a scalar function of this name, when it is a literal, may
/// name the reference system of the result.
pub fn names_reference_system(name: &str) -> bool {
    NAMERS.contains(name)
}

/// Returns the aggregate that a call means although a scalar function has its name.
///
/// The planner looks for scalar functions first, so `ST_Union(geom)` over rows would never be
/// found; whoever holds the syntax tree asks here and renames the call. Arguments that are numbers
/// do not count.
pub fn aggregate_twin(name: &str, geometry_count: usize) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        // A distance that is no number as it is written is refused by the aggregate.
        "st_clusterwithin" => return Some("st_clusterwithin_agg"),
        "st_clusterintersecting" => return Some("st_clusterintersecting_agg"),
        _ if geometry_count != 1 => return None,
        _ => {}
    }
    Some(match name.as_str() {
        "st_union" | "st_memunion" => "st_union_agg",
        "st_collect" => "st_collect_agg",
        "st_makeline" => "st_makeline_agg",
        "st_extent" => "st_extent_agg",
        "st_polygonize" => "st_polygonize_agg",
        _ => return None,
    })
}

/// Returns the scalar function of one array that an aggregate has as a twin, by the aggregate's
/// name.
///
/// Whoever knows that the aggregate is given arrays renames the call back.
pub fn scalar_twin(aggregate: &str) -> Option<&'static str> {
    Some(match aggregate {
        "st_union_agg" => "st_union",
        "st_collect_agg" => "st_collect",
        "st_makeline_agg" => "st_makeline",
        "st_polygonize_agg" => "st_polygonize",
        "st_clusterintersecting_agg" => "st_clusterintersecting",
        "st_clusterwithin_agg" => "st_clusterwithin",
        _ => return None,
    })
}
