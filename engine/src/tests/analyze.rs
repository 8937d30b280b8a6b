//! What `ANALYZE` reads, and for whom.

use super::{Fixture, rows};
use crate::{Code, Grant, Principal, Rights, Role, SessionOptions};

/// Circles, of which a file without boxes has four row groups.
const CIRCLES: &str = "SELECT value AS id, ST_Buffer(ST_Point((value % 100) * 3 - 150, \
                       (value / 100) * 1.5 - 75, 4326), 0.5) AS geom \
                       FROM generate_series(0, 9999)";

async fn with_circles() -> Fixture {
    let fixture = Fixture::new().await;
    let (circles, gone) = (fixture.path("circles.parquet"), fixture.path("gone.parquet"));
    let silent = "STORED AS GEOPARQUET OPTIONS (bbox 'false', row_group_rows '2500')";
    let external = "CREATE EXTERNAL TABLE";
    for sql in [
        format!("COPY ({CIRCLES}) TO '{circles}' {silent}"),
        format!("COPY (SELECT 1 AS id) TO '{gone}' STORED AS PARQUET"),
        "CREATE SCHEMA maps".to_owned(),
        format!("{external} maps.circles STORED AS GEOPARQUET LOCATION '{circles}'"),
        format!("{external} gone STORED AS PARQUET LOCATION '{gone}'"),
        format!("CREATE TABLE owned AS {CIRCLES}"),
        "CREATE VIEW shown AS SELECT * FROM maps.circles".to_owned(),
    ] {
        fixture.done(&sql).await;
    }
    std::fs::remove_file(gone).expect("was there");
    fixture
}

const HEAD: &str = "table_schema|table_name|files|files_read|row_groups_read|rows_read|error";

#[tokio::test]
async fn what_is_read_ahead_serves_the_next_query() {
    let fixture = with_circles().await;
    let read = fixture.rows("ANALYZE VERBOSE maps.circles (id, geom)").await;
    assert_eq!(read, format!("{HEAD}\nmaps|circles|1|1|4|10000|"));
    let window = "SELECT count(*) AS n FROM maps.circles \
                  WHERE ST_Intersects(geom, ST_MakeEnvelope(10, 10, 30, 30, 4326))";
    let plan = fixture.rows(&format!("EXPLAIN ANALYZE {window}")).await;
    assert!(plan.contains("row_groups_boxed=0"), "{plan}");
    assert!(!plan.contains("bytes_pruned_spatial=0"), "{plan}");
    assert_eq!(fixture.rows(window).await, "n\n98");
    let again = fixture.rows("ANALYZE TABLE maps.circles").await;
    assert_eq!(again, format!("{HEAD}\nmaps|circles|1|0|0|0|"));
    let path = fixture.path("circles.parquet");
    let same = fixture.rows(&format!("ANALYZE '{path}'")).await;
    assert_eq!(same, format!("{HEAD}\n|{path}|1|0|0|0|"));
}

#[tokio::test]
async fn without_a_name_it_is_every_table_that_may_be_read() {
    let fixture = with_circles().await;
    let all = fixture.rows("ANALYZE").await;
    let lines: Vec<&str> = all.lines().collect();
    let [head, circles, gone, owned] = lines.as_slice() else { panic!("{all}") };
    assert_eq!((*head, *circles), (HEAD, "maps|circles|1|1|4|10000|"));
    // What cannot be read is told, and no reason to stop.
    assert!(gone.starts_with("public|gone|||||") && gone.contains("gone.parquet"), "{gone}");
    assert!(owned.starts_with("public|owned|") && owned.ends_with("|0|0|0|"), "{owned}");
    let grants = vec![Grant::parse("SELECT ON maps.*").expect("a grant")];
    let eve = Principal { rights: Rights::of(grants), ..Principal::network("eve", Role::Reader) };
    let eve = fixture.engine.session(eve, SessionOptions::default());
    let seen = rows(&eve, "ANALYZE", vec![]).await.expect("reads");
    assert_eq!(seen, format!("{HEAD}\nmaps|circles|1|0|0|0|"));
}

#[tokio::test]
async fn only_tables_are_looked_through() {
    let fixture = with_circles().await;
    for (sql, code) in [
        ("ANALYZE shown", Code::WrongObjectType),
        ("ANALYZE system.queries", Code::WrongObjectType),
        ("ANALYZE geometry_columns", Code::WrongObjectType),
        ("ANALYZE maps.circles, nowhere", Code::UndefinedTable),
        ("ANALYZE nowhere.circles", Code::UndefinedSchema),
        ("ANALYZE maps.circles (shape)", Code::UndefinedColumn),
        ("ANALYZE gone", Code::LocationNotFound),
    ] {
        assert_eq!(fixture.refused(sql).await.code, code, "{sql}");
    }
}
