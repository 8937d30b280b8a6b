//! The nearest join: against sorting all rows by their distance.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, Float64Array, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::exec_err;
use datafusion::datasource::MemTable;
use datafusion::execution::SessionStateBuilder;
use datafusion::logical_expr::{ColumnarValue, Volatility, create_udf};
use datafusion::prelude::{SessionConfig, SessionContext};
use godwit_geometry::{Geometry, WkbColumn, measure};
use godwit_planner::{PlanQueries, optimizer_rules, physical_optimizer_rules};

use super::Rows;
use super::geometries::lattice;

fn session(tables: [(&str, &Rows); 2], input_size: usize, output_size: usize) -> SessionContext {
    let config = SessionConfig::new().with_batch_size(output_size).with_target_partitions(3);
    let mut builder = SessionStateBuilder::new()
        .with_config(config)
        .with_default_features()
        .with_query_planner(Arc::new(PlanQueries))
        .with_optimizer_rules(optimizer_rules());
    builder = builder.with_physical_optimizer_rules(physical_optimizer_rules());
    let context = SessionContext::new_with_state(builder.build());
    let binary = || DataType::Binary;
    let types = vec![binary(), binary(), DataType::Int64];
    let never = Arc::new(|_: &[ColumnarValue]| exec_err!("the join answers by itself"));
    context.register_udf(create_udf(
        "st_knn",
        types,
        DataType::Boolean,
        Volatility::Immutable,
        never,
    ));
    let distance = |arguments: &[ColumnarValue]| {
        let arrays = ColumnarValue::values_to_arrays(arguments)?;
        let column = |index: usize| WkbColumn::try_new(arrays[index].as_ref()).expect("binary");
        let (first, second) = (column(0), column(1));
        let distances = (0..first.len()).map(|row| distance(first.get(row), second.get(row)));
        Ok(ColumnarValue::Array(Arc::new(distances.collect::<Float64Array>()) as ArrayRef))
    };
    context.register_udf(create_udf(
        "st_distance",
        vec![binary(), binary()],
        DataType::Float64,
        Volatility::Immutable,
        Arc::new(distance),
    ));
    for (name, rows) in tables {
        let mut partitions = vec![Vec::new(); 3];
        for (place, batch) in rows.batches(input_size, false).into_iter().enumerate() {
            partitions[place % 3].push(batch);
        }
        let table = MemTable::try_new(Rows::schema(false), partitions).expect("a table");
        #[expect(clippy::disallowed_methods, reason = "a test assembles its own session")]
        context.register_table(name, Arc::new(table)).expect("a new name");
    }
    context
}

fn distance(a: Option<&[u8]>, b: Option<&[u8]>) -> Option<f64> {
    let read = |bytes| Geometry::try_new(bytes).expect("good WKB");
    measure::distance(read(a?), read(b?))
}

type Neighbour = (i64, i64, Option<f64>);

async fn run(context: &SessionContext, sql: &str) -> Vec<Neighbour> {
    let explained = context.sql(&format!("EXPLAIN {sql}")).await.expect("a good query");
    let plan = format!("{:?}", explained.collect().await.expect("a plan"));
    assert!(plan.contains("NearestJoinExec"), "{plan}");
    let batches = context.sql(sql).await.expect("a good query").collect().await.expect("a result");
    let mut rows: Vec<_> = batches.iter().flat_map(neighbours).collect();
    rows.sort_by_key(|row| (row.0, row.1));
    rows
}

fn neighbours(batch: &RecordBatch) -> Vec<Neighbour> {
    let query = batch.column(0).as_primitive::<Int64Type>();
    let object = batch.column(1).as_primitive::<Int64Type>();
    let distance = batch.column(2).as_primitive::<Float64Type>();
    (0..batch.num_rows())
        .map(|row| {
            let distance = distance.is_valid(row).then(|| distance.value(row));
            (query.value(row), object.value(row), distance)
        })
        .collect()
}

/// Returns the nearest rows; those without a distance come last or not at all, and of those as
/// far away come the ones with lower numbers first, or with higher ones.
fn expected(
    queries: &Rows,
    objects: &Rows,
    count: usize,
    takes_unplaced: bool,
    is_descending: bool,
) -> Vec<Neighbour> {
    let mut rows = Vec::new();
    for (query, geometry) in (0..).zip(&queries.geometries) {
        let mut found: Vec<(f64, i64)> = (0..)
            .zip(&objects.geometries)
            .filter_map(|(object, other)| {
                let found = distance(geometry.as_deref(), other.as_deref());
                let found = found.or(takes_unplaced.then_some(f64::INFINITY))?;
                Some((found, if is_descending { -object } else { object }))
            })
            .collect();
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        rows.extend(found.into_iter().take(count).map(|(distance, object)| {
            (query, object.abs(), Some(distance).filter(|distance| distance.is_finite()))
        }));
    }
    rows.sort_by_key(|row| (row.0, row.1));
    rows
}

#[tokio::test]
async fn conditions_find_what_sorting_finds() {
    let (queries, objects) = (Rows::new(lattice(5, 90)), Rows::new(lattice(6, 300)));
    for (count, input_size, output_size) in [(1, 7, 20), (4, 100, 8192), (1000, 13, 64)] {
        let context = session([("q", &queries), ("o", &objects)], input_size, output_size);
        let sql = format!(
            "SELECT q.id, o.id AS other, st_distance(q.geom, o.geom) AS distance \
             FROM q JOIN o ON st_knn(q.geom, o.geom, {count})"
        );
        let found = run(&context, &sql).await;
        assert_eq!(found, expected(&queries, &objects, count, false, false), "{count}");
    }
}

#[tokio::test]
async fn lateral_subqueries_find_what_sorting_finds() {
    let (queries, objects) = (Rows::new(lattice(7, 80)), Rows::new(lattice(8, 200)));
    let context = session([("q", &queries), ("o", &objects)], 17, 50);
    for (order, is_descending) in [("", false), (", o.id", false), (", o.id DESC", true)] {
        for join in ["CROSS JOIN", "LEFT JOIN"] {
            let on = if join == "LEFT JOIN" { "ON true" } else { "" };
            let sql = format!(
                "SELECT q.id, n.id AS other, n.distance FROM q {join} LATERAL (\
                 SELECT o.id, st_distance(o.geom, q.geom) AS distance FROM o \
                 ORDER BY st_distance(o.geom, q.geom){order} LIMIT 3) n {on}"
            );
            let found = run(&context, &sql).await;
            let expected = expected(&queries, &objects, 3, true, is_descending);
            assert_eq!(found, expected, "{sql}");
        }
    }
}
