//! Left sides that are kept for later queries.

use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use datafusion::dataframe::DataFrameWriteOptions;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::memory_pool::{GreedyMemoryPool, MemoryPool};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::physical_plan::{ExecutionPlan, collect};
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use tempfile::TempDir;

use super::{session, sorted, table};
use crate::{JoinCache, Manner, ShareBuildSides};

const JOIN: &str =
    "SELECT z.id, s.id AS other FROM zones z JOIN spots s ON st_intersects(z.geom, s.geom)";

/// Writes a table of few areas and one of more points.
async fn files(seed: u64) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "zones", seed, 1, 12).await;
    write(folder.path(), "spots", 1, 0, 1200).await;
    folder
}

async fn write(folder: &Path, name: &str, seed: u64, kind: u32, row_count: usize) {
    let rows = SessionContext::new().read_table(table(seed, kind, row_count, true));
    let path = folder.join(format!("{name}.parquet"));
    let path = path.to_str().expect("a path of characters");
    let _ = std::fs::remove_file(path);
    let options = DataFrameWriteOptions::new().with_single_file_output(true);
    rows.expect("rows").write_parquet(path, options, None).await.expect("a file");
}

/// Returns a session over the files, as another server process would have it but for the cache.
async fn server(folder: &TempDir, cache: &Arc<JoinCache>) -> (SessionContext, Arc<dyn MemoryPool>) {
    let rule = ShareBuildSides::new(Arc::clone(cache), |_| {
        Some(Manner { text: String::new(), is_closed: true })
    });
    let pool: Arc<dyn MemoryPool> = Arc::new(GreedyMemoryPool::new(1 << 30));
    let runtime = RuntimeEnvBuilder::new().with_memory_pool(Arc::clone(&pool)).build_arc();
    let state = SessionStateBuilder::new_from_existing(session(true, true, 64).state())
        .with_runtime_env(runtime.expect("a runtime"))
        .with_physical_optimizer_rule(Arc::new(rule))
        .build();
    let context = SessionContext::new_with_state(state);
    register(&context, folder).await;
    (context, pool)
}

async fn register(context: &SessionContext, folder: &TempDir) {
    for name in ["zones", "spots"] {
        let path = folder.path().join(format!("{name}.parquet"));
        let path = path.to_str().expect("a path of characters");
        let file = context.read_parquet(path, ParquetReadOptions::default()).await.expect("a file");
        #[expect(clippy::disallowed_methods, reason = "a test assembles its own session")]
        context.register_table(name, file.into_view()).expect("a new table");
    }
}

async fn planned(context: &SessionContext, sql: &str) -> (Arc<dyn ExecutionPlan>, RecordBatch) {
    let plan = context.sql(sql).await.expect("a good query").create_physical_plan().await;
    let plan = plan.expect("a plan");
    let batches = collect(Arc::clone(&plan), context.task_ctx()).await.expect("a result");
    let rows = concat_batches(&plan.schema(), &batches).expect("one schema");
    (plan, sorted(&rows))
}

/// Runs a query; returns its rows in a fixed order, and how many joins found their left side.
async fn run(context: &SessionContext, sql: &str) -> (RecordBatch, usize) {
    let (plan, rows) = planned(context, sql).await;
    (rows, found(&plan))
}

fn found(plan: &Arc<dyn ExecutionPlan>) -> usize {
    let below: usize = plan.children().into_iter().map(found).sum();
    let own = plan.metrics().and_then(|metrics| metrics.sum_by_name("build_side_cached"));
    below + own.map_or(0, |count| count.as_usize())
}

#[tokio::test]
async fn every_join_agrees_with_nested_loops_over_a_kept_side() {
    let folder = files(2).await;
    let plain = session(false, true, 64);
    register(&plain, &folder).await;
    let cache = Arc::new(JoinCache::new(1 << 20));
    let joins = ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"].map(|join| {
        format!(
            "SELECT z.id, s.id AS other FROM zones z {join} spots s \
             ON st_intersects(z.geom, s.geom) AND s.id % 2 = 0"
        )
    });
    let semi = ["EXISTS", "NOT EXISTS"].map(|exists| {
        format!(
            "SELECT z.id FROM zones z WHERE {exists} \
             (SELECT 1 FROM spots s WHERE st_intersects(z.geom, s.geom) AND s.id > 5)"
        )
    });
    let grouped = "SELECT z.id, count(*) AS n, min(s.id) AS lowest FROM zones z \
                   JOIN spots s ON st_contains(z.geom, s.geom) GROUP BY z.id";
    let keyed = "SELECT z.id, s.id AS other FROM zones z \
                 JOIN spots s ON z.id % 3 = s.id % 3 AND st_dwithin(z.geom, s.geom, 2)";
    let others = [JOIN, grouped, keyed].map(str::to_owned);
    let mut total = 0;
    for sql in joins.iter().chain(&semi).chain(&others) {
        let (expected, _) = run(&plain, sql).await;
        total += expected.num_rows();
        for turn in 0..3 {
            let (context, _) = server(&folder, &cache).await;
            let (rows, found) = run(&context, sql).await;
            assert_eq!(rows, expected, "{sql}");
            assert!(turn == 0 || found == 1, "{sql}: {found}");
        }
    }
    assert!(total > 500, "{total}");
}

#[tokio::test]
async fn joins_of_one_plan_share_a_kept_side() {
    let folder = files(2).await;
    let cache = Arc::new(JoinCache::new(1 << 20));
    let (context, _) = server(&folder, &cache).await;
    let sql = format!("{JOIN} WHERE s.id < 400 UNION ALL {JOIN} WHERE s.id >= 800");
    let (expected, first) = run(&context, &sql).await;
    let (rows, second) = run(&context, &sql).await;
    assert_eq!((rows, first, second), (expected, 0, 1));
}

#[tokio::test]
async fn a_file_that_is_replaced_is_read_again() {
    let folder = files(2).await;
    let cache = Arc::new(JoinCache::new(1 << 20));
    let (context, _) = server(&folder, &cache).await;
    let (old, first) = run(&context, JOIN).await;
    let (_, second) = run(&context, JOIN).await;
    write(folder.path(), "zones", 8, 1, 12).await;
    let (context, _) = server(&folder, &cache).await;
    let (new, third) = run(&context, JOIN).await;
    assert_ne!(old, new);
    let plain = session(false, true, 64);
    register(&plain, &folder).await;
    assert_eq!(new, run(&plain, JOIN).await.0);
    assert_eq!((first, second, third), (0, 1, 0));
}

#[tokio::test]
async fn another_condition_is_another_side() {
    let folder = files(2).await;
    let cache = Arc::new(JoinCache::new(1 << 20));
    let (context, _) = server(&folder, &cache).await;
    for (condition, expected) in [
        ("z.id < 9", 0),
        ("z.id < 9", 1),
        ("z.id < 8", 0),
        ("z.id < 9 AND s.id > 50", 1),
        ("z.id < 9 AND z.name IS NULL", 0),
    ] {
        let (_, found) = run(&context, &format!("{JOIN} WHERE {condition}")).await;
        assert_eq!(found, expected, "{condition}");
    }
}

#[tokio::test]
async fn what_changes_by_itself_is_not_kept() {
    let folder = files(2).await;
    let cache = Arc::new(JoinCache::new(1 << 20));
    let (context, _) = server(&folder, &cache).await;
    for zones in ["(SELECT * FROM zones WHERE random() >= 0)", "(SELECT * FROM zones LIMIT 100)"] {
        let sql = JOIN.replace("zones z", &format!("{zones} z"));
        for _ in 0..2 {
            assert_eq!(run(&context, &sql).await.1, 0, "{zones}");
        }
    }
    assert_eq!(cache.memory_size(), 0);
}

#[tokio::test]
async fn a_cache_of_no_bytes_keeps_nothing() {
    let folder = files(2).await;
    let cache = Arc::new(JoinCache::new(0));
    let (context, pool) = server(&folder, &cache).await;
    for _ in 0..2 {
        assert_eq!(run(&context, JOIN).await.1, 0);
    }
    assert_eq!((cache.memory_size(), pool.reserved()), (0, 0));
}

#[tokio::test]
async fn the_side_that_was_used_longest_ago_goes_first() {
    let folder = files(2).await;
    let sql = |most: u32| format!("{JOIN} WHERE z.id < {most}");
    let cache = Arc::new(JoinCache::new(1 << 20));
    let (context, _) = server(&folder, &cache).await;
    run(&context, &sql(100)).await;
    let one = cache.memory_size();
    assert!(one > 0);

    let cache = Arc::new(JoinCache::new(one * 5 / 2));
    let (context, _) = server(&folder, &cache).await;
    let mut all = Vec::new();
    for most in [100, 101, 100, 102, 100, 101, 102] {
        all.push(run(&context, &sql(most)).await.1);
        assert!(cache.memory_size() <= one * 5 / 2);
    }
    assert_eq!(all, [0, 0, 1, 0, 1, 0, 0]);
}

#[tokio::test]
async fn memory_of_idle_sides_is_given_back() {
    let folder = files(2).await;
    let cache = Arc::new(JoinCache::new(1 << 20));
    let (context, pool) = server(&folder, &cache).await;
    let (plan, _) = planned(&context, JOIN).await;
    assert!(pool.reserved() > 0);
    assert!(!cache.give_back(), "the side is in use");
    drop(plan);
    assert!(pool.reserved() > 0);
    assert!(cache.give_back());
    assert!(!cache.give_back());
    assert_eq!((cache.memory_size(), pool.reserved()), (0, 0));
    assert_eq!(run(&context, JOIN).await.1, 0);
}
