//! Sorts by keys must answer as the sort of the query engine does.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray as _, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch,
    StringArray, StringViewArray,
};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field, Int64Type, Schema};
use datafusion::datasource::MemTable;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::physical_plan::{ExecutionPlan, collect, displayable};
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::physical_optimizer_rules;

/// Returns rows in three partitions; `number` has few values, and so has `flag`.
fn table(row_count: i32) -> MemTable {
    let schema = Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("number", DataType::Float64, true),
        Field::new("small", DataType::Int32, true),
        Field::new("flag", DataType::Boolean, true),
        Field::new("name", DataType::Utf8View, true),
    ]));
    let mut partitions = vec![Vec::new(); 3];
    for start in (0..row_count).step_by(100) {
        let rows: Vec<i32> = (start..(start + 100).min(row_count)).collect();
        let mixed = |row: i32| row.wrapping_mul(0x2545_F491_u32.cast_signed()).rotate_left(7);
        let number = |row: &i32| match mixed(*row).rem_euclid(11) {
            0 => None,
            1 => Some(f64::NAN),
            2 => Some(-0.0),
            other => Some(f64::from(other) - 7.0),
        };
        let columns: Vec<ArrayRef> = vec![
            Arc::new(rows.iter().copied().map(i64::from).collect::<Int64Array>()),
            Arc::new(rows.iter().map(number).collect::<Float64Array>()),
            Arc::new(
                rows.iter()
                    .map(|row| (row % 9 != 0).then(|| mixed(row + 5) % 50))
                    .collect::<Int32Array>(),
            ),
            Arc::new(
                rows.iter()
                    .map(|row| (row % 5 != 0).then_some(row % 2 == 0))
                    .collect::<BooleanArray>(),
            ),
            Arc::new(
                rows.iter()
                    .map(|row| (row % 3 != 0).then(|| format!("a name that is not short: {row}")))
                    .collect::<StringViewArray>(),
            ),
        ];
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns).expect("a batch");
        partitions[usize::try_from(start / 100).expect("small") % 3].push(batch);
    }
    MemTable::try_new(schema, partitions).expect("a table")
}

/// Returns a session over a table, with or without sorts by keys.
fn session(by_keys: bool, row_count: i32, memory: Option<usize>) -> SessionContext {
    let batch_size = if memory.is_some() { 1024 } else { 64 };
    let config = SessionConfig::new().with_batch_size(batch_size).with_target_partitions(3);
    let config = config.set_usize("datafusion.execution.sort_spill_reservation_bytes", 1 << 16);
    let mut builder = SessionStateBuilder::new().with_config(config).with_default_features();
    if let Some(memory) = memory {
        let runtime = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(FairSpillPool::new(memory)))
            .build_arc();
        builder = builder.with_runtime_env(runtime.expect("a runtime"));
    }
    if by_keys {
        builder = builder.with_physical_optimizer_rules(physical_optimizer_rules());
    }
    let context = SessionContext::new_with_state(builder.build());
    #[expect(clippy::disallowed_methods, reason = "a test assembles its own session")]
    context.register_table("rows", Arc::new(table(row_count))).expect("a new table");
    context
}

async fn plan(context: &SessionContext, sql: &str) -> Arc<dyn ExecutionPlan> {
    let rows = context.sql(sql).await.expect("a query");
    rows.create_physical_plan().await.expect("a plan")
}

async fn rows(context: &SessionContext, plan: &Arc<dyn ExecutionPlan>) -> RecordBatch {
    let batches = collect(Arc::clone(plan), context.task_ctx()).await.expect("an answer");
    concat_batches(&plan.schema(), &batches).expect("one schema")
}

fn shown(plan: &Arc<dyn ExecutionPlan>) -> String {
    displayable(plan.as_ref()).indent(false).to_string()
}

/// Every order ends in the key, so that there is one answer.
const ORDERS: [&str; 8] = [
    "id",
    "number, id DESC",
    "number DESC NULLS FIRST, small, id",
    "number DESC NULLS LAST, small DESC NULLS LAST, id",
    "flag, number, small NULLS FIRST, id",
    "flag DESC, small DESC, id",
    "small * 2 NULLS FIRST, flag, id",
    "small, number, flag, id",
];

#[tokio::test]
async fn answers_are_those_of_the_query_engine() {
    let (by_keys, usual) = (session(true, 5000, None), session(false, 5000, None));
    for order in ORDERS {
        let sql = format!("SELECT * FROM rows ORDER BY {order}");
        let (found, expected) = (plan(&by_keys, &sql).await, plan(&usual, &sql).await);
        assert!(shown(&found).starts_with("KeySortExec"), "{}", shown(&found));
        assert!(!shown(&found).contains("SortPreservingMerge"), "{}", shown(&found));
        let (found, expected) = (rows(&by_keys, &found).await, rows(&usual, &expected).await);
        assert_eq!(found, expected, "{order}");
    }
}

#[tokio::test]
async fn many_rows_are_put_together_before_they_are_sorted() {
    let schema = Arc::new(Schema::new(vec![
        Field::new("number", DataType::Int64, false),
        Field::new("id", DataType::Int64, false),
    ]));
    let mut partitions = vec![Vec::new(); 2];
    for (part, first) in (0..1_200_000).step_by(100_000).enumerate() {
        let ids = || first..first + 100_000_i64;
        let numbers = ids().map(|id| id * 7_919 % 100_003);
        let columns: [ArrayRef; 2] = [
            Arc::new(numbers.collect::<Int64Array>()),
            Arc::new(ids().rev().collect::<Int64Array>()),
        ];
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns.to_vec()).expect("a batch");
        partitions[part % 2].push(batch);
    }
    let builder = SessionStateBuilder::new().with_default_features();
    let builder = builder.with_physical_optimizer_rules(physical_optimizer_rules());
    let context = SessionContext::new_with_state(builder.build());
    let table = MemTable::try_new(schema, partitions).expect("a table");
    #[expect(clippy::disallowed_methods, reason = "a test assembles its own session")]
    context.register_table("rows", Arc::new(table)).expect("a new table");
    // The keys of the second come in their order, so that none of the first rows are of the last.
    for order in ["number, id", "id, number"] {
        let plan = plan(&context, &format!("SELECT {order} FROM rows ORDER BY {order}")).await;
        let sorted = rows(&context, &plan).await;
        let [first, second] =
            [0, 1].map(|column| sorted.column(column).as_primitive::<Int64Type>().values());
        let rows: Vec<_> = first.iter().zip(second).collect();
        assert!(rows.windows(2).all(|pair| pair[0] < pair[1]), "{order}: another order");
        assert_eq!(rows.len(), 1_200_000);
        let ids = if order.starts_with("id") { first } else { second };
        assert_eq!(ids.iter().sum::<i64>(), 1_200_000 * 1_199_999 / 2);
    }
}

#[tokio::test]
async fn other_sorts_stay_with_the_query_engine() {
    let by_keys = session(true, 100, None);
    for order in ["name", "number, name", "id LIMIT 5"] {
        let plan = plan(&by_keys, &format!("SELECT * FROM rows ORDER BY {order}")).await;
        assert!(!shown(&plan).contains("KeySortExec"), "{}", shown(&plan));
    }
}

#[tokio::test]
async fn nothing_is_sorted_to_nothing() {
    let by_keys = session(true, 0, None);
    let plan = plan(&by_keys, "SELECT * FROM rows ORDER BY id").await;
    assert!(shown(&plan).contains("KeySortExec"), "{}", shown(&plan));
    assert_eq!(rows(&by_keys, &plan).await.num_rows(), 0);
}

#[tokio::test]
async fn rows_that_do_not_fit_are_sorted_by_the_query_engine() {
    let sql = "SELECT * FROM rows ORDER BY number, small, id";
    let (by_keys, usual) = (session(true, 300_000, Some(32 << 20)), session(false, 300_000, None));
    let (found, expected) = (plan(&by_keys, sql).await, plan(&usual, sql).await);
    let (answer, expected) = (rows(&by_keys, &found).await, rows(&usual, &expected).await);
    assert_eq!(answer, expected);
    let metrics = found.metrics().expect("metrics");
    let handed_over = metrics.sum_by_name("handed_over").map(|count| count.as_usize());
    assert_eq!(handed_over, Some(1));
    let left = by_keys.runtime_env().memory_pool.reserved();
    assert_eq!(left, 0, "everything that was booked is given back");
}

#[tokio::test]
async fn large_values_make_small_batches() {
    let schema = Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("text", DataType::Utf8, false),
    ]));
    let columns: Vec<ArrayRef> = vec![
        Arc::new((0..100).rev().collect::<Int64Array>()),
        Arc::new((0..100).map(|_| Some("x".repeat(2 << 20))).collect::<StringArray>()),
    ];
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns).expect("a batch");
    let table = MemTable::try_new(schema, vec![vec![batch]]).expect("a table");
    let context = session(true, 0, None);
    #[expect(clippy::disallowed_methods, reason = "a test assembles its own session")]
    context.register_table("large", Arc::new(table)).expect("a new table");
    let plan = plan(&context, "SELECT * FROM large ORDER BY id").await;
    assert!(shown(&plan).starts_with("KeySortExec"), "{}", shown(&plan));
    let batches = collect(plan, context.task_ctx()).await.expect("an answer");
    let counts: Vec<_> = batches.iter().map(RecordBatch::num_rows).collect();
    assert_eq!(counts, [32, 32, 32, 4]);
}
