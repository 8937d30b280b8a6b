//! Group-joins must answer as aggregates over nested loop joins do.

use std::sync::Arc;

use arrow::compute::concat_batches;
use datafusion::physical_plan::collect;
use datafusion::prelude::SessionContext;

use super::{limited, run, session, sorted, table};
use crate::memory::is_exhausted;

/// Aggregates of the rows of `b`.
const AGGREGATES: [&str; 4] = [
    "count(*) AS n, count(b.name) AS named, sum(b.id) AS total, avg(b.id + 0.5) AS mean",
    "min(b.name) AS first, count(DISTINCT b.id) AS ids, count(DISTINCT b.name) AS names",
    "count(*) FILTER (WHERE b.id % 2 = 0) AS even, sum(b.id) FILTER (WHERE b.name > 'row 3') AS some",
    "count(1) AS n",
];

/// What rows of `a` are grouped by.
const KEYS: [&str; 4] = ["a.id", "a.id, a.name", "a.id % 5", "a.geom, a.id + 1"];

/// Returns a session that collects the first table of a join.
fn grouped(views: bool) -> SessionContext {
    limited(&session(true, views, 16), 1 << 30, false)
}

#[tokio::test]
async fn group_joins_agree_with_aggregates_over_nested_loops() {
    for views in [false, true] {
        let (spatial, plain) = (grouped(views), session(false, views, 16));
        let mut total = 0;
        for (aggregates, keys) in AGGREGATES.iter().flat_map(|all| KEYS.map(|keys| (all, keys))) {
            for join in ["JOIN", "LEFT JOIN"] {
                for (other, condition) in [
                    ("points", "st_intersects(a.geom, b.geom)"),
                    ("plain", "st_contains(a.geom, b.geom) AND a.id <> b.id"),
                    ("nothing", "st_intersects(a.geom, b.geom)"),
                ] {
                    let keyed: Vec<_> = keys
                        .split(", ")
                        .zip(["k", "l"])
                        .map(|(k, name)| format!("{k} AS {name}"))
                        .collect();
                    let sql = format!(
                        "SELECT {}, {aggregates} FROM areas a {join} (SELECT * FROM {other} LIMIT 1000) b \
                         ON {condition} GROUP BY {keys}",
                        keyed.join(", ")
                    );
                    let (plan, found, _) = run(&spatial, &sql).await;
                    let is_empty = other == "nothing";
                    assert!(is_empty || plan.contains("SpatialGroupJoinExec"), "{sql}\n{plan}");
                    let (plan, expected, _) = run(&plain, &sql).await;
                    assert!(is_empty || plan.contains("NestedLoopJoinExec"), "{sql}\n{plan}");
                    assert_eq!(found, expected, "{sql}");
                    total += found.num_rows();
                }
            }
        }
        assert!(total > 2500, "{total}");
    }
}

#[tokio::test]
async fn aggregates_of_both_sides_stay_above_the_join() {
    let (spatial, plain) = (session(true, false, 16), session(false, false, 16));
    for (aggregates, keys) in [
        ("sum(a.id + b.id)", "a.id"),
        ("sum(a.id)", "a.id"),
        ("count(*)", "a.id, b.name"),
        ("count(*)", "b.name"),
        ("array_agg(b.id ORDER BY b.id)", "a.id"),
        ("sum(b.id) FILTER (WHERE a.id > 3)", "a.id"),
    ] {
        let sql = format!(
            "SELECT {keys}, {aggregates} AS total FROM areas a LEFT JOIN points b \
             ON st_intersects(a.geom, b.geom) GROUP BY {keys}"
        );
        let (plan, found, _) = run(&spatial, &sql).await;
        assert!(plan.contains("SpatialJoinExec") && !plan.contains("GroupJoin"), "{sql}\n{plan}");
        let (_, expected, _) = run(&plain, &sql).await;
        assert_eq!(found, expected, "{sql}");
    }
}

#[tokio::test]
async fn nothing_is_computed_for_rows_without_a_match() {
    let spatial = grouped(false);
    let sql = "SELECT a.id, sum(100 / (b.id % 5)) AS total FROM areas a JOIN points b \
               ON st_intersects(a.geom, b.geom) AND (b.id % 5 <> 0 OR a.id < 0) GROUP BY a.id";
    let (plan, rows, _) = run(&spatial, sql).await;
    assert!(plan.contains("SpatialGroupJoinExec"), "{plan}");
    assert!(rows.num_rows() > 5, "{}", rows.num_rows());
}

#[tokio::test]
async fn answers_are_the_same_with_little_memory() {
    let (spatial, plain) = (session(true, false, 64), session(false, false, 64));
    #[expect(clippy::disallowed_methods, reason = "a test assembles its own session")]
    for context in [&spatial, &plain] {
        context.register_table("large", table(6, 1, 900, false)).expect("a new table");
    }
    for join in ["JOIN", "LEFT JOIN"] {
        let sql = format!(
            "SELECT a.id, count(b.id) AS n, count(DISTINCT b.name) AS names, count(DISTINCT b.id) AS ids \
             FROM large a {join} points b ON st_distance(a.geom, b.geom) < 12 GROUP BY a.id"
        );
        let (_, expected, _) = run(&plain, &sql).await;
        let mut answers = 0;
        for bytes in [1 << 30, 4_000_000, 2_500_000, 1_300_000, 600_000] {
            let context = limited(&spatial, bytes, false);
            let plan = context.sql(&sql).await.expect("a good query").create_physical_plan().await;
            let plan = plan.expect("a plan");
            match collect(Arc::clone(&plan), context.task_ctx()).await {
                Ok(batches) => {
                    let found = concat_batches(&plan.schema(), &batches).expect("one schema");
                    assert_eq!(sorted(&found), expected, "{bytes} bytes, {sql}");
                    answers += 1;
                }
                Err(error) => assert!(is_exhausted(&error), "{bytes} bytes, {error}"),
            }
        }
        assert!(answers > 0, "{sql}");
    }
}
