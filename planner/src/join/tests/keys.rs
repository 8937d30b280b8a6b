//! Joins by keys and geometries must answer as hash joins do.

use super::{run, session, table};

#[tokio::test]
async fn joins_with_keys_agree_with_hash_joins() {
    let (spatial, plain) = (session(true, false, 64), session(false, false, 64));
    #[expect(clippy::disallowed_methods, reason = "a test assembles its own session")]
    for context in [&spatial, &plain] {
        context.register_table("large", table(6, 1, 300, false)).expect("a new table");
    }
    let mut total = 0;
    for keys in [
        "a.id = b.id",
        "b.id % 3 = a.id % 3",
        "a.name = b.name",
        "(a.name = b.name OR (a.name IS NULL AND b.name IS NULL))",
        "(a.name IS NOT DISTINCT FROM b.name)",
        "a.id % 2 = b.id % 2 AND (a.name IS NULL) = (b.name IS NULL)",
        "a.id % 2 = b.id % 2 AND a.id > b.id",
    ] {
        for relation in [
            "st_intersects(a.geom, b.geom)",
            "st_equals(a.geom, b.geom)",
            "st_dwithin(a.geom, b.geom, 9)",
            "st_distance(a.geom, b.geom) <= b.id / 5.0",
        ] {
            let condition = format!("{keys} AND {relation}");
            for (one, two) in [("large", "points"), ("plain", "large"), ("areas", "others")] {
                let semi = ["EXISTS", "NOT EXISTS"].map(|exists| {
                    format!(
                        "SELECT a.id FROM {one} a \
                         WHERE {exists} (SELECT 1 FROM {two} b WHERE {condition})"
                    )
                });
                let joins = ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"].map(|join| {
                    format!("SELECT a.id, b.id AS other FROM {one} a {join} {two} b ON {condition}")
                });
                for sql in joins.iter().chain(&semi) {
                    let (plan, found, _) = run(&spatial, sql).await;
                    assert!(plan.contains("SpatialJoinExec"), "{sql}\n{plan}");
                    let (_, expected, _) = run(&plain, sql).await;
                    assert_eq!(found, expected, "{sql}");
                    total += found.num_rows();
                }
            }
        }
    }
    assert!(total > 3000, "{total}");
    let sql = "SELECT count(*) FROM large a JOIN others b \
               ON a.id % 3 = b.id % 3 AND st_intersects(a.geom, b.geom)";
    let (plan, ..) = run(&plain, sql).await;
    assert!(plan.contains("HashJoinExec"), "{plan}");
}
