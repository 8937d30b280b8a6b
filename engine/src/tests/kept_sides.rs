//! Collected sides of joins that are kept for later queries.

use super::Fixture;

const JOIN: &str =
    "SELECT count(*) AS n FROM zones z JOIN spots s ON ST_Intersects(z.geom, s.geom)";

impl Fixture {
    /// Returns whether a query finds the collected side of its join.
    async fn finds_side(&self, sql: &str) -> bool {
        self.rows(&format!("EXPLAIN ANALYZE {sql}")).await.contains("build_side_cached=1")
    }

    /// Makes points on a line, ten to each number.
    async fn with_spots(self) -> Self {
        self.done("CREATE TABLE spots AS SELECT value AS id, ST_Point(value * 0.1, 1) AS geom FROM generate_series(1, 2000)")
            .await;
        self
    }
}

#[tokio::test]
async fn a_table_that_changes_is_read_again() {
    let fixture = Fixture::new().await.with_spots().await;
    fixture
        .done("CREATE TABLE zones AS SELECT value AS id, ST_MakeEnvelope(value * 10 + 0.05, 0, value * 10 + 1.05, 2) AS geom FROM generate_series(0, 3)")
        .await;
    assert_eq!(fixture.rows(JOIN).await, "n\n40");
    assert!(fixture.engine.metrics().join_cache_used > 0);
    assert!(fixture.finds_side(JOIN).await);
    assert_eq!(fixture.rows(JOIN).await, "n\n40");
    let narrowed = format!("{JOIN} AND s.id <= 100");
    assert!(fixture.finds_side(&narrowed).await);
    assert_eq!(fixture.rows(&narrowed).await, "n\n10");

    fixture.done("INSERT INTO zones SELECT 4, ST_MakeEnvelope(40.05, 0, 41.05, 2)").await;
    assert_eq!(fixture.rows(JOIN).await, "n\n50");
    assert!(fixture.finds_side(JOIN).await);
    fixture.done("DELETE FROM zones WHERE id = 0").await;
    assert!(!fixture.finds_side(JOIN).await);
    assert_eq!(fixture.rows(JOIN).await, "n\n40");
    fixture.done("DROP TABLE zones").await;
    fixture
        .done("CREATE TABLE zones AS SELECT 1 AS id, ST_MakeEnvelope(0.05, 0, 1.05, 2) AS geom")
        .await;
    assert!(!fixture.finds_side(JOIN).await);
    assert_eq!(fixture.rows(JOIN).await, "n\n10");
}

#[tokio::test]
async fn what_is_looked_for_nearby_is_kept_too() {
    let fixture = Fixture::new().await.with_spots().await;
    fixture
        .done("CREATE TABLE stops AS SELECT value AS id, ST_Point(value * 50, 0) AS geom FROM generate_series(0, 4)")
        .await;
    let nearest = "SELECT sum(o.id) AS n FROM spots q JOIN stops o ON ST_KNN(q.geom, o.geom, 1)";
    let expected = fixture.rows(nearest).await;
    assert!(fixture.finds_side(nearest).await);
    assert_eq!(fixture.rows(nearest).await, expected);
    assert!(fixture.finds_side(&format!("{nearest} WHERE q.id < 100")).await);
    fixture.done("DELETE FROM stops WHERE id = 4").await;
    assert!(!fixture.finds_side(nearest).await);
    assert_ne!(fixture.rows(nearest).await, expected);
}

#[tokio::test]
async fn a_file_that_changes_is_read_again() {
    let fixture = Fixture::new().await.with_spots().await;
    let zone = |right: &str| {
        let feature = format!(
            r#"{{"type":"Feature","properties":{{"id":1}},"geometry":{{"type":"Polygon","coordinates":[[[0.05,0],[{right},0],[{right},2],[0.05,2],[0.05,0]]]}}}}"#
        );
        format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#)
    };
    let path = fixture.file("zones.geojson", &zone("1.05"));
    let join = format!(
        "SELECT count(*) AS n FROM '{path}' AS z JOIN spots AS s ON ST_Intersects(z.geometry, ST_SetSRID(s.geom, 4326))"
    );
    assert_eq!(fixture.rows(&join).await, "n\n10");
    assert!(fixture.finds_side(&join).await);
    fixture.file("zones.geojson", &zone("2.05"));
    assert!(!fixture.finds_side(&join).await);
    assert_eq!(fixture.rows(&join).await, "n\n20");
}

#[tokio::test]
async fn sides_are_kept_for_others_who_may_read_the_table() {
    let fixture = Fixture::new().await.with_spots().await;
    fixture
        .done("CREATE TABLE zones AS SELECT 1 AS id, ST_MakeEnvelope(0.05, 0, 1.05, 2) AS geom")
        .await;
    assert!(!fixture.finds_side(JOIN).await);
    let principal = crate::Principal::local("eve");
    let session = fixture.engine.session(principal, crate::SessionOptions::default());
    let sql = format!("EXPLAIN ANALYZE {JOIN}");
    let plan = super::rows(&session, &sql, Vec::new()).await.expect("rows");
    assert!(plan.contains("build_side_cached=1"), "{plan}");
}

#[tokio::test]
async fn nothing_is_kept_where_nothing_may_be() {
    let fixture = Fixture::with(|config| config.limits.join_cache_bytes = Some(0)).await;
    let fixture = fixture.with_spots().await;
    fixture
        .done("CREATE TABLE zones AS SELECT 1 AS id, ST_MakeEnvelope(0.05, 0, 1.05, 2) AS geom")
        .await;
    for _ in 0..2 {
        assert!(!fixture.finds_side(JOIN).await);
    }
    assert_eq!(fixture.engine.metrics().join_cache_used, 0);
}

#[tokio::test]
async fn sides_make_room_for_queries() {
    let fixture = Fixture::with(|config| config.limits.memory_bytes = Some(32 << 20)).await;
    let fixture = fixture.with_spots().await;
    fixture
        .done("CREATE TABLE zones AS SELECT 1 AS id, ST_MakeEnvelope(0.05, 0, 1.05, 2) AS geom")
        .await;
    assert_eq!(fixture.rows(JOIN).await, "n\n10");
    assert!(fixture.engine.metrics().join_cache_used > 0);
    // It takes more than there is; what becomes of it is not asked here.
    let large = "SELECT array_length(array_agg(value)) FROM generate_series(1, 8000000)";
    let _ = super::rows(&fixture.session, large, Vec::new()).await;
    assert_eq!(fixture.engine.metrics().join_cache_used, 0);
}
