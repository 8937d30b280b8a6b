//! Tables written by statements.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};

use super::Fixture;
use crate::{Code, Outcome};

#[tokio::test]
async fn tables_are_made_filled_and_replaced() {
    let fixture = Fixture::new().await;
    let made = fixture
        .done("CREATE TABLE t PARTITIONED BY (k) COMMENT 'c' AS SELECT value AS v, value % 2 AS k FROM generate_series(1, 10)")
        .await;
    assert_eq!((made.operation, made.rows_affected), ("CREATE TABLE", Some(10)));
    assert_eq!(made.version, Some(0));
    let inserted = fixture.done("INSERT INTO t (k, v) SELECT 1, 100").await;
    assert_eq!((inserted.rows_affected, inserted.version), (Some(1), Some(1)));
    assert_eq!(
        fixture.rows("SELECT k, count(*) AS n FROM t GROUP BY k ORDER BY k").await,
        "k|n\n0|5\n1|6"
    );
    assert_eq!(fixture.refused("CREATE TABLE t AS SELECT 1 AS a").await.code, Code::DuplicateTable);
    let kept = fixture.done("CREATE TABLE IF NOT EXISTS t AS SELECT 1 AS a").await;
    assert_eq!(kept.rows_affected, Some(0));
    let over = fixture.done("INSERT OVERWRITE t SELECT 5, 0").await;
    assert_eq!(over.rows_affected, Some(1));
    assert_eq!(fixture.rows("SELECT * FROM t").await, "v|k\n5|0");
    fixture.done("CREATE OR REPLACE TABLE t AS SELECT 'new' AS x").await;
    assert_eq!(fixture.rows("SELECT * FROM t").await, "x\nnew");
    fixture.done("DROP TABLE t").await;
    assert_eq!(fixture.refused("SELECT * FROM t").await.code, Code::UndefinedTable);
    fixture.done("DROP TABLE IF EXISTS t").await;
    assert_eq!(fixture.refused("DROP TABLE t").await.code, Code::UndefinedTable);
}

#[tokio::test]
async fn a_failing_query_leaves_the_old_table() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE t AS SELECT 1 AS a").await;
    let sql = "CREATE OR REPLACE TABLE t AS SELECT 1 / (value - 5000) AS a FROM generate_series(1, 10000)";
    assert_eq!(fixture.refused(sql).await.code, Code::DivisionByZero);
    assert_eq!(fixture.rows("SELECT * FROM t").await, "a\n1");
    let sql = "CREATE TABLE u AS SELECT 1 / (value - 5000) AS a FROM generate_series(1, 10000)";
    assert_eq!(fixture.refused(sql).await.code, Code::DivisionByZero);
    assert_eq!(fixture.refused("SELECT * FROM u").await.code, Code::UndefinedTable);
    let sql = "INSERT INTO t SELECT 1 / (value - 5000) FROM generate_series(1, 10000)";
    assert_eq!(fixture.refused(sql).await.code, Code::DivisionByZero);
    assert_eq!(fixture.rows("SELECT * FROM t").await, "a\n1");
}

#[tokio::test]
async fn geometries_keep_their_reference_system() {
    let fixture = Fixture::new().await;
    fixture
        .done("CREATE TABLE p CLUSTER BY (geom) AS SELECT value AS id, ST_SetSRID(ST_Point(value * 3.7, value), 4326) AS geom FROM generate_series(1, 40)")
        .await;
    assert_eq!(
        fixture.rows("DESCRIBE p").await,
        "column_name|data_type|is_nullable|crs\nid|BIGINT|YES|\ngeom|GEOMETRY|YES|EPSG:4326"
    );
    assert_eq!(
        fixture.rows("SELECT f_table_name, f_geometry_column, srid FROM geometry_columns").await,
        "f_table_name|f_geometry_column|srid\np|geom|4326"
    );
    fixture.done("INSERT INTO p VALUES (99, 'POINT(5 6)')").await;
    assert_eq!(
        fixture.rows("SELECT ST_AsText(geom) AS g, ST_SRID(geom) AS s FROM p WHERE id = 99").await,
        "g|s\nPOINT(5 6)|4326"
    );
    let error = fixture.refused("INSERT INTO p SELECT 1, ST_SetSRID(ST_Point(1, 2), 3857)").await;
    assert_eq!(error.code, Code::CrsMismatch);
    assert!(error.hint.is_some_and(|hint| hint.contains("ST_Transform")));
}

#[tokio::test]
async fn wrong_rows_are_refused_when_planned() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE t AS SELECT 1 AS a, 'x' AS b").await;
    for (sql, code) in [
        ("INSERT INTO t (a, b) SELECT 1", Code::SyntaxError),
        ("INSERT INTO t SELECT 1, 'x', 2", Code::SyntaxError),
        ("INSERT INTO t (a, c) SELECT 1, 2", Code::UndefinedColumn),
        ("INSERT INTO t (a, A) SELECT 1, 2", Code::SyntaxError),
        ("INSERT INTO nope SELECT 1", Code::UndefinedTable),
        ("INSERT INTO t SELECT [1], 'x'", Code::DatatypeMismatch),
    ] {
        let error = fixture.session.prepare(sql).await.expect_err(sql);
        assert_eq!(error.code, code, "{sql}: {error:?}");
    }
    let error = fixture.refused("CREATE TABLE u AS SELECT 1 AS a, 2 AS A").await;
    assert_eq!(error.code, Code::AmbiguousColumn);
}

#[tokio::test]
async fn tables_can_be_made_empty() {
    let fixture = Fixture::new().await;
    fixture
        .done("CREATE TABLE t (id BIGINT NOT NULL, name VARCHAR, geom GEOMETRY(Point, 4326), at TIMESTAMP)")
        .await;
    assert_eq!(fixture.rows("SELECT count(*) AS n FROM t").await, "n\n0");
    fixture.done("INSERT INTO t VALUES (1, 'x', 'POINT(1 2)', '2024-01-01T00:00:00')").await;
    assert_eq!(fixture.rows("SELECT id, ST_SRID(geom) AS s FROM t").await, "id|s\n1|4326");
}

#[tokio::test]
async fn copy_writes_files() {
    let fixture = Fixture::new().await;
    fixture
        .done("CREATE TABLE p AS SELECT value AS id, ST_SetSRID(ST_Point(value, value), 4326) AS geom FROM generate_series(1, 5)")
        .await;
    for name in ["p.parquet", "p.geojson", "p.csv", "p.ndjson", "p.arrow"] {
        let path = fixture.path(name);
        let copied = fixture.done(&format!("COPY p TO '{path}'")).await;
        assert_eq!((copied.operation, copied.rows_affected), ("COPY", Some(5)), "{name}");
        let rows = fixture.rows(&format!("SELECT count(*) AS n FROM '{path}'")).await;
        assert_eq!(rows, "n\n5", "{name}");
    }
    let path = fixture.path("q.parquet");
    fixture
        .done(&format!("COPY (SELECT * FROM p WHERE id > 2) TO '{path}' STORED AS GEOPARQUET CLUSTER BY geom OPTIONS (compression zstd)"))
        .await;
    assert_eq!(
        fixture
            .rows(&format!("SELECT ST_SRID(geom) AS s, count(*) AS n FROM '{path}' GROUP BY 1"))
            .await,
        "s|n\n4326|3"
    );
}

#[tokio::test]
async fn changes_that_meet_start_over() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE t AS SELECT 1 AS a, 'x' AS b").await;
    let change = || fixture.done("UPDATE t SET a = a + 1 WHERE b = 'x'");
    let (first, second, third) = futures::join!(change(), change(), change());
    for done in [first, second, third] {
        assert_eq!((done.operation, done.rows_affected), ("UPDATE", Some(1)));
    }
    assert_eq!(fixture.rows("SELECT a FROM t").await, "a\n4");
    let deleted = fixture.done("DELETE FROM t WHERE a = 5").await;
    assert_eq!((deleted.rows_affected, deleted.version), (Some(0), Some(3)));
    let deleted = fixture.done("DELETE FROM t").await;
    assert_eq!((deleted.rows_affected, deleted.version), (Some(1), Some(4)));
}

#[tokio::test]
async fn many_rows_of_values_are_one_version() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE t (a BIGINT, b VARCHAR)").await;
    let values: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(vec![Some("1"), None, Some("3")])),
        Arc::new(StringArray::from(vec!["x", "y", "z"])),
    ];
    let sql = "INSERT INTO t (b, a) VALUES (upper($2), $1 + 1)";
    let insert = fixture.session.prepare(sql).await.expect("plans");
    let execution = insert.execute_rows(&values).await.expect("runs").expect("is one insert");
    let Outcome::Done(done) = execution.outcome else { panic!("rows") };
    assert_eq!((done.rows_affected, done.version), (Some(3), Some(1)));
    assert_eq!(fixture.rows("SELECT a, b FROM t ORDER BY b").await, "a|b\n2|X\n|Y\n4|Z");
    // What reads tables is executed row by row.
    let sql = "INSERT INTO t SELECT $1, $2 FROM t";
    let insert = fixture.session.prepare(sql).await.expect("plans");
    assert!(insert.execute_rows(&values).await.expect("plans").is_none());
}
