//! The spatial join must answer as the nested loop join does.

use std::fmt::Write as _;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, BinaryViewArray, Float64Array, Int64Array, RecordBatch, StringArray,
    UInt32Array,
};
use arrow::compute::{concat_batches, lexsort_to_indices, take_record_batch};
use arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::{DataFusionError, Result, ScalarValue};
use datafusion::datasource::MemTable;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::{ColumnarValue, Volatility, create_udf};
use datafusion::physical_plan::{ExecutionPlan, collect, displayable};
use datafusion::prelude::{SessionConfig, SessionContext};
use godwit_geometry::{Coord, Dimension, Geometry, Relation, WkbColumn, measure, wkt, write};

use crate::physical_optimizer_rules;

mod grouped;
mod kept;
mod keys;

const JOINS: [&str; 5] = ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN"];

/// A small generator of numbers that look random.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        u32::try_from(self.0 >> 33).expect("31 bits") % bound
    }
}

/// Returns a geometry as WKB; now and then NULL, and now and then an empty one.
fn geometry(random: &mut Random, kind: u32) -> Option<Vec<u8>> {
    let choice = random.below(12);
    let mut whole = |bound| f64::from(random.below(bound));
    let (x, y) = (whole(30), whole(30));
    match (choice, kind) {
        (0, _) => None,
        (_, 2) => Some(write::point_xy(x, y)),
        (1, 0) => Some(wkt::parse("POINT EMPTY").expect("WKT").0),
        (1, _) => Some(wkt::parse("POLYGON EMPTY").expect("WKT").0),
        (2, _) => {
            let text = format!("LINESTRING({x} {y},{} {})", x + 5.0, y + 2.0);
            Some(wkt::parse(&text).expect("WKT").0)
        }
        (_, 0) => Some(write::point_xy(x, y)),
        (3, _) => {
            // A ring of enough corners to be prepared.
            let ring = (0..=40).map(|corner| {
                let angle = f64::from(corner % 40) / 40.0 * std::f64::consts::TAU;
                Coord::xy(x + 6.0 * angle.cos(), y + 6.0 * angle.sin())
            });
            Some(write::polygon([ring], Dimension::Xy))
        }
        _ => {
            let (right, top) = (x + 1.0 + whole(5), y + 1.0 + whole(5));
            let text = format!("POLYGON(({x} {y},{right} {y},{right} {top},{x} {top},{x} {y}))");
            Some(wkt::parse(&text).expect("WKT").0)
        }
    }
}

fn table(seed: u64, kind: u32, row_count: usize, views: bool) -> Arc<MemTable> {
    let mut random = Random(seed);
    let data_type = if views { DataType::BinaryView } else { DataType::Binary };
    let schema = Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("name", DataType::Utf8, true),
        Field::new("geom", data_type, true),
    ]));
    let mut partitions = vec![Vec::new(); 3];
    let mut start = 0;
    while start < row_count {
        let end = (start + 37).min(row_count);
        let geometries: Vec<_> = (start..end).map(|_| geometry(&mut random, kind)).collect();
        let ids = (start..end).map(|id| i64::try_from(id).expect("small"));
        let names = (start..end).map(|id| (id % 7 != 0).then(|| format!("row {id}")));
        let values = geometries.iter().map(Option::as_deref);
        let geom: ArrayRef = if views {
            Arc::new(values.collect::<BinaryViewArray>())
        } else {
            Arc::new(values.collect::<BinaryArray>())
        };
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from_iter_values(ids)),
            Arc::new(names.collect::<StringArray>()),
            geom,
        ];
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns).expect("a batch");
        partitions[start % 3].push(batch);
        start = end;
    }
    Arc::new(MemTable::try_new(schema, partitions).expect("a table"))
}

/// Evaluates a function of two geometries on whole columns.
fn rows_of<T>(
    arguments: &[ColumnarValue],
    evaluate: impl Fn(Geometry<'_>, Geometry<'_>) -> Result<T>,
) -> Result<Vec<Option<T>>> {
    let arrays = ColumnarValue::values_to_arrays(arguments)?;
    let column = |index: usize| WkbColumn::try_new(arrays[index].as_ref()).expect("binary");
    let (first, second) = (column(0), column(1));
    (0..first.len())
        .map(|row| match (first.get(row), second.get(row)) {
            (Some(a), Some(b)) => {
                let read = |bytes| Geometry::try_new(bytes).expect("good WKB");
                evaluate(read(a), read(b)).map(Some)
            }
            _ => Ok(None),
        })
        .collect()
}

/// Returns a session with the relations as functions, with or without spatial joins.
fn session(spatial: bool, views: bool, batch_size: usize) -> SessionContext {
    let config = SessionConfig::new().with_batch_size(batch_size).with_target_partitions(3);
    let mut builder = SessionStateBuilder::new().with_config(config).with_default_features();
    if spatial {
        builder = builder.with_physical_optimizer_rules(physical_optimizer_rules());
    }
    let context = SessionContext::new_with_state(builder.build());
    let binary = if views { DataType::BinaryView } else { DataType::Binary };
    for name in [
        "st_intersects",
        "st_contains",
        "st_within",
        "st_covers",
        "st_coveredby",
        "st_touches",
        "st_crosses",
        "st_overlaps",
        "st_equals",
        "st_disjoint",
    ] {
        let relation = Relation::from_function(name).expect("a relation");
        let evaluate = move |arguments: &[ColumnarValue]| {
            let rows = rows_of(arguments, |a, b| {
                relation.evaluate(a, b).map_err(|error| DataFusionError::External(Box::new(error)))
            })?;
            Ok(ColumnarValue::Array(Arc::new(arrow::array::BooleanArray::from(rows))))
        };
        context.register_udf(create_udf(
            name,
            vec![binary.clone(), binary.clone()],
            DataType::Boolean,
            Volatility::Immutable,
            Arc::new(evaluate),
        ));
    }
    let distance = |arguments: &[ColumnarValue]| {
        let rows = rows_of(arguments, |a, b| Ok(measure::distance(a, b)))?;
        let rows = rows.into_iter().map(Option::flatten);
        Ok(ColumnarValue::Array(Arc::new(rows.collect::<Float64Array>()) as ArrayRef))
    };
    context.register_udf(create_udf(
        "st_distance",
        vec![binary.clone(), binary.clone()],
        DataType::Float64,
        Volatility::Immutable,
        Arc::new(distance),
    ));
    let dwithin = |arguments: &[ColumnarValue]| {
        let limit = match arguments.get(2) {
            Some(ColumnarValue::Scalar(ScalarValue::Float64(Some(limit)))) => *limit,
            Some(ColumnarValue::Array(array)) => {
                let array = array.as_any().downcast_ref::<Float64Array>().expect("numbers");
                if array.is_empty() { 0.0 } else { array.value(0) }
            }
            other => panic!("unexpected distance {other:?}"),
        };
        let rows = rows_of(&arguments[..2], |a, b| Ok(measure::dwithin(a, b, limit)))?;
        Ok(ColumnarValue::Array(Arc::new(arrow::array::BooleanArray::from(rows)) as ArrayRef))
    };
    context.register_udf(create_udf(
        "st_dwithin",
        vec![binary.clone(), binary, DataType::Float64],
        DataType::Boolean,
        Volatility::Immutable,
        Arc::new(dwithin),
    ));
    #[expect(clippy::disallowed_methods, reason = "a test assembles its own session")]
    {
        context.register_table("points", table(1, 0, 150, views)).expect("a new table");
        context.register_table("plain", table(5, 2, 150, views)).expect("a new table");
        context.register_table("areas", table(2, 1, 60, views)).expect("a new table");
        context.register_table("others", table(3, 1, 40, views)).expect("a new table");
        context.register_table("nothing", table(4, 1, 0, views)).expect("a new table");
    }
    context
}

/// Runs a query; returns its plan, its rows in a fixed order, and the sizes of its batches.
async fn run(context: &SessionContext, sql: &str) -> (String, RecordBatch, Vec<usize>) {
    let plan = context.sql(sql).await.expect("a good query").create_physical_plan().await;
    let plan = plan.expect("a plan");
    let text = displayable(plan.as_ref()).indent(false).to_string();
    let batches = collect(Arc::clone(&plan), context.task_ctx()).await.expect("a result");
    let sizes = batches.iter().map(RecordBatch::num_rows).collect();
    let rows = concat_batches(&plan.schema(), &batches).expect("one schema");
    (text, sorted(&rows), sizes)
}

fn sorted(rows: &RecordBatch) -> RecordBatch {
    if rows.num_columns() == 0 {
        return rows.clone();
    }
    let columns: Vec<_> = rows
        .columns()
        .iter()
        .map(|values| arrow::compute::SortColumn { values: Arc::clone(values), options: None })
        .collect();
    let order: UInt32Array = lexsort_to_indices(&columns, None).expect("sortable columns");
    take_record_batch(rows, &order).expect("an order of the rows")
}

async fn compare(spatial: &SessionContext, plain: &SessionContext, sql: &str) -> usize {
    let (plan, found, _) = run(spatial, sql).await;
    assert!(plan.contains("SpatialJoinExec"), "{sql}\n{plan}");
    let (plan, expected, _) = run(plain, sql).await;
    assert!(plan.contains("NestedLoopJoinExec"), "{sql}\n{plan}");
    assert_eq!(found, expected, "{sql}");
    found.num_rows()
}

#[tokio::test]
async fn every_relation_and_join_agrees_with_nested_loops() {
    for views in [false, true] {
        let (spatial, plain) = (session(true, views, 64), session(false, views, 64));
        let mut total = 0;
        for condition in [
            "st_intersects(a.geom, b.geom)",
            "st_contains(a.geom, b.geom)",
            "st_within(b.geom, a.geom)",
            "st_within(a.geom, b.geom)",
            "st_covers(b.geom, a.geom)",
            "st_coveredby(b.geom, a.geom)",
            "st_touches(a.geom, b.geom)",
            "st_crosses(a.geom, b.geom)",
            "st_overlaps(a.geom, b.geom)",
            "st_equals(a.geom, b.geom)",
            "NOT st_disjoint(a.geom, b.geom)",
            "st_dwithin(a.geom, b.geom, 1.5)",
            "st_distance(b.geom, a.geom) <= 1.5",
            "st_distance(a.geom, b.geom) < 1",
            "2 > st_distance(a.geom, b.geom)",
            "st_distance(a.geom, b.geom) <= a.id / 40.0",
            "st_distance(a.geom, b.geom) <= b.id / 50 - 1",
            "st_intersects(a.geom, b.geom) AND a.id > b.id",
            "st_intersects(a.geom, b.geom) AND st_touches(a.geom, b.geom) AND a.name < b.name",
        ] {
            for join in JOINS {
                for tables in [
                    "areas a {} points b",
                    "points a {} areas b",
                    "areas a {} others b",
                    "areas a {} plain b",
                ] {
                    let tables = tables.replace("{}", join);
                    let on = if join == "CROSS JOIN" { "WHERE" } else { "ON" };
                    let sql = format!(
                        "SELECT a.id, b.id AS other, b.geom FROM {tables} {on} {condition}"
                    );
                    total += compare(&spatial, &plain, &sql).await;
                }
            }
        }
        assert!(total > 3000, "{total}");
    }
}

#[tokio::test]
async fn semi_and_anti_joins_agree_with_nested_loops() {
    let (spatial, plain) = (session(true, false, 50), session(false, false, 50));
    let mut total = 0;
    for condition in [
        "st_intersects(a.geom, b.geom)",
        "st_within(a.geom, b.geom)",
        "st_equals(a.geom, b.geom)",
        "st_dwithin(a.geom, b.geom, 2) AND a.id <> b.id",
    ] {
        for exists in ["EXISTS", "NOT EXISTS"] {
            for (one, two) in [("areas", "points"), ("points", "areas"), ("areas", "others")] {
                let sql = format!(
                    "SELECT a.id, a.name FROM {one} a WHERE {exists} \
                     (SELECT 1 FROM {two} b WHERE {condition})"
                );
                total += compare(&spatial, &plain, &sql).await;
            }
        }
    }
    assert!(total > 500, "{total}");
}

#[tokio::test]
async fn empty_inputs_agree_with_nested_loops() {
    let (spatial, plain) = (session(true, false, 50), session(false, false, 50));
    for join in ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"] {
        for (one, two) in [("nothing", "areas"), ("areas", "nothing"), ("nothing", "nothing")] {
            let sql = format!(
                "SELECT a.id, b.id AS other FROM (SELECT * FROM {one} LIMIT 1000) a {join} \
                 (SELECT * FROM {two} LIMIT 1000) b ON st_intersects(a.geom, b.geom)"
            );
            let (_, found, _) = run(&spatial, &sql).await;
            let (_, expected, _) = run(&plain, &sql).await;
            assert_eq!(found, expected, "{sql}");
        }
    }
}

#[tokio::test]
async fn batches_have_the_size_of_the_session() {
    let spatial = session(true, false, 20);
    let sql = "SELECT a.id, b.id AS other FROM areas a JOIN others b \
               ON st_dwithin(a.geom, b.geom, 100)";
    let (_, rows, sizes) = run(&spatial, sql).await;
    assert!(rows.num_rows() > 1000);
    assert!(sizes.iter().all(|size| *size <= 20), "{sizes:?}");
    let full = sizes.iter().filter(|size| **size == 20).count();
    assert!(full + 6 >= sizes.len(), "{full} of {}", sizes.len());
}

#[tokio::test]
async fn counts_need_no_columns() {
    let (spatial, plain) = (session(true, true, 50), session(false, true, 50));
    let sql = "SELECT count(*) FROM areas a JOIN points b ON st_intersects(a.geom, b.geom)";
    compare(&spatial, &plain, sql).await;
}

#[tokio::test]
async fn plans_name_the_relation_and_the_rest() {
    let spatial = session(true, false, 50);
    let sql = "SELECT a.name FROM areas a LEFT JOIN points b \
               ON st_within(b.geom, a.geom) AND a.id > b.id";
    let (plan, _, _) = run(&spatial, sql).await;
    let line = plan.lines().find(|line| line.contains("SpatialJoinExec")).expect("the join");
    let is_left = line.contains("join_type=Left, on=st_contains(left.geom@");
    let is_right = line.contains("join_type=Right, on=st_within(left.geom@");
    assert!(is_left || is_right, "{line}");
    assert!(line.contains("filter=id@0 > id@1"), "{line}");
}

#[tokio::test]
async fn what_is_no_spatial_join_stays_a_nested_loop() {
    let spatial = session(true, false, 50);
    for condition in [
        "st_disjoint(a.geom, b.geom)",
        "NOT st_intersects(a.geom, b.geom)",
        "st_intersects(a.geom, b.geom) OR a.id > b.id",
        "st_distance(a.geom, b.geom) > 5",
        "a.id > b.id",
    ] {
        let sql = format!("SELECT a.id FROM areas a JOIN points b ON {condition}");
        let (plan, _, _) = run(&spatial, &sql).await;
        assert!(plan.contains("NestedLoopJoinExec"), "{plan}");
    }
}

#[tokio::test]
async fn a_batch_beyond_the_memory_limit_is_refused() {
    let context = limited(&session(true, false, 50), 4000, true);
    let sql = "SELECT a.id FROM areas a JOIN points b ON st_intersects(a.geom, b.geom)";
    let result = context.sql(sql).await.expect("a plan").collect().await;
    let error = result.expect_err("too little memory").find_root().to_string();
    assert!(error.contains("SpatialJoinExec"), "{error}");
}

/// Returns the session with so much memory and no more; sides stay where they are written, or not.
fn limited(session: &SessionContext, bytes: usize, reorders: bool) -> SessionContext {
    let runtime = RuntimeEnvBuilder::new().with_memory_limit(bytes, 1.0).build_arc();
    let state = SessionStateBuilder::new_from_existing(session.state())
        .with_runtime_env(runtime.expect("a runtime"))
        .build();
    let context = SessionContext::new_with_state(state);
    let state = context.state_ref();
    state.write().config_mut().options_mut().optimizer.join_reordering = reorders;
    context
}

#[tokio::test]
async fn a_left_side_of_many_times_the_memory_is_compared_in_parts() {
    for reorders in [false, true] {
        let views = reorders;
        let (spatial, plain) = (session(true, views, 64), session(false, views, 64));
        #[expect(clippy::disallowed_methods, reason = "a test assembles its own session")]
        for context in [&spatial, &plain] {
            context.register_table("large", table(6, 1, 900, views)).expect("a new table");
        }
        let parted = limited(&spatial, if reorders { 40_000 } else { 100_000 }, reorders);
        let mut total = 0;
        for condition in [
            "st_intersects(a.geom, b.geom)",
            "st_equals(a.geom, b.geom)",
            "st_distance(a.geom, b.geom) <= 0.5",
            "st_distance(a.geom, b.geom) <= a.id / 400.0",
            "st_intersects(a.geom, b.geom) AND a.id > b.id",
        ] {
            for join in JOINS {
                for other in ["points", "plain", "others"] {
                    let on = if join == "CROSS JOIN" { "WHERE" } else { "ON" };
                    let sql = format!(
                        "SELECT a.id, b.id AS other FROM large a {join} {other} b {on} {condition}"
                    );
                    total += compare(&parted, &plain, &sql).await;
                }
            }
            for exists in ["EXISTS", "NOT EXISTS"] {
                for tables in [("large", "points"), ("points", "large"), ("plain", "large")] {
                    let (a, b) = tables;
                    let sql = format!(
                        "SELECT a.id FROM {a} a WHERE {exists} (SELECT 1 FROM {b} b WHERE {condition})"
                    );
                    total += compare(&parted, &plain, &sql).await;
                }
            }
        }
        assert!(total > 3000, "{total}");
        let sql = "SELECT a.id FROM large a JOIN large b ON st_intersects(a.geom, b.geom)";
        let plan = parted.sql(sql).await.expect("a good query").create_physical_plan().await;
        let plan = plan.expect("a plan");
        collect(Arc::clone(&plan), parted.task_ctx()).await.expect("a result");
        // The rest of the left side, and the right rows that wait for it.
        assert!(spills(&plan) > 1, "{}", spills(&plan));
    }
}

/// Returns how many files were written for what did not fit into memory.
fn spills(plan: &Arc<dyn ExecutionPlan>) -> usize {
    let below: usize = plan.children().into_iter().map(spills).sum();
    below + plan.metrics().and_then(|metrics| metrics.spill_count()).unwrap_or(0)
}

#[tokio::test]
async fn the_much_larger_file_is_streamed() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, row_count: u32| {
        let rows = (0..row_count).map(|row| {
            let point = write::point_xy(f64::from(row % 100), f64::from(row / 100));
            let mut line = format!("{row},");
            for byte in point {
                let _ = write!(line, "{byte:02x}");
            }
            line + "\n"
        });
        let text = std::iter::once("id,hex\n".to_owned()).chain(rows).collect::<String>();
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a new file");
        path.to_str().expect("a path of characters").to_owned()
    };
    let (large, small) = (file("large.csv", 5000), file("small.csv", 100));
    let (spatial, plain) = (session(true, false, 64), session(false, false, 64));
    for context in [&spatial, &plain] {
        for (name, path) in [("large", &large), ("small", &small)] {
            let options = datafusion::prelude::CsvReadOptions::new();
            context.register_csv(name, path, options).await.expect("a table");
        }
    }
    for join in ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"] {
        let sql = format!(
            "SELECT l.id, s.id AS other FROM large l {join} small s ON \
             st_dwithin(decode(l.hex, 'hex'), decode(s.hex, 'hex'), 2.5)"
        );
        let (plan, _, _) = run(&spatial, &sql).await;
        let large_at = plan.find("large.csv").expect("a scan");
        let small_at = plan.find("small.csv").expect("a scan");
        assert!(small_at < large_at, "{plan}");
        assert!(compare(&spatial, &plain, &sql).await > 1000, "{sql}");
    }
}
