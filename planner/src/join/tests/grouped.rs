//! Group-joins must answer as aggregates over nested loop joins do.

use super::{limited, run, session, table};

/// Aggregates of the rows of `b`.
const AGGREGATES: [&str; 4] = [
    "count(*) AS n, count(b.name) AS named, sum(b.id) AS total, avg(b.id + 0.5) AS mean",
    "min(b.name) AS first, max(b.id) AS last, count(DISTINCT b.name) AS names",
    "count(*) FILTER (WHERE b.id % 2 = 0) AS even, sum(b.id) FILTER (WHERE b.name > 'row 3') AS some",
    "count(1) AS n",
];

/// What rows of `a` are grouped by.
const KEYS: [&str; 4] = ["a.id", "a.id, a.name", "a.id % 5", "a.geom, a.id + 1"];

#[tokio::test]
async fn group_joins_agree_with_aggregates_over_nested_loops() {
    for views in [false, true] {
        let (spatial, plain) = (session(true, views, 16), session(false, views, 16));
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
        assert!(total > 3000, "{total}");
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
    let spatial = session(true, false, 16);
    let sql = "SELECT a.id, sum(100 / (b.id % 5)) AS total FROM areas a JOIN points b \
               ON st_intersects(a.geom, b.geom) AND b.id % 5 <> 0 GROUP BY a.id";
    let (plan, rows, _) = run(&spatial, sql).await;
    assert!(plan.contains("SpatialGroupJoinExec"), "{plan}");
    assert!(rows.num_rows() > 5, "{}", rows.num_rows());
}

#[tokio::test]
async fn states_are_put_out_when_memory_runs_out() {
    for reorders in [false, true] {
        let (spatial, plain) = (session(true, false, 64), session(false, false, 64));
        #[expect(clippy::disallowed_methods, reason = "a test assembles its own session")]
        for context in [&spatial, &plain] {
            context.register_table("large", table(6, 1, 900, false)).expect("a new table");
        }
        for join in ["JOIN", "LEFT JOIN"] {
            let sql = format!(
                "SELECT a.id, count(b.id) AS n, count(DISTINCT b.name) AS names \
                 FROM large a {join} points b ON st_distance(a.geom, b.geom) < 12 GROUP BY a.id"
            );
            let (_, expected, _) = run(&plain, &sql).await;
            for bytes in [300_000, 400_000, 600_000] {
                let context = limited(&spatial, bytes, reorders);
                let (plan, found, _) = run(&context, &sql).await;
                assert!(plan.contains("SpatialGroupJoinExec"), "{sql}\n{plan}");
                assert_eq!(found, expected, "{bytes} bytes, {sql}");
            }
        }
    }
}
